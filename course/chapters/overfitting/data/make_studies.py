"""Trains on the patients and the digits and writes studies.npz here (three minutes on 2 cores).

    python -m course.chapters.overfitting.data.make_studies [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

from course.chapters.overfitting import studies
from course.lessons.studies import chosen_output, measured, write_studies


def main() -> None:
    output = chosen_output(__doc__, studies.FILE)
    made = {
        "patients": measured(studies.measure_patients, studies.PATIENT_AXES, along=2),
        "digits": measured(studies.measure_digits, studies.DIGIT_AXES, along=2),
        "steps": measured(studies.measure_step, studies.STEP_AXES),
        "long": measured(studies.measure_long, studies.LONG_AXES, along=2),
        "widths": measured(studies.measure_width, studies.WIDTH_AXES),
    }
    write_studies(output, made)


if __name__ == "__main__":
    main()

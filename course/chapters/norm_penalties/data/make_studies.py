"""Fits the sensors, and trains on patients and digits, and writes studies.npz here (five minutes on 2 cores).

    python -m course.chapters.norm_penalties.data.make_studies [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

from course.chapters.norm_penalties import studies
from course.lessons.studies import chosen_output, measured, write_studies


def main() -> None:
    output = chosen_output(__doc__, studies.FILE)
    made = {
        "weights": measured(studies.measure_weights, studies.WEIGHT_AXES, along=2),
        "known": measured(studies.measure_known, studies.KNOWN_AXES),
        "keras": measured(studies.measure_keras, studies.KERAS_AXES),
        "patients": measured(studies.measure_patients, studies.PATIENT_AXES),
        "digits": measured(studies.measure_digits, studies.DIGIT_AXES),
        "stopped_patients": measured(studies.measure_stopped_patients, studies.STOPPED_PATIENT_AXES),
        "stopped_digits": measured(studies.measure_stopped_digits, studies.STOPPED_DIGIT_AXES),
    }
    write_studies(output, made)


if __name__ == "__main__":
    main()

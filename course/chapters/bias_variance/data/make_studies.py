"""Trains on the made-up rule and on the patients and writes studies.npz here (four minutes on 2 cores).

    python -m course.chapters.bias_variance.data.make_studies [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

from course.chapters.bias_variance import studies
from course.lessons.studies import chosen_output, measured, write_studies


def main() -> None:
    output = chosen_output(__doc__, studies.FILE)
    made = {
        "steps": measured(studies.measure_steps, studies.STEP_AXES, along=2),
        "rows": measured(studies.measure_rows, studies.ROW_AXES),
        "widths": measured(studies.measure_width, studies.WIDTH_AXES),
        "curves": measured(studies.measure_curves, studies.CURVE_AXES, along=3),
        "keras": measured(studies.measure_keras, studies.KERAS_AXES, along=2),
        "hospitals": measured(studies.measure_hospitals, studies.PATIENT_AXES, along=3),
    }
    write_studies(output, made)


if __name__ == "__main__":
    main()

"""Trains on the made-up rule and on the patients and writes studies.npz here (four minutes on 2 cores).

    python -m course.chapters.bias_variance.data.make_studies [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

from course.chapters.bias_variance import studies
from course.lessons.studies import Plan, make_studies

PLANS = {
    "steps": Plan(studies.measure_steps, studies.STEP_AXES, along=2),
    "rows": Plan(studies.measure_rows, studies.ROW_AXES),
    "widths": Plan(studies.measure_width, studies.WIDTH_AXES),
    "curves": Plan(studies.measure_curves, studies.CURVE_AXES, along=3),
    "keras": Plan(studies.measure_keras, studies.KERAS_AXES, along=2),
    "hospitals": Plan(studies.measure_hospitals, studies.PATIENT_AXES, along=3),
}

if __name__ == "__main__":
    make_studies(__doc__, studies.FILE, PLANS)

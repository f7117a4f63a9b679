"""Trains on the patients and the digits and writes studies.npz here (three minutes on 2 cores).

    python -m course.chapters.overfitting.data.make_studies [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

from course.chapters.overfitting import studies
from course.lessons.studies import Plan, make_studies

PLANS = {
    "patients": Plan(studies.measure_patients, studies.PATIENT_AXES, along=2),
    "digits": Plan(studies.measure_digits, studies.DIGIT_AXES, along=2),
    "steps": Plan(studies.measure_step, studies.STEP_AXES),
    "long": Plan(studies.measure_long, studies.LONG_AXES, along=2),
    "widths": Plan(studies.measure_width, studies.WIDTH_AXES),
}

if __name__ == "__main__":
    make_studies(__doc__, studies.FILE, PLANS)

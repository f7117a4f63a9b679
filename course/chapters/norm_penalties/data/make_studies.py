"""Fits the sensors, and trains on patients and digits, and writes studies.npz here (five minutes on 2 cores).

    python -m course.chapters.norm_penalties.data.make_studies [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

from course.chapters.norm_penalties import studies
from course.lessons.studies import Plan, make_studies

PLANS = {
    "weights": Plan(studies.measure_weights, studies.WEIGHT_AXES, along=2),
    "known": Plan(studies.measure_known, studies.KNOWN_AXES),
    "keras": Plan(studies.measure_keras, studies.KERAS_AXES),
    "patients": Plan(studies.measure_patients, studies.PATIENT_AXES),
    "digits": Plan(studies.measure_digits, studies.DIGIT_AXES),
    "stopped_patients": Plan(studies.measure_stopped_patients, studies.STOPPED_PATIENT_AXES),
    "stopped_digits": Plan(studies.measure_stopped_digits, studies.STOPPED_DIGIT_AXES),
}

if __name__ == "__main__":
    make_studies(__doc__, studies.FILE, PLANS)

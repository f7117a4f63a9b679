"""Trains on digits and patients, and writes studies.npz here (twenty minutes on 2 cores).

    python -m course.chapters.batch_normalization.data.make_studies [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

from course.chapters.batch_normalization import lag, studies
from course.lessons.studies import Plan, make_studies

PLANS = {
    "modes": Plan(studies.measure_modes, studies.MODE_AXES, along=2),
    "lag": Plan(lag.measure_lag, lag.AXES),
    "rates": Plan(studies.measure_rates, studies.RATE_AXES),
    "longer": Plan(studies.measure_longer, studies.LONGER_AXES),
    "patients": Plan(studies.measure_patients, studies.PATIENT_AXES),
    "digits": Plan(studies.measure_digits, studies.DIGIT_AXES),
    "adam": Plan(studies.measure_adam, studies.ADAM_AXES),
    "batches": Plan(studies.measure_batches, studies.BATCH_AXES),
}

if __name__ == "__main__":
    make_studies(__doc__, studies.FILE, PLANS)

"""Trains on digits and patients, and writes studies.npz here (twenty minutes on 2 cores).

    python -m course.chapters.batch_normalization.data.make_studies [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

from course.chapters.batch_normalization import lag, studies
from course.lessons.studies import chosen_output, measured, write_studies


def main() -> None:
    output = chosen_output(__doc__, studies.FILE)
    made = {
        "modes": measured(studies.measure_modes, studies.MODE_AXES, along=2),
        "lag": measured(lag.measure_lag, lag.AXES),
        "rates": measured(studies.measure_rates, studies.RATE_AXES),
        "longer": measured(studies.measure_longer, studies.LONGER_AXES),
        "patients": measured(studies.measure_patients, studies.PATIENT_AXES),
        "digits": measured(studies.measure_digits, studies.DIGIT_AXES),
        "adam": measured(studies.measure_adam, studies.ADAM_AXES),
        "batches": measured(studies.measure_batches, studies.BATCH_AXES),
    }
    write_studies(output, made)


if __name__ == "__main__":
    main()

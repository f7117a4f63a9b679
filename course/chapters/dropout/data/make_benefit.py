"""Trains on the patients and the digits over rates and seeds and writes benefit.npz here (four minutes on 2 cores).

    python -m course.chapters.dropout.data.make_benefit [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

from course.chapters.dropout import benefit
from course.lessons.studies import Plan, make_studies

PLANS = {
    "error": Plan(benefit.measure_error, benefit.ERROR_AXES),
    "guesses": Plan(benefit.measure_guesses, benefit.GUESS_AXES),
    "absences": Plan(benefit.measure_absences, benefit.ABSENCE_AXES),
}

if __name__ == "__main__":
    make_studies(__doc__, benefit.FILE, PLANS)

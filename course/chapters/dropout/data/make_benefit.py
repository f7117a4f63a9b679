"""Trains on the patients and the digits over rates and seeds and writes benefit.npz here (two minutes on 2 cores).

    python -m course.chapters.dropout.data.make_benefit [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

from course.chapters.dropout import benefit
from course.lessons.studies import chosen_output, measured, write_studies


def main() -> None:
    output = chosen_output(__doc__, benefit.FILE)
    made = {
        "error": measured(benefit.measure_error, benefit.ERROR_AXES),
        "absences": measured(benefit.measure_absences, benefit.ABSENCE_AXES),
    }
    write_studies(output, made)


if __name__ == "__main__":
    main()

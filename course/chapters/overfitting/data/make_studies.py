"""Trains on the patients and the digits and writes studies.npz here (three minutes on 2 cores).

    python -m course.chapters.overfitting.data.make_studies [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from course.chapters.overfitting import studies
from course.lessons.studies import measured, write_studies


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=studies.FILE)
    output: Path = parser.parse_args().output
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

"""Trains on the patients and the digits and writes studies.npz here (three minutes on 2 cores).

    python -m course.chapters.overfitting.data.make_studies [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path

import numpy as np

from course.chapters.overfitting import studies
from course.lessons.arrays import Floats
from course.lessons.studies import Axis, Study, write_studies


def study(measure: Callable[..., Floats], axes: Mapping[str, Axis]) -> Study:
    """measure at every place of the first axes, which are its arguments by name; it returns the others."""
    names = [name for name in axes if name not in ("epoch", "measure", "part")]
    runs = []
    for place in product(*(axes[name].tolist() for name in names)):
        runs.append(measure(**dict(zip(names, place, strict=True))))
        print(measure.__name__, place, np.round(runs[-1][-1], 3).tolist(), flush=True)
    shape = [len(axis) for axis in axes.values()]
    return Study(np.array(runs).reshape(shape), axes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=studies.FILE)
    output: Path = parser.parse_args().output
    made = {
        "patients": study(studies.measure_patients, studies.PATIENT_AXES),
        "digits": study(studies.measure_digits, studies.DIGIT_AXES),
        "steps": study(studies.measure_step, studies.STEP_AXES),
        "long": study(studies.measure_long, studies.LONG_AXES),
        "widths": study(studies.measure_width, studies.WIDTH_AXES),
    }
    write_studies(output, made)


if __name__ == "__main__":
    main()

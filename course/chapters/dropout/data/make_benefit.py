"""Trains on the patients and the digits over rates and seeds and writes benefit.npz here (two minutes on 2 cores).

    python -m course.chapters.dropout.data.make_benefit [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from course.chapters.dropout import benefit
from course.lessons.arrays import Floats
from course.lessons.studies import Axis, Study, write_studies


def study(measure: Callable[[float, int], Floats], axes: Mapping[str, Axis]) -> Study:
    """One study: measure at every rate and seed."""
    runs = []
    for rate in axes["rate"]:
        runs.append([measure(float(rate), int(seed)) for seed in axes["seed"]])
        print(f"rate {rate:.1f}: {np.mean(runs[-1], axis=0).round(3).tolist()}", flush=True)
    return Study(np.array(runs), axes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=benefit.FILE)
    output: Path = parser.parse_args().output
    absences = study(benefit.measure_absences, benefit.ABSENCE_AXES)
    error = study(benefit.measure_error, benefit.ERROR_AXES)
    write_studies(output, {"error": error, "absences": absences})


if __name__ == "__main__":
    main()

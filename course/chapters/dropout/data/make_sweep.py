"""Trains the NumPy network over widths, rates and seeds and writes sweep.npz here (a minute on 2 cores).

    python -m course.chapters.dropout.data.make_sweep [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

import time

import numpy as np

from course.chapters.dropout.sweep import AXES, FILE, KEYS, measure
from course.lessons.studies import Study, chosen_output, write_studies


def main() -> None:
    output = chosen_output(__doc__, FILE)
    results = {key: np.zeros([len(axis) for axis in AXES.values()]) for key in KEYS}
    started = time.monotonic()
    for i, width in enumerate(AXES["width"]):
        for j, rate in enumerate(AXES["rate"]):
            for k, seed in enumerate(AXES["seed"]):
                for key, value in measure(int(width), float(rate), int(seed)).items():
                    results[key][i, j, k] = value
            print(f"{time.monotonic() - started:6.1f} s  width {width:3}  rate {rate:.1f}", flush=True)
    write_studies(output, {key: Study(values, AXES) for key, values in results.items()})


if __name__ == "__main__":
    main()

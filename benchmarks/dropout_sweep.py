"""Trains the NumPy network over widths, rates and seeds and writes data/sweep.npz (a minute on 2 cores).

    python benchmarks/dropout_sweep.py

What is stored is described in course/chapters/dropout/data/README.md.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from course.chapters.dropout.digits import DATA_FOLDER
from course.chapters.dropout.sweep import AXES, KEYS, measure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=DATA_FOLDER / "sweep.npz")
    output: Path = parser.parse_args().output
    shape = tuple(len(axis) for axis in AXES.values())
    results = {key: np.zeros(shape, dtype=np.float32) for key in KEYS}
    started = time.monotonic()
    for place in np.ndindex(*shape):
        width, rate, seed = (axis[i] for axis, i in zip(AXES.values(), place, strict=True))
        for key, value in measure(int(width), float(rate), int(seed)).items():
            results[key][place] = value
        if place[2] == shape[2] - 1:
            print(f"{time.monotonic() - started:6.1f} s  width {width:3}  rate {rate:.1f}", flush=True)
    np.savez_compressed(output, **AXES, **results)


if __name__ == "__main__":
    main()

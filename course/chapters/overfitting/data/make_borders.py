"""Trains on the half-moons and writes borders.npz here (two minutes on 2 cores).

    python -m course.chapters.overfitting.data.make_borders [--output FILE]

What is stored is described in README.md here.
"""

from __future__ import annotations

import numpy as np

from course.chapters.overfitting import borders
from course.lessons.studies import Study, chosen_output, write_studies


def main() -> None:
    output = chosen_output(__doc__, borders.FILE)
    rows, widths = (borders.BORDER_AXES[name].tolist() for name in ("rows", "width"))
    scores = np.zeros([len(axis) for axis in borders.SCORE_AXES.values()])
    maps = np.zeros([len(axis) for axis in borders.MAP_AXES.values()])
    for place, n in enumerate(rows):
        for column, width in enumerate(widths):
            for seed in borders.SEEDS.tolist():
                scores[place, column, :, seed], found = borders.measure_borders(n, width, seed)
                if seed == 0:
                    maps[place, column] = found
            print(n, width, scores[place, column].mean(axis=1).round(3).tolist(), flush=True)
    stored = {"scores": Study(scores, borders.SCORE_AXES), "maps": Study(maps, borders.MAP_AXES)}
    write_studies(output, stored)


if __name__ == "__main__":
    main()

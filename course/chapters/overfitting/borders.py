"""Networks of several widths on the half-moons: where their borders run after so many epochs, and how often they are
right.

The stored file is made by data/make_borders.py; `measure_borders` is the single place where a point is defined. Reading
must never train anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course.chapters.overfitting.data import FOLDER
from course.chapters.overfitting.moons import draw_moons, mislabel
from course.lessons.arrays import Floats, Ints
from course.lessons.metrics import accuracy, softmax
from course.lessons.networks import Layers, Recipe, logits_of, train_epochs
from course.lessons.studies import Axis, Study, read_studies

FILE = FOLDER / "borders.npz"
N_VALIDATION = 1000
STRAIGHT = 0  # the width of a network without hidden layers
BORDER_AXES: dict[str, Axis] = {
    "rows": np.array([100, 400]),
    "width": np.array([STRAIGHT, 4, 16, 64]),
    "epoch": np.array([10, 30, 100, 300, 1000, 2000]),
}
SEEDS, PARTS = np.arange(5), np.array(["train", "validation"])
ACROSS, UP = np.linspace(-1.75, 2.75, 61), np.linspace(-1.25, 1.75, 41)  # where the map is drawn
SCORE_AXES: dict[str, Axis] = {**BORDER_AXES, "seed": SEEDS, "part": PARTS}
MAP_AXES: dict[str, Axis] = {**BORDER_AXES, "up": UP, "across": ACROSS}


@dataclass(frozen=True)
class Borders:
    """The stored results. scores: accuracies (0–1) along SCORE_AXES, training rows with their labels as told. maps: the
    probability of moon 1, in hundredths rounded, for seed 0 along MAP_AXES."""

    scores: Study
    maps: Study


@lru_cache(maxsize=1)
def load_borders() -> Borders:
    """The stored maps and accuracies."""
    return Borders(**read_studies(FILE))


def moons_of(rows: int, seed: int) -> tuple[Floats, Ints, Floats, Ints]:
    """x, y with 15 % wrong labels, and 1,000 validation rows with right ones; the seed chooses all of them."""
    rng = np.random.default_rng(seed)
    x, y = draw_moons(rows, rng)
    x_val, y_val = draw_moons(N_VALIDATION, rng)
    return x, mislabel(y, rng), x_val, y_val


def measure_borders(rows: int, width: int, seed: int) -> tuple[Floats, Floats]:
    """Trains one network (Adam, learning rate 0.01, all rows in a batch). At every epoch of BORDER_AXES: the accuracies
    of PARTS, shape (epochs, 2), and the map, shape (epochs, up, across)."""
    x, y, x_val, y_val = moons_of(rows, seed)
    epochs = BORDER_AXES["epoch"].tolist()
    recipe = Recipe(epochs=epochs[-1], learning_rate=1e-2, batch_size=rows)
    sizes = [2, 2] if width == STRAIGHT else [2, width, width, 2]
    scores, maps = [], []
    for epoch, layers in enumerate(train_epochs(x, y, recipe, seed, sizes=sizes), 1):
        if epoch in epochs:
            scores.append([accuracy(logits_of(layers, x), y), accuracy(logits_of(layers, x_val), y_val)])
            maps.append(_map_of(layers))
    return np.array(scores), np.array(maps)


def _map_of(layers: Layers) -> Floats:
    across, up = np.meshgrid(ACROSS, UP)
    points = np.column_stack([across.ravel(), up.ravel()])
    of_moon_1 = softmax(logits_of(layers, points))[:, 1]
    return np.asarray(of_moon_1.reshape(across.shape).round(2), dtype=np.float64)

"""Two half-moons of points in a plane, some with a wrong label: data whose decision regions can be drawn.

Everything comes from the generator that is handed in. This must never import TensorFlow.
"""

from __future__ import annotations

import numpy as np

from course.lessons.arrays import Floats, Ints

NOISE = 0.25  # standard deviation of each coordinate around its moon
WRONG_SHARE = 0.15


def draw_moons(n: int, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """n points, shape (n, 2), and the moon (0 or 1) of each, shape (n,)."""
    moon, angle = rng.integers(0, 2, n), rng.uniform(0, np.pi, n)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
    return np.where(moon[:, None] == 0, upper, lower) + NOISE * rng.normal(size=(n, 2)), moon


def mislabel(labels: Ints, rng: np.random.Generator) -> Ints:
    """The same labels, 15 % of them replaced by the other moon's."""
    wrong = rng.permutation(len(labels))[: round(WRONG_SHARE * len(labels))]
    told = labels.copy()
    told[wrong] = 1 - told[wrong]
    return told

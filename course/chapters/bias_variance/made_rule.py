"""A rule that is known because it was made up, and noisy rows drawn from it.

With a known rule, bias and variance can be counted; with one data set of real life they cannot. This must never import
TensorFlow.
"""

from __future__ import annotations

import numpy as np

from course.lessons.arrays import Floats

NOISE = 0.6  # standard deviation around the rule
ROWS = 30
GRID = np.linspace(-1, 1, 101)


def rule(x: Floats) -> Floats:
    """What the targets would be without noise."""
    return np.asarray(np.sin(np.pi * x) + 0.5 * np.sin(3 * np.pi * x))


def draw_sets(n_sets: int, rows: int = ROWS, seed: int = 0) -> tuple[Floats, Floats]:
    """x and y of so many training sets, each of shape (n_sets, rows): inputs from −1 to 1, targets with noise."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (n_sets, rows))
    return x, rule(x) + NOISE * rng.normal(size=x.shape)


def two_parts(predictions: Floats, truth: Floats) -> tuple[float, float]:
    """Bias² and variance, means over the points. predictions: (sets, points); truth: (points,)."""
    return float(((predictions.mean(axis=0) - truth) ** 2).mean()), float(predictions.var(axis=0).mean())

"""The digits in disguise: pixels in another order, classes with other names, and a little noise, anew from each seed.

A dense network learns them as it learns the digits, and one that has learnt the digits before knows nothing of them.
This must never import TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course.lessons.arrays import Floats, Ints
from course.lessons.digits import N_CLASSES, N_TEST, N_TRAIN, load_images

NOISE = 0.02  # standard deviation of what is added to each pixel, which lies in 0–1


@dataclass(frozen=True)
class Problem:
    """500 rows to train on, and 1,000 others to measure on. x: (rows, 64). y: 0–9."""

    x: Floats
    y: Ints
    x_new: Floats
    y_new: Ints


def draw_problem(seed: int) -> Problem:
    """A problem, made from that seed alone."""
    rng = np.random.default_rng(seed)
    x, y = load_images()
    rows = rng.permutation(len(x))[: N_TRAIN + N_TEST]
    x = x[rows][:, rng.permutation(x.shape[1])] + NOISE * rng.normal(size=(len(rows), x.shape[1]))
    y = rng.permutation(N_CLASSES)[y[rows]]
    return Problem(x[:N_TRAIN], y[:N_TRAIN], x[N_TRAIN:], y[N_TRAIN:])


def example(seed: int = 0) -> tuple[Floats, Ints, Floats, Ints]:
    """(x, y, x_val, y_val): 500 rows to train on and 1,000 to validate on, to try things on."""
    problem = draw_problem(seed)
    return problem.x, problem.y, problem.x_new, problem.y_new

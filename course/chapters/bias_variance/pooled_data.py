"""Forty training sets of one problem, and the networks that are trained on them, one each: the capstone's.

Every problem is drawn anew from a generator. This must never import TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course.lessons.arrays import Floats
from course.lessons.networks import Layers
from course.lessons.side_by_side import predictions_of, train_side_by_side

KINDS = ("noisy", "quiet")
STEPS = (5, 50, 500)
N_SETS, N_ROWS, N_VALIDATION = 40, 40, 4000
NOISE = {"noisy": 1.0, "quiet": 0.1}  # standard deviation around the rule
WIDTH = 32


@dataclass(frozen=True)
class Problem:
    """A rule and rows drawn from it. kind: one of KINDS. phases: of the rule's two waves.

    x, y: (40 sets, 40 rows); x_val, y_val: (4,000,), with as much noise.
    """

    kind: str
    phases: Floats
    x: Floats
    y: Floats
    x_val: Floats
    y_val: Floats


def draw_problem(kind: str, rng: np.random.Generator) -> Problem:
    """A problem of that kind, made from rng alone."""
    phases = rng.uniform(0, 2 * np.pi, 2)
    x, y = draw_rows(kind, phases, (N_SETS, N_ROWS), rng)
    x_val, y_val = draw_rows(kind, phases, (N_VALIDATION,), rng)
    return Problem(kind, phases, x, y, x_val, y_val)


def draw_rows(kind: str, phases: Floats, shape: tuple[int, ...], rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Inputs from −1 to 1 and their targets, each of that shape."""
    x = rng.uniform(-1, 1, shape)
    return x, rule(x, phases) + NOISE[kind] * rng.normal(size=shape)


def rule(x: Floats, phases: Floats) -> Floats:
    """What the targets would be without noise."""
    return np.asarray(np.sin(np.pi * x + phases[0]) + 0.7 * np.sin(3 * np.pi * x + phases[1]))


def train(x: Floats, y: Floats) -> dict[int, Layers]:
    """One network for each training set (x, y: (sets, rows)), as they are after each of STEPS. Takes 0.3 s."""
    return train_side_by_side(x, y, WIDTH, STEPS, learning_rate=2e-2)


def predict(networks: Layers, x_new: Floats) -> Floats:
    """What each network predicts for new inputs (points,); shape (sets, points)."""
    return predictions_of(networks, x_new)


def example(kind: str = "noisy", seed: int = 0) -> tuple[Floats, Floats, Floats, Floats]:
    """(x, y, x_val, y_val) of a problem to try things on."""
    problem = draw_problem(kind, np.random.default_rng(seed))
    return problem.x, problem.y, problem.x_val, problem.y_val

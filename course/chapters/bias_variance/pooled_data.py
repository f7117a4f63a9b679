"""Forty training sets of one problem, and the networks that are trained on them, one each: the capstone's.

Every problem is drawn anew from a generator. Where some hospitals measure carelessly, most networks do best after
500 steps, and the mean of their errors is lowest after 50: no network alone tells. This must never import TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course.lessons.arrays import Floats
from course.lessons.networks import Layers
from course.lessons.side_by_side import predictions_of, train_side_by_side

KINDS = ("careful", "mixed", "other_mixed")  # of the mixed ones, hospital 0 is careless in the first alone
STEPS = (10, 50, 500)
N_SETS, N_ROWS, N_VALIDATION, N_CARELESS = 40, 40, 1000, 12
CAREFUL, CARELESS = 0.1, 2.2  # standard deviation of a hospital's noise around the rule
WIDTH = 32
INSIDE = 0.85  # new rows lie within ± this, where rows of a training set lie on both sides


@dataclass(frozen=True)
class Problem:
    """A rule and rows drawn from it. kind: one of KINDS. phase: of the rule's wave.

    x, y: (40 sets, 40 rows); x_val, y_val: (1,000,), measured carefully.
    """

    kind: str
    phase: float
    x: Floats
    y: Floats
    x_val: Floats
    y_val: Floats


def draw_problem(kind: str, rng: np.random.Generator) -> Problem:
    """A problem of that kind, made from rng alone."""
    phase = float(rng.uniform(0, 2 * np.pi))
    x, y = draw_sets(kind, phase, rng)
    x_val = rng.uniform(-INSIDE, INSIDE, N_VALIDATION)
    return Problem(kind, phase, x, y, x_val, rule(x_val, phase) + CAREFUL * rng.normal(size=N_VALIDATION))


def draw_sets(kind: str, phase: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Inputs from −1 to 1 and their targets, (sets, rows) each; a hospital's rows have its own noise."""
    x, noise = rng.uniform(-1, 1, (N_SETS, N_ROWS)), draw_noise(kind, rng)
    return x, rule(x, phase) + noise[:, None] * rng.normal(size=x.shape)


def draw_noise(kind: str, rng: np.random.Generator) -> Floats:
    """Each hospital's noise. In a mixed problem the first and the last hospital differ, as learners look at these."""
    if kind == "careful":
        return np.full(N_SETS, CAREFUL)
    between = rng.permutation(np.repeat([CARELESS, CAREFUL], (N_CARELESS - 1, N_SETS - N_CARELESS - 1)))
    ends = (CARELESS, CAREFUL) if kind == "mixed" else (CAREFUL, CARELESS)
    return np.concatenate([ends[:1], between, ends[1:]])


def rule(x: Floats, phase: float) -> Floats:
    """What the targets would be without noise."""
    return np.asarray(np.sin(2.5 * np.pi * x + phase))


def train(x: Floats, y: Floats) -> dict[int, Layers]:
    """One network for each training set (x, y: (sets, rows)), as they are after each of STEPS. Takes 0.3 s."""
    return train_side_by_side(x, y, WIDTH, STEPS, learning_rate=2e-2)


def predict(networks: Layers, x_new: Floats) -> Floats:
    """What each network predicts for new inputs (points,); shape (sets, points)."""
    return predictions_of(networks, x_new)


def example(kind: str = "mixed", seed: int = 0) -> tuple[Floats, Floats, Floats, Floats]:
    """(x, y, x_val, y_val) of a problem to try things on."""
    problem = draw_problem(kind, np.random.default_rng(seed))
    return problem.x, problem.y, problem.x_val, problem.y_val

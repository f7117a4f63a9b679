"""Small data on which dropout helps, or does harm, and the network that is trained on them: for exercises 8 and 9.

Every problem is drawn anew from a generator. What is told about them here was measured over five seeds; the tests of
the exercise measure it again. This must never import TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course.lessons.arrays import Floats, Ints
from course.lessons.metrics import accuracy as share_right
from course.lessons.networks import Layers, Recipe, logits_of
from course.lessons.networks import train as train_network

KINDS = ("spread", "single", "clean")
N_VALIDATION = 300
EPOCHS = 50
_APART = 4.0  # distance of a class's centre from the origin; each feature has noise of standard deviation 1
_FEATURES, _CLASSES = 20, 4
_SECTORS = 6


@dataclass(frozen=True)
class Problem:
    """Rows to learn from, validation rows, and the width of the network's two hidden layers.

    kind: "spread" (20 features of which each tells a little, 30 % wrong labels), "single" (20 features; each of
    the four classes shows in one of its own, the others tell nothing; 30 % wrong labels) or "clean" (3 features, right
    labels, a narrow network).
    layout: where the classes lie. Validation labels are right.
    """

    kind: str
    layout: Floats
    x: Floats
    y: Ints
    x_val: Floats
    y_val: Ints
    width: int


def draw_problem(kind: str, rng: np.random.Generator) -> Problem:
    """A problem of that kind, made from rng alone."""
    n, wrong, width = {"spread": (150, 0.3, 64), "single": (150, 0.3, 64), "clean": (150, 0.0, 16)}[kind]
    layout = _layout(kind, rng)
    x, y = draw_rows(kind, layout, n, rng)
    x_val, y_val = draw_rows(kind, layout, N_VALIDATION, rng)
    return Problem(kind, layout, x, _with_wrong_labels(y, wrong, rng), x_val, y_val, width)


def example(kind: str = "spread", seed: int = 0) -> tuple[Floats, Ints, Floats, Ints, int]:
    """(x, y, x_val, y_val, width) of a problem to try things on."""
    problem = draw_problem(kind, np.random.default_rng(seed))
    return problem.x, problem.y, problem.x_val, problem.y_val, problem.width


def draw_rows(kind: str, layout: Floats, n: int, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """n rows and their right labels. layout is that of a problem of this kind."""
    if kind == "clean":
        angle, radius = rng.uniform(0, 2 * np.pi, n), rng.uniform(0.6, 1.4, n)
        y = np.floor((angle + layout[0]) / (2 * np.pi / _SECTORS)).astype(np.int64) % 2
        return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), rng.normal(0, 0.3, n)]), y
    y = rng.integers(0, len(layout), n)
    return layout[y] + rng.normal(0, 1, (n, layout.shape[1])), y


def _layout(kind: str, rng: np.random.Generator) -> Floats:
    """The classes' centres (classes, features); of the clean kind, the angle at which the first sector begins."""
    if kind == "clean":
        return rng.uniform(0, 2 * np.pi, 1)
    if kind == "single":
        return np.asarray(np.eye(_FEATURES)[rng.permutation(_FEATURES)[:_CLASSES]] * _APART)
    directions, _triangle = np.linalg.qr(rng.normal(size=(_FEATURES, _CLASSES)))
    return np.asarray(directions.T * _APART)


def _with_wrong_labels(y: Ints, share: float, rng: np.random.Generator) -> Ints:
    """Each label replaced by another one with that probability."""
    n_classes = int(y.max()) + 1
    return np.where(rng.random(len(y)) < share, (y + rng.integers(1, n_classes, len(y))) % n_classes, y)


def train(
    x: Floats, y: Ints, width: int, input_rate: float = 0.0, rate: float = 0.0, seed: int = 0, epochs: int = EPOCHS
) -> Layers:
    """A ReLU network with two hidden layers of that width, trained with Adam. Takes 0.02 to 0.05 s.

    input_rate drops features, rate drops hidden values after each hidden layer; ValueError unless 0 ≤ each < 1.
    """
    recipe = Recipe(width, rate, batch_size=50, epochs=epochs, input_rate=input_rate)
    return train_network(x, y, recipe, seed)


def accuracy(network: Layers, x: Floats, y: Ints) -> float:
    """The share (0–1) of rows whose label the network tells, with nothing dropped."""
    return share_right(logits_of(network, x), y)

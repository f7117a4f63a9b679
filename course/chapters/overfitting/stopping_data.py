"""Kinds of data that ask for different numbers of epochs, and the network that is trained on them: the capstone's.

Every problem is drawn anew from a generator. This must never import TensorFlow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from course.lessons.arrays import Floats, Ints
from course.lessons.metrics import accuracy as share_right
from course.lessons.networks import Layers, Recipe, logits_of
from course.lessons.networks import train_epochs as train_network

KINDS = ("noisy", "spirals", "easy")
MOST_EPOCHS = 200
N_TRAIN, N_VALIDATION = 300, 300
WIDTH = 64
BATCH = 100
WRONG_SHARE = 0.3
_APART = 4.0  # distance of a class's centre from the origin; each feature has noise of standard deviation 1
_FEATURES, _CLASSES = 20, 4
_TURNS, _NOISE = 1.5, 0.04  # of the spirals
_EASY_FEATURES, _EASY_APART = 200, 20.0  # so far apart that the first epoch learns all there is


@dataclass(frozen=True)
class Problem:
    """Training rows with the labels that are told, and validation rows with right labels.

    kind: "noisy" (20 features, four classes, 30 % wrong labels), "spirals" (two classes that wind around each other in
    a plane, right labels) or "easy" (200 features, two classes far apart, right labels). layout: where the classes lie.
    """

    kind: str
    layout: Floats
    x: Floats
    y: Ints
    x_val: Floats
    y_val: Ints


def draw_problem(kind: str, rng: np.random.Generator) -> Problem:
    """A problem of that kind, made from rng alone."""
    layout = _layout(kind, rng)
    x, y = draw_rows(kind, layout, N_TRAIN, rng)
    x_val, y_val = draw_rows(kind, layout, N_VALIDATION, rng)
    return Problem(kind, layout, x, _mislabelled(y, rng) if kind == "noisy" else y, x_val, y_val)


def draw_rows(kind: str, layout: Floats, n: int, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """n rows and their right labels. layout is that of a problem of this kind."""
    if kind != "spirals":
        y = rng.integers(0, len(layout), n)
        return layout[y] + rng.normal(0, 1, (n, layout.shape[1])), y
    y, radius = rng.integers(0, 2, n), np.sqrt(rng.uniform(0.02, 1, n))
    angle = 2 * np.pi * _TURNS * radius + np.pi * y + layout[0]
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return x + _NOISE * rng.normal(size=(n, 2)), y


def _layout(kind: str, rng: np.random.Generator) -> Floats:
    """The classes' centres (classes, features); of the spirals, the angle at which the first one begins."""
    if kind == "spirals":
        return rng.uniform(0, 2 * np.pi, 1)
    if kind == "easy":
        direction = rng.normal(size=_EASY_FEATURES)
        centre = _EASY_APART * direction / np.linalg.norm(direction)
        return np.stack([centre, -centre])
    directions, _triangle = np.linalg.qr(rng.normal(size=(_FEATURES, _CLASSES)))
    return np.asarray(directions.T * _APART)


def _mislabelled(y: Ints, rng: np.random.Generator) -> Ints:
    """The same labels, 30 % of them replaced by another class."""
    told = y.copy()
    wrong = rng.permutation(len(y))[: round(WRONG_SHARE * len(y))]
    told[wrong] = (told[wrong] + rng.integers(1, _CLASSES, len(wrong))) % _CLASSES
    return told


def train_epochs(x: Floats, y: Ints, epochs: int) -> Iterator[Layers]:
    """Trains a ReLU network (two hidden layers of 64) with Adam and yields it after each epoch."""
    yield from train_network(x, y, Recipe(width=WIDTH, batch_size=BATCH, epochs=epochs), seed=0)


def accuracy(network: Layers, x: Floats, y: Ints) -> float:
    """The share (0–1) of rows whose label the network tells."""
    return share_right(logits_of(network, x), y)


def example(kind: str = "noisy", seed: int = 0) -> tuple[Floats, Ints, Floats, Ints]:
    """(x, y, x_val, y_val) of a problem to try things on."""
    problem = draw_problem(kind, np.random.default_rng(seed))
    return problem.x, problem.y, problem.x_val, problem.y_val

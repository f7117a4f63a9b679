"""Forty sensors, each in a unit of its own, on another machine every time: the capstone's problem.

Every problem is drawn anew from a generator. This must never import TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course.chapters.norm_penalties.sensors import LEVEL, N_SENSORS, REAL
from course.lessons.arrays import Floats

UNITS = (0.01, 1.0, 100.0)
KINDS = ("noisy", "quiet")
NOISE = {"noisy": 1.5, "quiet": 0.2}  # standard deviation of the power around the rule
N_ROWS, N_VALIDATION = 120, 60
STEPS = 1000


@dataclass(frozen=True)
class Machine:
    """How noisy the power is (a key of NOISE), which sensors tell it, and how each writes its readings.

    All arrays have shape (40,). weights: the rule's, for readings of mean 0 and spread 1. units, zeros: a reading z is
    written as unit · (z + zero).
    """

    kind: str
    weights: Floats
    units: Floats
    zeros: Floats


@dataclass(frozen=True)
class Problem:
    """A machine, and rows of it. x, y: (120, 40) and (120,); x_val, y_val: 60 rows."""

    machine: Machine
    x: Floats
    y: Floats
    x_val: Floats
    y_val: Floats


def draw_problem(kind: str, rng: np.random.Generator) -> Problem:
    """A problem of that kind, made from rng alone."""
    weights = np.zeros(N_SENSORS)
    weights[: len(REAL)] = list(REAL.values())
    units = rng.permutation(np.resize(UNITS, N_SENSORS))
    machine = Machine(kind, rng.permutation(weights), units, rng.uniform(-3, 3, N_SENSORS))
    return Problem(machine, *draw_rows(machine, N_ROWS, rng), *draw_rows(machine, N_VALIDATION, rng))


def draw_rows(machine: Machine, rows: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Readings as that machine's sensors write them, and the power with its noise."""
    readings = rng.normal(size=(rows, N_SENSORS))
    power = LEVEL + readings @ machine.weights + NOISE[machine.kind] * rng.normal(size=rows)
    return machine.units * (readings + machine.zeros), power


def train(x: Floats, y: Floats, l1: float = 0.0, l2: float = 0.0) -> tuple[Floats, float]:
    """The lesson's training: 1,000 gradient steps on the mean squared error and the penalty; (weights, bias).

    The learning rate is a quarter of what the inputs allow before the steps grow without end.
    """
    columns = np.c_[x, np.ones(len(x))]
    rate = 0.25 / np.linalg.eigvalsh(2 * columns.T @ columns / len(x))[-1]
    weights, bias = np.zeros(x.shape[1]), 0.0
    for _step in range(STEPS):
        miss = x @ weights + bias - y
        gradient = 2 * x.T @ miss / len(y) + l1 * np.sign(weights) + 2 * l2 * weights
        weights = weights - rate * gradient
        bias -= rate * 2 * float(miss.mean())
    return weights, bias


def example(kind: str = "noisy", seed: int = 0) -> tuple[Floats, Floats, Floats, Floats]:
    """(x, y, x_val, y_val) of a problem to try things on."""
    problem = draw_problem(kind, np.random.default_rng(seed))
    return problem.x, problem.y, problem.x_val, problem.y_val

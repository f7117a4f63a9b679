"""Forty sensors on a machine, of which six tell how much power it draws; and linear units that learn to predict it.

The rule is known because it was made up, so one can see which weights a penalty keeps. This must never import
TensorFlow.
"""

from __future__ import annotations

import numpy as np

from course.lessons.arrays import Floats
from course.lessons.split import Split

N_SENSORS = 40
REAL = {3: 2.0, 9: -1.6, 14: 1.2, 22: -1.0, 27: 0.8, 35: 0.6}  # right weights by sensor; those of the others are 0
LEVEL = 20.0  # power drawn where all sensors read 0
N_TRAIN, N_VALIDATION, N_TEST = 60, 60, 2000


def true_weights() -> Floats:
    """The rule's weights, shape (40,)."""
    weights = np.zeros(N_SENSORS)
    weights[list(REAL)] = list(REAL.values())
    return weights


def draw_readings(rng: np.random.Generator, rows: int) -> tuple[Floats, Floats]:
    """Readings, shape (rows, 40), each with mean 0 and spread 1, and power, with noise of variance 1."""
    x = rng.normal(size=(rows, N_SENSORS))
    return x, LEVEL + x @ true_weights() + rng.normal(size=rows)


def load_sensors(seed: int = 0) -> Split:
    """60 rows to train, 60 to validate and 2,000 to test on, drawn from that seed. x: readings. y: power."""
    x, y = draw_readings(np.random.default_rng(seed), N_TRAIN + N_VALIDATION + N_TEST)
    ends = [N_TRAIN, N_TRAIN + N_VALIDATION]
    xs, ys = np.split(x, ends), np.split(y, ends)
    return Split(xs[0], ys[0], xs[1], ys[1], xs[2], ys[2])


def exact_fit(x: Floats, y: Floats, l1: float = 0.0, l2: float = 0.0) -> tuple[Floats, float]:
    """The weights and the bias with the least mean squared error + l1 · Σ|w| + l2 · Σw², as near as numbers allow.

    The bias is not penalised.
    """
    centre, level = x.mean(axis=0), y.mean()
    inputs, targets = x - centre, y - level
    weights = _l1_weights(inputs, targets, l1, l2) if l1 else _l2_weights(inputs, targets, l2)
    return weights, float(level - centre @ weights)


def _l2_weights(x: Floats, y: Floats, l2: float) -> Floats:
    """By the normal equations; without a penalty by least squares."""
    if not l2:
        return np.asarray(np.linalg.lstsq(x, y, rcond=None)[0])
    return np.asarray(np.linalg.solve(x.T @ x / len(x) + l2 * np.eye(x.shape[1]), x.T @ y / len(x)))


def _l1_weights(x: Floats, y: Floats, l1: float, l2: float, steps: int = 3000) -> Floats:
    """By gradient steps on all but the L1 penalty, each followed by soft thresholding, which leaves exact zeros (FISTA,
    Beck & Teboulle 2009)."""
    inner, cross = 2 * x.T @ x / len(x) + 2 * l2 * np.eye(x.shape[1]), 2 * x.T @ y / len(x)
    length = 1 / np.linalg.eigvalsh(inner)[-1]
    weights = ahead = np.zeros(x.shape[1])
    momentum = 1.0
    for _step in range(steps):
        moved = ahead - length * (inner @ ahead - cross)
        new = np.sign(moved) * np.maximum(np.abs(moved) - length * l1, 0)
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = new + (momentum - 1) / faster * (new - weights)
        weights, momentum = new, faster
    return weights


def squared_error(weights: Floats, bias: float, x: Floats, y: Floats) -> float:
    """The mean squared error of a linear unit."""
    return float(np.mean((x @ weights + bias - y) ** 2))

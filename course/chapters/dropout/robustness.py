"""How critical single units are: accuracy when some of them are silenced at inference. It must never train anything."""

from __future__ import annotations

import numpy as np

from course.lessons.arrays import Ints
from course.lessons.metrics import accuracy
from course.lessons.networks import Array, Layers, logits_of


def accuracy_with_absences(layers: Layers, x: Array, y: Ints, away: float, repeats: int = 10, seed: int = 0) -> float:
    """Accuracy at inference when each hidden unit is silenced with probability away (0–1) for all rows at once, with
    nobody making up for it; the mean over that many draws (repeats). x: (rows, inputs); y: (rows,)."""
    rng, right = np.random.default_rng(seed), []
    for _draw in range(repeats):
        hidden = x
        for weights, biases in layers[:-1]:
            hidden = np.maximum(hidden @ weights + biases, 0.0) * (rng.random(len(biases)) >= away)
        right.append(accuracy(logits_of(layers[-1:], hidden), y))
    return float(np.mean(right))

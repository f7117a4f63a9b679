"""What the small network of two exercises answers, worked out with NumPy."""

from __future__ import annotations

import numpy as np

from course.exercises.numerics import Floats
from course.lessons.metrics import softmax


def probabilities(x: Floats, weights: list[Floats]) -> Floats:
    """Answers (n, n_classes) of ReLU and softmax layers with those weights, nothing dropped."""
    w1, b1, w2, b2 = weights
    return np.asarray(softmax(np.maximum(x @ w1 + b1, 0) @ w2 + b2), np.float64)

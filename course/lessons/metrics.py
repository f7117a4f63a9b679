"""What is measured of predictions: accuracy, confidence, negative log likelihood, entropy, and how well a score ranks.

Pure functions of arrays. Probabilities stand along the last axis and add up to 1 there; logarithms are natural (nats).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from course.lessons.arrays import Floats

Array = NDArray[np.floating]
Labels = NDArray[np.integer]
SMALLEST = 1e-12  # what a probability of 0 counts as in a logarithm


def softmax(logits: Array) -> Array:
    """Probabilities along the last axis; same shape."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def accuracy(scores: Array, labels: Labels) -> float:
    """The share (0–1) of rows whose highest score stands at the label. scores: logits or probabilities (rows, classes);
    labels: (rows,)."""
    return float((scores.argmax(axis=-1) == labels).mean())


def confidence(probabilities: Array) -> float:
    """The mean of each row's highest probability (0–1)."""
    return float(probabilities.max(axis=-1).mean())


def nll(probabilities: Array, labels: Labels) -> float:
    """Mean negative log likelihood of the labels, in nats; 0 is best. probabilities: (rows, classes)."""
    of_labels = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(of_labels, SMALLEST)).mean())


def prediction_scores(probabilities: Array, labels: Labels) -> dict[str, float]:
    """ "accuracy", "confidence" and "nll" of predictions (rows, classes)."""
    return {
        "accuracy": accuracy(probabilities, labels),
        "confidence": confidence(probabilities),
        "nll": nll(probabilities, labels),
    }


def entropy(probabilities: Floats) -> Floats:
    """Entropy along the last axis, in nats: 0 when certain, log(classes) when all are alike. 0 · log 0 counts as 0."""
    return np.asarray(-(probabilities * np.log(np.maximum(probabilities, SMALLEST))).sum(axis=-1))


def auc(positive: Floats, negative: Floats) -> float:
    """The chance (0–1) that a positive case scores higher than a negative one, ties counting half: the area under the
    ROC curve. positive, negative: scores, one axis each."""
    higher = (positive[:, None] > negative[None, :]).mean() + 0.5 * (positive[:, None] == negative[None, :]).mean()
    return float(higher)

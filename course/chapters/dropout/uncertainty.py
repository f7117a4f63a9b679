"""Monte Carlo dropout in NumPy: many thinned passes through one trained network, and what their spread tells.

The network has learnt the digits 0–7 only, so 8 and 9 are strangers (Gal & Ghahramani 2016). Every function is
deterministic; it must never import TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from course.chapters.dropout.digits import load_digits
from course.chapters.dropout.numpy_net import Layers, Recipe, dropout_mask, logits_of, softmax, train

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KNOWN_CLASSES = 8
RATE = 0.5
MOST_PASSES = 200


@dataclass(frozen=True)
class Strangers:
    """Test rows that the network may know (0–7) and cannot know (8, 9): pixels (rows, 64) and labels."""

    seen: Floats
    seen_labels: Ints
    unseen: Floats
    unseen_labels: Ints


@lru_cache(maxsize=4)
def strangers(seed: int = 0) -> Strangers:
    digits = load_digits(lie_share=0.0, seed=seed)
    known = digits.y_test < KNOWN_CLASSES
    return Strangers(digits.x_test[known], digits.y_test[known], digits.x_test[~known], digits.y_test[~known])


@lru_cache(maxsize=4)
def knows_0_to_7(seed: int = 0) -> Layers:
    """The network with 256 units a layer, trained with rate 0.5 on those of the 500 training rows that show 0–7."""
    digits = load_digits(lie_share=0.0, seed=seed)
    known = digits.y_train < KNOWN_CLASSES
    return train(digits.x_train[known], digits.y_train[known], Recipe(rate=RATE), seed)


def mc_passes(layers: Layers, x: Floats, n_passes: int, rate: float = RATE, seed: int = 0) -> Floats:
    """Class probabilities of n_passes training-mode passes, a mask for each row; shape (passes, rows, classes)."""
    rng, passes = np.random.default_rng(seed), []
    for _pass in range(n_passes):
        hidden = x.astype(np.float32)
        for weights, biases in layers[:-1]:
            hidden = np.maximum(hidden @ weights + biases, 0.0) * dropout_mask(rng, (len(x), len(biases)), rate)
        passes.append(softmax(logits_of(layers[-1:], hidden)))
    return np.asarray(passes, dtype=np.float64)


def passes_of(layers: Layers, image: Floats, n_passes: int) -> Floats:
    """The first n_passes (up to 200) random predictions for one picture (64,), shape (passes, classes)."""
    return np.asarray(mc_passes(layers, np.repeat(image[None], MOST_PASSES, axis=0), 1)[0][:n_passes])


def plain(layers: Layers, x: Floats) -> Floats:
    """Class probabilities of the one inference pass."""
    return np.asarray(softmax(logits_of(layers, x)), dtype=np.float64)


def entropy(probabilities: Floats) -> Floats:
    """Entropy along the last axis, in nats: 0 when certain, log(classes) when all are alike. 0 · log 0 counts as 0."""
    return np.asarray(-(probabilities * np.log(np.maximum(probabilities, 1e-12))).sum(axis=-1))


def auc(unseen: Floats, seen: Floats) -> float:
    """The chance that a stranger scores higher than an acquaintance (ties count half): area under the ROC curve."""
    higher = (unseen[:, None] > seen[None, :]).mean() + 0.5 * (unseen[:, None] == seen[None, :]).mean()
    return float(higher)


def rotated(image: Floats, degrees: float) -> Floats:
    """An 8×8 picture (64 values) turned about its centre, counter-clockwise, by bilinear sampling; blank outside."""
    angle, grid = np.deg2rad(degrees), np.arange(8) - 3.5
    rows, columns = np.meshgrid(grid, grid, indexing="ij")
    from_rows = rows * np.cos(angle) + columns * np.sin(angle) + 3.5
    from_columns = -rows * np.sin(angle) + columns * np.cos(angle) + 3.5
    padded = np.pad(image.reshape(8, 8), 1)
    top, left = np.floor(from_rows), np.floor(from_columns)
    down, right = from_rows - top, from_columns - left
    turned = np.zeros((8, 8))
    for step_down, step_right in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weight = (down if step_down else 1 - down) * (right if step_right else 1 - right)
        at_row = np.clip(top + step_down + 1, 0, 9).astype(int)
        at_column = np.clip(left + step_right + 1, 0, 9).astype(int)
        turned += weight * padded[at_row, at_column]
    return turned.ravel()

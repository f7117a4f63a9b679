"""Monte Carlo dropout in NumPy: many thinned passes through one trained network, and their spread.

The network has learnt the digits 0–7 only, so 8 and 9 are unseen classes (Gal & Ghahramani 2016). Every function is
deterministic; it must never import TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course.lessons.arrays import Floats, Ints
from course.lessons.digits import load_digits
from course.lessons.masks import dropout_mask
from course.lessons.metrics import softmax
from course.lessons.networks import Layers, Recipe, logits_of, train

KNOWN_CLASSES = 8
RATE = 0.5
MOST_PASSES = 200


@dataclass(frozen=True)
class SeenAndUnseen:
    """Test rows of the learnt classes (0–7) and of the unseen ones (8, 9): pixels (rows, 64) and labels."""

    seen: Floats
    seen_labels: Ints
    unseen: Floats
    unseen_labels: Ints


@lru_cache(maxsize=4)
def seen_and_unseen(seed: int = 0) -> SeenAndUnseen:
    """The test digits, parted into the classes that the network was trained on and those that it never saw."""
    digits = load_digits(wrong_share=0.0, seed=seed)
    known = digits.y_test < KNOWN_CLASSES
    return SeenAndUnseen(digits.x_test[known], digits.y_test[known], digits.x_test[~known], digits.y_test[~known])


@lru_cache(maxsize=4)
def knows_0_to_7(seed: int = 0) -> Layers:
    """The network with 256 units a layer, trained with rate 0.5 on those of the 500 training rows that show 0–7."""
    digits = load_digits(wrong_share=0.0, seed=seed)
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

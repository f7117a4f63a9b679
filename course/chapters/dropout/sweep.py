"""The rate-and-width sweep behind "choosing a rate": its protocol, one point of it, and the stored results.

The stored file is made by benchmarks/dropout_sweep.py; `measure` is the single place where a point is defined, so that
a test can make any point again. Reading must never train anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course.chapters.dropout.digits import DATA_FOLDER, load_digits
from course.chapters.dropout.numpy_net import Recipe, logits_of, train, train_epochs

Floats = NDArray[np.float64]

AXES = {
    "widths": np.array([32, 128, 256, 512]),
    "rates": np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),
    "seeds": np.arange(4),
}
KEYS = ("test", "memorised", "put_right", "test_clean", "test_stopped")


@dataclass(frozen=True)
class Sweep:
    """Stored accuracies and shares, each of shape (widths, rates, seeds); see data/README.md."""

    widths: Floats
    rates: Floats
    seeds: Floats
    test: Floats
    memorised: Floats
    put_right: Floats
    test_clean: Floats
    test_stopped: Floats

    def mean(self, key: str, width: int, rate: float) -> float:
        """The mean over seeds of one quantity at one width and rate of the sweep."""
        values = getattr(self, key)[self.widths == width][:, np.isclose(self.rates, rate)]
        return float(values.mean())

    def best_rate(self, width: int, key: str = "test") -> float:
        """The rate with the highest mean over seeds at this width."""
        return float(self.rates[getattr(self, key)[self.widths == width][0].mean(axis=-1).argmax()])


def load_sweep() -> Sweep:
    """The stored sweep."""
    with np.load(DATA_FOLDER / "sweep.npz", allow_pickle=False) as stored:
        return Sweep(**{name: stored[name].astype(np.float64) for name in (*AXES, *KEYS)})


def measure(width: int, rate: float, seed: int) -> dict[str, float]:
    """Trains at one point and returns its accuracies and shares (0–1) by the names of KEYS."""
    recipe = Recipe(width=width, rate=rate)
    told, clean = load_digits(seed=seed), load_digits(lie_share=0.0, seed=seed)
    best_validation, stopped = -1.0, 0.0
    for layers in train_epochs(told.x_train, told.y_train, recipe, seed):
        validation = _accuracy(logits_of(layers, told.x_validation), told.y_validation)
        if validation > best_validation:
            best_validation, stopped = validation, _accuracy(logits_of(layers, told.x_test), told.y_test)
    lied_to = logits_of(layers, told.x_train[told.lied])
    clean_layers = train(clean.x_train, clean.y_train, recipe, seed)
    return {
        "test": _accuracy(logits_of(layers, told.x_test), told.y_test),
        "memorised": _accuracy(lied_to, told.y_train[told.lied]),
        "put_right": _accuracy(lied_to, told.y_true[told.lied]),
        "test_clean": _accuracy(logits_of(clean_layers, clean.x_test), clean.y_test),
        "test_stopped": stopped,
    }


def _accuracy(logits: NDArray[np.floating], labels: NDArray[np.int64]) -> float:
    return float((logits.argmax(axis=-1) == labels).mean())

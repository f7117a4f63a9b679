"""The rate-and-width sweep behind "choosing a rate": its protocol, one point of it, and the stored results.

The stored file is made by data/make_sweep.py; `measure` is the single place where a point is defined, so that a test
can make any point again. Reading must never train anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from course.chapters.dropout.data import FOLDER
from course.lessons.arrays import Floats
from course.lessons.digits import Digits, load_digits
from course.lessons.metrics import accuracy
from course.lessons.networks import Layers, Recipe, logits_of, train, train_epochs
from course.lessons.studies import Axis, Study, read_studies

FILE = FOLDER / "sweep.npz"
AXES: dict[str, Axis] = {
    "width": np.array([32, 128, 256, 512]),
    "rate": np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),
    "seed": np.arange(4),
}
# Each test accuracy, and the validation accuracy by which a rate is chosen. Nothing is ever chosen by a test accuracy.
CHOSEN_BY = {"test": "validation", "test_clean": "validation_clean", "test_stopped": "validation_stopped"}
KEYS = (*CHOSEN_BY, *CHOSEN_BY.values(), "memorised", "put_right")


@dataclass(frozen=True)
class Sweep:
    """Stored accuracies and shares (0–1) by the names of KEYS, each along AXES; see data/README.md."""

    results: Mapping[str, Study]

    @property
    def widths(self) -> Axis:
        """The widths tried, in units per layer."""
        return self.results["test"].axes["width"]

    @property
    def rates(self) -> Floats:
        """The rates tried."""
        return self.results["test"].axes["rate"].astype(np.float64)

    @property
    def seeds(self) -> Axis:
        """The seeds of the runs at each width and rate."""
        return self.results["test"].axes["seed"]

    def at_width(self, key: str, width: int) -> Floats:
        """One quantity at one width, shape (rates, seeds)."""
        return self.results[key].at(width=width).values

    def scores(self, key: str, width: int, rate: float) -> Floats:
        """One quantity at one width and rate of the sweep, shape (seeds,)."""
        return self.results[key].at(width=width, rate=rate).values

    def mean(self, key: str, width: int, rate: float) -> float:
        """The mean over seeds of one quantity at one width and rate of the sweep."""
        return float(self.scores(key, width, rate).mean())

    def best_rate_by_validation(self, width: int, key: str = "test") -> float:
        """The rate with the best validation accuracy (mean over seeds) at this width; key: one of CHOSEN_BY."""
        return float(self.results[CHOSEN_BY[key]].at(width=width).mean("seed").best())

    def as_good(self, width: int, key: str = "test") -> list[float]:
        """The rates whose mean validation accuracy is below the best one by no more than the spread, and that one.

        Spread: the standard deviation over seeds at the best rate. A smaller difference than that counts as none.
        """
        validation = self.at_width(CHOSEN_BY[key], width)
        means = validation.mean(axis=1)
        best = int(means.argmax())
        near = means >= means[best] - validation[best].std(ddof=1)
        return [float(rate) for rate in self.rates[near]]


def load_sweep() -> Sweep:
    """The stored sweep."""
    return Sweep(read_studies(FILE))


def measure(width: int, rate: float, seed: int) -> dict[str, float]:
    """Trains at one point and returns its accuracies and shares (0–1) by the names of KEYS."""
    recipe = Recipe(width=width, rate=rate)
    noisy, clean = load_digits(seed=seed), load_digits(wrong_share=0.0, seed=seed)
    best = {"validation_stopped": -1.0}
    for layers in train_epochs(noisy.x_train, noisy.y_train, recipe, seed):
        now = _scores(layers, noisy)
        if now["validation"] > best["validation_stopped"]:
            best = {f"{name}_stopped": value for name, value in now.items()}
    wrong = noisy.mislabelled
    on_wrong = logits_of(layers, noisy.x_train[wrong])
    of_clean = _scores(train(clean.x_train, clean.y_train, recipe, seed), clean)
    return {
        **now,
        **best,
        **{f"{name}_clean": value for name, value in of_clean.items()},
        "memorised": accuracy(on_wrong, noisy.y_train[wrong]),
        "put_right": accuracy(on_wrong, noisy.y_true[wrong]),
    }


def _scores(layers: Layers, digits: Digits) -> dict[str, float]:
    return {
        "validation": accuracy(logits_of(layers, digits.x_validation), digits.y_validation),
        "test": accuracy(logits_of(layers, digits.x_test), digits.y_test),
    }

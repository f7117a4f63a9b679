"""Small studies whose results the lesson shows: rules for inference, what `fit` reports, dropout and its partners.

The stored file is made by data/make_studies.py; each `measure_…` function is the single place where a point is defined,
so that a test can make any point again. Reading must never train anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course.chapters.dropout.data import FOLDER
from course.lessons.arrays import Bools, Floats
from course.lessons.digits import load_digits
from course.lessons.metrics import accuracy, prediction_scores, softmax
from course.lessons.networks import Recipe, logits_of, train, train_epochs
from course.lessons.studies import Axis, Study, read_studies

FILE = FOLDER / "studies.npz"
RATES = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
SEEDS = np.arange(4)
RULES = ("×1", "×(1 − rate)", "×rate")
SCORES = ("accuracy", "confidence", "nll")
CURVE_RATES = np.array([0.0, *RATES])
LABELS = ("noisy", "right")
MEASURES = ("fit", "evaluate", "validation")
# Every family is tried at several strengths; the lesson shows the one that is best on validation rows.
PARTNERS: dict[str, tuple[Recipe, ...]] = {
    "nothing": (Recipe(),),
    "max-norm": tuple(Recipe(max_norm=c) for c in (0.25, 0.5, 0.75, 1.0, 2.0)),
    "L2": tuple(Recipe(l2=strength) for strength in (1e-3, 3e-3, 1e-2, 2e-2, 4e-2)),
    "dropout": tuple(Recipe(rate=rate) for rate in (0.5, 0.6, 0.7)),
    "dropout + max-norm": tuple(Recipe(rate=r, max_norm=c) for r in (0.5, 0.7) for c in (0.5, 1.0, 2.0)),
    "dropout + L2": tuple(Recipe(rate=r, l2=strength) for r in (0.5, 0.7) for strength in (1e-3, 3e-3, 1e-2)),
    "dropout, inputs too": tuple(Recipe(rate=r, input_rate=i) for r in (0.5, 0.7) for i in (0.1, 0.2)),
}
N_TRIED = max(len(recipes) for recipes in PARTNERS.values())
# What each stored study was measured along, in the order of its dimensions.
RULE_AXES: dict[str, Axis] = {"rate": RATES, "rule": np.array(RULES), "score": np.array(SCORES), "seed": SEEDS}
CURVE_AXES: dict[str, Axis] = {
    "rate": CURVE_RATES,
    "labels": np.array(LABELS),
    "measure": np.array(MEASURES),
    "epoch": np.arange(1, Recipe().epochs + 1),
}
PARTNER_AXES: dict[str, Axis] = {
    "partner": np.array(list(PARTNERS)),
    "strength": np.arange(N_TRIED),
    "seed": SEEDS,
    "measure": np.array(["validation", "test", "test_stopped"]),
}


@dataclass(frozen=True)
class Studies:
    """The stored results, accuracies and confidences in 0–1, losses in nats.

    rules: along RULE_AXES. curves: along CURVE_AXES. partners: along PARTNER_AXES: validation and test accuracy after
    40 epochs, and test accuracy at the best validation epoch; NaN where a family has fewer strengths.
    """

    rules: Study
    curves: Study
    partners: Study

    def rule_scores(self, rate: float) -> dict[str, dict[str, float]]:
        """For each rule, its scores (means over seeds) in a network trained with inverted dropout at this rate."""
        means = self.rules.at(rate=rate).mean("seed")
        return {rule: {score: float(means.at(rule=rule, score=score).values) for score in SCORES} for rule in RULES}

    def curve(self, rate: float, labels: str) -> dict[str, Floats]:
        """Accuracy by epoch, for each of MEASURES. labels: "noisy" (30 % wrong) or "right"."""
        found = self.curves.at(rate=rate, labels=labels)
        return {measure: found.at(measure=measure).values for measure in MEASURES}

    def partner(self, name: str) -> tuple[Recipe, Floats, Floats]:
        """The family's best recipe on validation rows, its test accuracy per seed, and the same with early stopping."""
        found = self.partners.at(partner=name)
        strength = int(found.at(measure="validation").mean("seed").best())
        chosen = found.at(strength=strength)
        return PARTNERS[name][strength], chosen.at(measure="test").values, chosen.at(measure="test_stopped").values


@lru_cache(maxsize=1)
def load_studies() -> Studies:
    """The stored studies."""
    return Studies(**read_studies(FILE))


def measure_rules(rate: float, seed: int) -> Floats:
    """Trains on right labels with inverted dropout and scores the three rules; shape (RULES, SCORES)."""
    digits = load_digits(wrong_share=0.0, seed=seed)
    layers = train(digits.x_train, digits.y_train, Recipe(rate=rate), seed)
    rows = []
    for factor in (1.0, 1.0 - rate, rate):
        scores = prediction_scores(softmax(logits_of(layers, digits.x_test, scale_hidden=factor)), digits.y_test)
        rows.append([scores[name] for name in SCORES])
    return np.array(rows)


def measure_curves(rate: float, labels: str, seed: int = 0) -> Floats:
    """Trains once; accuracy by epoch as fit reports it (thinned networks, averaged while they learn), of the full
    network on the same training rows, and on validation rows. Shape (MEASURES, epochs)."""
    digits = load_digits(wrong_share=0.3 if labels == "noisy" else 0.0, seed=seed)
    hits: list[Bools] = []
    columns = []
    training = train_epochs(
        digits.x_train, digits.y_train, Recipe(rate=rate), seed, lambda said, y: hits.append(said.argmax(axis=1) == y)
    )
    for layers in training:
        full = accuracy(logits_of(layers, digits.x_train), digits.y_train)
        valid = accuracy(logits_of(layers, digits.x_validation), digits.y_validation)
        columns.append([np.concatenate(hits).mean(), full, valid])
        hits.clear()
    return np.array(columns).T


def measure_partner(recipe: Recipe, seed: int) -> Floats:
    """Trains with 30 % label noise: validation and test accuracy at the end, test accuracy where validation peaked."""
    digits = load_digits(seed=seed)
    best, stopped, validation, test = -1.0, 0.0, 0.0, 0.0
    for layers in train_epochs(digits.x_train, digits.y_train, recipe, seed):
        validation = accuracy(logits_of(layers, digits.x_validation), digits.y_validation)
        test = accuracy(logits_of(layers, digits.x_test), digits.y_test)
        if validation > best:
            best, stopped = validation, test
    return np.array([validation, test, stopped])

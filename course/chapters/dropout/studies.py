"""Small studies whose results the lesson shows: rules for inference, what `fit` reports, dropout and its partners.

The stored file is made by benchmarks/dropout_studies.py; each `measure_…` function is the single place where a point is
defined, so that a test can make any point again. Reading must never train anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from course.chapters.dropout.charts import rule_scores
from course.chapters.dropout.digits import DATA_FOLDER, load_digits
from course.chapters.dropout.numpy_net import Recipe, logits_of, softmax, train, train_epochs

Floats = NDArray[np.float64]

RATES = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
SEEDS = np.arange(4)
RULES = ("×1", "×(1 − rate)", "×rate")
SCORES = ("accuracy", "confidence", "nll")
CURVE_RATES = np.array([0.0, *RATES])
LABELS = ("lies", "right")
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


@dataclass(frozen=True)
class Studies:
    """The stored results, accuracies and confidences in 0–1, losses in nats.

    rules: (RATES, RULES, SCORES, SEEDS). curves: (CURVE_RATES, LABELS, MEASURES, epochs). partners: (PARTNERS,
    strengths, SEEDS, 3): validation and test accuracy after 40 epochs, and test accuracy at the best validation epoch;
    NaN where a family has fewer strengths.
    """

    rules: Floats
    curves: Floats
    partners: Floats

    def rule_scores(self, rate: float) -> dict[str, dict[str, float]]:
        """For each rule, its scores (means over seeds) in a network trained with inverted dropout at this rate."""
        means = self.rules[_place(RATES, rate)].mean(axis=-1)
        return {rule: dict(zip(SCORES, map(float, row), strict=True)) for rule, row in zip(RULES, means, strict=True)}

    def curve(self, rate: float, labels: str) -> dict[str, Floats]:
        """Accuracy by epoch, for each of MEASURES. labels: "lies" (30 % wrong) or "right"."""
        return dict(zip(MEASURES, self.curves[_place(CURVE_RATES, rate), LABELS.index(labels)], strict=True))

    def partner(self, name: str) -> tuple[Recipe, Floats, Floats]:
        """The family's best recipe on validation rows, its test accuracy per seed, and the same with early stopping."""
        values = self.partners[list(PARTNERS).index(name)]
        best = int(np.nanargmax(values[:, :, 0].mean(axis=1)))
        return PARTNERS[name][best], values[best, :, 1], values[best, :, 2]


def _place(axis: Floats, rate: float) -> int:
    (places,) = np.nonzero(np.isclose(axis, rate))
    if not len(places):
        raise ValueError(f"rate must be one of {axis.tolist()}, and was {rate!r}.")
    return int(places[0])


@lru_cache(maxsize=1)
def load_studies() -> Studies:
    """The stored studies."""
    with np.load(DATA_FOLDER / "studies.npz", allow_pickle=False) as stored:
        return Studies(**{name: stored[name].astype(np.float64) for name in ("rules", "curves", "partners")})


def measure_rules(rate: float, seed: int) -> Floats:
    """Trains on right labels with inverted dropout and scores the three rules; shape (RULES, SCORES)."""
    digits = load_digits(lie_share=0.0, seed=seed)
    layers = train(digits.x_train, digits.y_train, Recipe(rate=rate), seed)
    rows = []
    for factor in (1.0, 1.0 - rate, rate):
        scores = rule_scores(softmax(logits_of(layers, digits.x_test, scale_hidden=factor)), digits.y_test)
        rows.append([scores[name] for name in SCORES])
    return np.array(rows)


def measure_curves(rate: float, labels: str, seed: int = 0) -> Floats:
    """Trains once; accuracy by epoch as fit reports it (thinned networks, averaged while they learn), of the full
    network on the same training rows, and on validation rows. Shape (MEASURES, epochs)."""
    digits = load_digits(lie_share=0.3 if labels == "lies" else 0.0, seed=seed)
    hits: list[NDArray[np.bool_]] = []
    columns = []
    training = train_epochs(
        digits.x_train, digits.y_train, Recipe(rate=rate), seed, lambda said, y: hits.append(said.argmax(axis=1) == y)
    )
    for layers in training:
        full, valid = (logits_of(layers, x).argmax(axis=1) for x in (digits.x_train, digits.x_validation))
        columns.append(
            [np.concatenate(hits).mean(), (full == digits.y_train).mean(), (valid == digits.y_validation).mean()]
        )
        hits.clear()
    return np.array(columns).T


def measure_partner(recipe: Recipe, seed: int) -> Floats:
    """Trains with 30 % of lies: validation and test accuracy at the end, and test accuracy where validation peaked."""
    digits = load_digits(seed=seed)
    best, stopped, validation, test = -1.0, 0.0, 0.0, 0.0
    for layers in train_epochs(digits.x_train, digits.y_train, recipe, seed):
        validation = float((logits_of(layers, digits.x_validation).argmax(axis=1) == digits.y_validation).mean())
        test = float((logits_of(layers, digits.x_test).argmax(axis=1) == digits.y_test).mean())
        if validation > best:
            best, stopped = validation, test
    return np.array([validation, test, stopped])

"""Why stale moving averages harm a deep network: what accuracy comes back once the means, the variances or both are put
right, and how far the rows still differ, layer by layer. A stored study; only measuring may import TensorFlow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from course.chapters.batch_normalization.deep import deep_network, fit, norms_of, recalibrate
from course.chapters.batch_normalization.studies import LAYERS, SEEDS, SHAPES
from course.keras_loading import load_keras
from course.lessons.arrays import Floats
from course.lessons.digits import load_digits
from course.lessons.metrics import accuracy
from course.lessons.studies import Axis

PUT_RIGHT = ["nothing", "means", "variances", "both"]
VARIANCES = [f"variance, {layer}" for layer in LAYERS]
SPREADS = [f"spread, {layer}" for layer in LAYERS]
AXES: dict[str, Axis] = {"seed": SEEDS, "measure": np.array([*PUT_RIGHT, "classes", *VARIANCES, *SPREADS])}
Averages = list[tuple[Floats, Floats]]


def measure_lag(seed: int) -> Floats:
    """Eight sigmoid layers after 15 epochs at rate 0.1 and momentum 0.99; shape (21,).

    Validation accuracy (0–1) with moving averages of which that much is PUT_RIGHT; how many classes the network tells
    apart there with nothing put right; and over the training rows, by layer, the true variance and the spread of what
    is normalised by the stale averages, before γ and β: medians over neurons.
    """
    keras, digits = load_keras(), load_digits(0.0, seed)
    keras.utils.set_random_seed(seed)
    model = deep_network(keras, SHAPES["8 sigmoid"], 0.99)
    fit(model, keras.optimizers.SGD(0.1), digits.x_train, digits.y_train)
    x, y = digits.x_validation, digits.y_validation
    stale = _averages(model)
    classes, spreads = len(set(np.asarray(model(x)).argmax(axis=1))), _spreads(model, digits.x_train)
    recalibrate(model, digits.x_train)
    true = _averages(model)
    reached = []
    for means, variances in ((stale, stale), (true, stale), (stale, true), (true, true)):
        _set(model, [(mean, variance) for (mean, _), (_, variance) in zip(means, variances, strict=True)])
        reached.append(accuracy(np.asarray(model(x)), y))
    return np.array([*reached, classes, *(float(np.median(variance)) for _, variance in true), *spreads])


def _averages(model: Any) -> Averages:
    """The moving mean and variance of each layer."""
    return [(np.array(norm.moving_mean), np.array(norm.moving_variance)) for norm in norms_of(model)]


def _set(model: Any, averages: Averages) -> None:
    for norm, (mean, variance) in zip(norms_of(model), averages, strict=True):
        norm.moving_mean.assign(mean)
        norm.moving_variance.assign(variance)


def _spreads(model: Any, x: Floats) -> list[float]:
    found, norms = [], norms_of(model)
    for layer in model.layers:
        x = np.asarray(layer(x))
        if layer in norms:
            found.append(float(np.median(x.std(axis=0) / np.abs(np.asarray(layer.gamma)))))
    return found

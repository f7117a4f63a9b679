"""What the lesson tells of networks that were trained before: every point is defined here, and what is stored is read.

The stored file is made by data/make_studies.py; each `measure_…` function is the single place where a point is defined,
so that a test can make any point again. Reading must never train anything, and only measuring may import TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from course.chapters.batch_normalization.data import FOLDER
from course.chapters.batch_normalization.deep import MOMENTUM, Shape, deep_network, fit, norms_of, recalibrate
from course.keras_loading import load_keras
from course.lessons.arrays import Floats
from course.lessons.digits import load_digits
from course.lessons.metrics import accuracy
from course.lessons.patients import load_patients, patient_network
from course.lessons.studies import Axis, Study, read_studies, rows_of

FILE = FOLDER / "studies.npz"
SHAPES = {
    "8 relu": Shape(8, "relu"),
    "8 sigmoid": Shape(8, "sigmoid"),
    "2 relu": Shape(2, "relu"),
    "8 relu, He": Shape(8, "relu", start="he_normal"),
}
WIDE = Shape(2, "relu", width=256)  # the digits' network of the other chapters
NORMS = np.array(["none", "batch"])
CHOOSING = ("validation", "test")
SEEDS = np.arange(5)
EPOCHS = 50
LAYERS = [f"layer {number}" for number in range(1, 9)]
MEASURES = ["moving", "batch", "recalibrated", *LAYERS]

RATE_AXES: dict[str, Axis] = {
    "network": np.array(list(SHAPES)),
    "norm": NORMS,
    "seed": SEEDS,
    "rate": np.array([0.01, 0.03, 0.1, 0.3, 1.0, 3.0]),
    "part": np.array(CHOOSING),
}
MODE_AXES: dict[str, Axis] = {
    "momentum": np.array([0.9, 0.95, 0.99]),
    "seed": SEEDS,
    "epoch": np.arange(1, EPOCHS + 1),
    "measure": np.array(MEASURES),
}
ADAM_AXES: dict[str, Axis] = {
    "norm": NORMS,
    "seed": SEEDS,
    "rate": np.array([0.0003, 0.001, 0.003, 0.01]),
    "part": np.array(CHOOSING),
}
PATIENT_AXES: dict[str, Axis] = {"norm": NORMS, "seed": SEEDS, "part": np.array(CHOOSING)}
DIGIT_AXES: dict[str, Axis] = {"wrong_share": np.array([0.0, 0.3]), **PATIENT_AXES}
LONGER = 60  # epochs
LONGER_AXES: dict[str, Axis] = {"network": np.array(["8 relu", "8 sigmoid"]), "seed": SEEDS, "part": np.array(CHOOSING)}
BATCH_AXES: dict[str, Axis] = {
    "norm": NORMS,
    "seed": SEEDS,
    "batch": np.array([2, 4, 8, 16, 50]),
    "part": np.array(CHOOSING),
}


@dataclass(frozen=True)
class Studies:
    """The stored results. rates, longer, adam, batches, digits: accuracies (0–1). modes: accuracies on validation rows
    in three modes, and, by layer, how many times too large the moving variance is. lag: what that does (see lag.py).
    patients: mean absolute errors in hundreds of points."""

    rates: Study
    longer: Study
    modes: Study
    lag: Study
    adam: Study
    patients: Study
    digits: Study
    batches: Study


@lru_cache(maxsize=1)
def load_studies() -> Studies:
    """The stored studies."""
    return Studies(**read_studies(FILE))


def _momentum(norm: str) -> float | None:
    return None if norm == "none" else MOMENTUM


def _accuracies(model: Any, digits: Any) -> Floats:
    """On validation and test rows, as `predict` sees them; shape (2,)."""
    return np.array([accuracy(np.asarray(model(x)), y) for x, y in rows_of(digits, CHOOSING)])


def _trained(shape: Shape, norm: str, seed: int, optimizer: Any, wrong_share: float = 0.0, **options: Any) -> Floats:
    """Accuracies of that network on validation and test rows; options: of `fit`. optimizer: made anew by this."""
    keras, digits = load_keras(), load_digits(wrong_share, seed)
    keras.utils.set_random_seed(seed)
    model = deep_network(keras, shape, _momentum(norm))
    fit(model, optimizer(keras), digits.x_train, digits.y_train, **options)
    return _accuracies(model, digits)


def measure_rates(network: str, norm: str, seed: int, rate: float) -> Floats:
    """15 epochs of SGD with that learning rate; shape (2,)."""
    return _trained(SHAPES[network], norm, seed, lambda keras: keras.optimizers.SGD(rate))


def measure_longer(network: str, seed: int) -> Floats:
    """60 epochs of SGD at rate 0.1 without batch normalization, instead of 15; shape (2,)."""
    return _trained(SHAPES[network], "none", seed, lambda keras: keras.optimizers.SGD(0.1), epochs=LONGER)


def measure_adam(norm: str, seed: int, rate: float) -> Floats:
    """Eight ReLU layers, 15 epochs of Adam with that learning rate; shape (2,)."""
    return _trained(SHAPES["8 relu"], norm, seed, lambda keras: keras.optimizers.Adam(rate))


def measure_batches(norm: str, seed: int, batch: int) -> Floats:
    """Two ReLU layers, 15 epochs of SGD at rate 0.03 in batches of that size; shape (2,)."""
    return _trained(SHAPES["2 relu"], norm, seed, lambda keras: keras.optimizers.SGD(0.03), batch_size=batch)


def measure_digits(wrong_share: float, norm: str, seed: int) -> Floats:
    """Two ReLU layers of 256, 40 epochs of Adam at rate 0.003 in batches of 100, as in the other chapters; (2,)."""
    options = {"batch_size": 100, "epochs": 40}
    return _trained(WIDE, norm, seed, lambda keras: keras.optimizers.Adam(3e-3), wrong_share, **options)


def measure_patients(norm: str, seed: int) -> Floats:
    """Trains the patients' network for 40 epochs; mean absolute errors on validation and test patients, in hundreds of
    points. Shape (2,)."""
    keras, patients = load_keras(), load_patients(seed)
    keras.utils.set_random_seed(seed)
    model = patient_network(keras, momentum=_momentum(norm))
    model.fit(patients.x_train, patients.y_train, batch_size=20, epochs=40, verbose=0)
    return np.array([np.abs(np.asarray(model(x))[:, 0] - y).mean() for x, y in rows_of(patients, CHOOSING)])


def measure_modes(momentum: float, seed: int, epochs: int = EPOCHS) -> Floats:
    """Eight sigmoid layers at rate 0.1: MEASURES after each epoch; shape (epochs, 11)."""
    keras, digits = load_keras(), load_digits(0.0, seed)
    keras.utils.set_random_seed(seed)
    model = deep_network(keras, SHAPES["8 sigmoid"], momentum)
    found: list[Floats] = []
    watch = keras.callbacks.LambdaCallback(on_epoch_end=lambda _epoch, _logs: found.append(_modes(model, digits)))
    sgd = keras.optimizers.SGD(0.1)
    fit(model, sgd, digits.x_train, digits.y_train, epochs=epochs, callbacks=[watch])
    return np.array(found)


def _modes(model: Any, digits: Any) -> Floats:
    """MEASURES of the model as it is, which it stays."""
    kept, x, y = model.get_weights(), digits.x_validation, digits.y_validation
    moving = accuracy(np.asarray(model(x)), y)
    batch = accuracy(np.asarray(model(x, training=True)), y)
    model.set_weights(kept)
    before = [np.asarray(norm.moving_variance) for norm in norms_of(model)]
    recalibrate(model, digits.x_train)
    recalibrated = accuracy(np.asarray(model(x)), y)
    after = [np.asarray(norm.moving_variance) for norm in norms_of(model)]
    model.set_weights(kept)
    ratios = [float(np.median(old / new)) for old, new in zip(before, after, strict=True)]
    return np.array([moving, batch, recalibrated, *ratios])

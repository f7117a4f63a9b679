"""What the lesson tells of models that were trained before: every point is defined here, and what is stored is read.

The stored file is made by data/make_studies.py; each `measure_…` function is the single place where a point is defined,
so that a test can make any point again. Reading must never train anything, and only measuring may import TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from course.chapters.norm_penalties.data import FOLDER
from course.chapters.norm_penalties.sensors import (
    N_SENSORS,
    REAL,
    exact_fit,
    load_sensors,
    squared_error,
)
from course.keras_loading import load_keras
from course.lessons.arrays import Floats
from course.lessons.digits import Digits, load_digits
from course.lessons.metrics import accuracy
from course.lessons.networks import Layers, Recipe, logits_of, train, train_epochs
from course.lessons.patients import load_patients, patient_network
from course.lessons.split import Split
from course.lessons.studies import Axis, Study, read_studies, rows_of

FILE = FOLDER / "studies.npz"
KINDS = ("l1", "l2")
STRENGTHS = np.array([0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0])
PARTS = ("train", "validation", "test")
CHOOSING = ("validation", "test")

WEIGHT_AXES: dict[str, Axis] = {
    "kind": np.array(KINDS),
    "seed": np.arange(10),
    "strength": STRENGTHS,
    "weight": np.arange(N_SENSORS + 1),  # the last one is the bias
}
KNOWN_AXES: dict[str, Axis] = {"seed": np.arange(10), "part": np.array(PARTS)}
KERAS_AXES: dict[str, Axis] = {
    "method": np.array(["none", "l2", "l1"]),
    "seed": np.arange(5),
    "measure": np.array(["test", "zeros", "small"]),
}
KERAS_STRENGTHS = {"none": 0.0, "l2": 0.1, "l1": 0.2}
SMALL = 0.02  # weights below are counted as small
PATIENT_AXES: dict[str, Axis] = {
    "seed": np.arange(5),
    "strength": np.array([0, 0.001, 0.003, 0.01, 0.03, 0.1]),
    "part": np.array(CHOOSING),
}
DIGIT_AXES: dict[str, Axis] = {
    "wrong_share": np.array([0.0, 0.3]),
    "seed": np.arange(5),
    "strength": np.array([0, 0.001, 0.003, 0.01, 0.03, 0.1]),
    "part": np.array(CHOOSING),
}
STOPPED_PATIENT_AXES: dict[str, Axis] = {"seed": np.arange(5), "part": np.array(CHOOSING)}
STOPPED_DIGIT_AXES: dict[str, Axis] = {
    "wrong_share": np.array([0.0, 0.3]),
    "seed": np.arange(5),
    "part": np.array(CHOOSING),
}
EPOCHS = 40


@dataclass(frozen=True)
class Studies:
    """The stored results. weights: of linear units that solve the sensors' problem exactly. known: mean squared errors
    of a unit that is told the six sensors. keras: test error, and how many weights are exactly 0 and how many small.
    patients: mean absolute errors in hundreds of points. digits: accuracies (0–1). stopped_…: the same without a
    penalty, at the epoch that is best on the validation rows."""

    weights: Study
    known: Study
    keras: Study
    patients: Study
    digits: Study
    stopped_patients: Study
    stopped_digits: Study


@lru_cache(maxsize=1)
def load_studies() -> Studies:
    """The stored studies."""
    return Studies(**read_studies(FILE))


def measure_weights(kind: str, seed: int) -> Floats:
    """Weights and bias of the exact fit at each of STRENGTHS; shape (8, 41)."""
    rows = load_sensors(seed)
    fits = [exact_fit(rows.x_train, rows.y_train, **{kind: strength}) for strength in STRENGTHS.tolist()]
    return np.array([[*weights, bias] for weights, bias in fits])


@lru_cache(maxsize=64)
def errors_of(kind: str, seed: int) -> Floats:
    """Mean squared errors of the stored weights on the rows of PARTS, at each of STRENGTHS; shape (8, 3)."""
    rows = load_sensors(seed)
    stored = load_studies().weights.at(kind=kind, seed=seed).values
    pairs = rows_of(rows, PARTS)
    return np.array([[squared_error(fit[:-1], fit[-1], x, y) for x, y in pairs] for fit in stored])


def chosen_errors(kind: str) -> Floats:
    """Test errors by seed, of the strength that is best on that seed's validation rows; shape (10,)."""
    errors = [errors_of(kind, seed) for seed in WEIGHT_AXES["seed"].tolist()]
    return np.array([each[each[:, 1].argmin(), 2] for each in errors])


def measure_known(seed: int) -> Floats:
    """Mean squared errors on PARTS of an unpenalised unit that sees the six sensors alone; shape (3,)."""
    rows, real = load_sensors(seed), list(REAL)
    weights, bias = exact_fit(rows.x_train[:, real], rows.y_train)
    return np.array([squared_error(weights, bias, x[:, real], y) for x, y in rows_of(rows, PARTS)])


def keras_unit(keras: Any, regularizer: Any) -> Any:
    """The lesson's linear unit (40-1), compiled."""
    model = keras.Sequential()
    model.add(keras.Input((N_SENSORS,)))
    model.add(keras.layers.Dense(1, kernel_regularizer=regularizer))
    model.compile(keras.optimizers.SGD(0.05), loss="mse", metrics=["mse"])
    return model


def measure_keras(method: str, seed: int) -> Floats:
    """As the lesson trains it: the test error, and how many of the 40 weights are 0 and how many below SMALL."""
    keras, rows = load_keras(), load_sensors(seed)
    regularizers = {"none": None, "l2": keras.regularizers.L2, "l1": keras.regularizers.L1}
    chosen = regularizers[method]
    keras.utils.set_random_seed(seed)
    model = keras_unit(keras, chosen(KERAS_STRENGTHS[method]) if chosen else None)
    model.fit(rows.x_train, rows.y_train, batch_size=12, epochs=100, verbose=0)
    kernel, bias = model.get_weights()
    weights = kernel[:, 0].astype(np.float64)
    error = squared_error(weights, float(bias[0]), rows.x_test, rows.y_test)
    return np.array([error, (weights == 0).sum(), (np.abs(weights) < SMALL).sum()])


def measure_patients(seed: int, strength: float) -> Floats:
    """Trains the patients' network in Keras for 40 epochs with L2 of that strength; mean absolute errors on validation
    and test patients, in hundreds of points. Shape (2,)."""
    keras, patients = load_keras(), load_patients(seed)
    keras.utils.set_random_seed(seed)
    model = patient_network(keras, l2=strength)
    model.fit(patients.x_train, patients.y_train, batch_size=20, epochs=EPOCHS, verbose=0)
    return _patient_errors(model, patients)


def measure_stopped_patients(seed: int) -> Floats:
    """The same network without a penalty, at the epoch of 40 that is best on the validation patients. Shape (2,)."""
    keras, patients = load_keras(), load_patients(seed)
    keras.utils.set_random_seed(seed)
    model = patient_network(keras)
    found: list[Floats] = []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda _epoch, _logs: found.append(_patient_errors(model, patients))
    )
    model.fit(patients.x_train, patients.y_train, batch_size=20, epochs=EPOCHS, verbose=0, callbacks=[watch])
    errors = np.array(found)
    return np.asarray(errors[errors[:, 0].argmin()])


def _patient_errors(model: Any, patients: Split) -> Floats:
    return np.array([np.abs(np.asarray(model(x))[:, 0] - y).mean() for x, y in rows_of(patients, CHOOSING)])


def measure_digits(wrong_share: float, seed: int, strength: float) -> Floats:
    """Trains the NumPy network on 500 digits for 40 epochs with L2 of that strength; accuracies (0–1) on validation
    and test rows. Shape (2,)."""
    digits = load_digits(wrong_share, seed)
    return _digit_accuracies(train(digits.x_train, digits.y_train, Recipe(l2=strength), seed), digits)


def measure_stopped_digits(wrong_share: float, seed: int) -> Floats:
    """The same network without a penalty, at the epoch of 40 that is best on the validation rows. Shape (2,)."""
    digits = load_digits(wrong_share, seed)
    epochs = train_epochs(digits.x_train, digits.y_train, Recipe(epochs=EPOCHS), seed)
    found = np.array([_digit_accuracies(layers, digits) for layers in epochs])
    return np.asarray(found[found[:, 0].argmax()])


def _digit_accuracies(layers: Layers, digits: Digits) -> Floats:
    return np.array([accuracy(logits_of(layers, x), y) for x, y in rows_of(digits, CHOOSING)])

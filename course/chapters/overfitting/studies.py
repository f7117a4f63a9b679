"""What the lesson tells of networks that were trained before: every point is defined here, and what is stored is read.

The stored file is made by data/make_studies.py; each `measure_…` function is the single place where a point is defined,
so that a test can make any point again. Reading must never train anything, and only measuring may import TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from course.chapters.overfitting.data import FOLDER
from course.keras_loading import load_keras
from course.lessons.arrays import Floats
from course.lessons.digits import load_digits
from course.lessons.metrics import accuracy
from course.lessons.networks import Recipe, logits_of, train, train_epochs
from course.lessons.patients import load_patients, patient_network
from course.lessons.split import Split
from course.lessons.studies import Axis, Study, read_studies, rows_of

FILE = FOLDER / "studies.npz"
EPOCHS = 40
SEEDS = np.arange(5)
PARTS = ("train", "validation", "test")
BY_EPOCH = np.arange(1, EPOCHS + 1)
PATIENT_AXES: dict[str, Axis] = {"seed": SEEDS, "epoch": BY_EPOCH, "part": np.array(PARTS)}
SHARES = (*PARTS, "right_learnt", "wrong_repeated")
DIGIT_AXES: dict[str, Axis] = {
    "wrong_share": np.array([0.0, 0.1, 0.3]),
    "seed": SEEDS,
    "epoch": BY_EPOCH,
    "measure": np.array(SHARES),
}
WIDTH_AXES: dict[str, Axis] = {
    "wrong_share": np.array([0.0, 0.3]),
    "width": np.array([4, 16, 64, 256, 1024]),
    "seed": np.arange(3),
    "part": np.array(PARTS),
}
STEP_AXES: dict[str, Axis] = {
    "learning_rate": np.array([1e-5, 3e-3, 1.0]),
    "seed": np.arange(3),
    "part": np.array(PARTS),
}
LONG = 200
LONG_AXES: dict[str, Axis] = {"seed": np.arange(3), "epoch": np.arange(1, LONG + 1), "part": np.array(PARTS)}


@dataclass(frozen=True)
class Studies:
    """The stored results. patients: mean absolute errors in hundreds of points, along PATIENT_AXES. The others are
    accuracies and shares (0–1), along DIGIT_AXES, WIDTH_AXES, STEP_AXES and LONG_AXES; a share of wrong labels where
    there is none is NaN."""

    patients: Study
    digits: Study
    widths: Study
    steps: Study
    long: Study


@lru_cache(maxsize=1)
def load_studies() -> Studies:
    """The stored studies."""
    return Studies(**read_studies(FILE))


def measure_patients(seed: int, epochs: int = EPOCHS) -> Floats:
    """Trains the lesson's network in Keras; after every epoch the mean absolute error on the training, validation and
    test patients, in hundreds of points. Shape (epochs, 3). The seed chooses both the split and the network."""
    keras, patients = load_keras(), load_patients(seed)
    keras.utils.set_random_seed(seed)
    model = patient_network(keras)
    found: list[list[float]] = []
    watch = keras.callbacks.LambdaCallback(on_epoch_end=lambda _epoch, logs: found.append(_errors(model, patients)))
    model.fit(patients.x_train, patients.y_train, batch_size=20, epochs=epochs, verbose=0, callbacks=[watch])
    return np.array(found)


def _errors(model: Any, patients: Split) -> list[float]:
    return [float(np.mean(np.abs(np.asarray(model(x))[:, 0] - y))) for x, y in rows_of(patients, PARTS)]


def measure_digits(wrong_share: float, seed: int) -> Floats:
    """Trains the NumPy network on 500 digits of which that share has a wrong label; after every epoch the measures of
    SHARES: accuracies, and the shares of right labels learnt and of wrong labels repeated. Shape (40, 5)."""
    digits = load_digits(wrong_share, seed)
    wrong, found = digits.mislabelled, []
    for layers in train_epochs(digits.x_train, digits.y_train, Recipe(epochs=EPOCHS), seed):
        matches = logits_of(layers, digits.x_train).argmax(axis=1) == digits.y_train
        repeated = matches[wrong].mean() if wrong.any() else np.nan
        found.append([*_accuracies(layers, digits), matches[~wrong].mean(), repeated])
    return np.array(found)


def measure_width(wrong_share: float, width: int, seed: int) -> Floats:
    """Accuracies (0–1) of PARTS after 40 epochs at that width; shape (3,)."""
    return _after(Recipe(width=width, epochs=EPOCHS), wrong_share, seed)


def measure_step(learning_rate: float, seed: int) -> Floats:
    """Accuracies (0–1) of PARTS after 40 epochs on right labels with that learning rate; shape (3,)."""
    return _after(Recipe(learning_rate=learning_rate, epochs=EPOCHS), 0.0, seed)


def measure_long(seed: int, width: int = 8) -> Floats:
    """Accuracies (0–1) of PARTS after each of 200 epochs on right labels, in a network of width 8; shape (200, 3)."""
    digits = load_digits(0.0, seed)
    epochs = train_epochs(digits.x_train, digits.y_train, Recipe(width=width, epochs=LONG), seed)
    return np.array([_accuracies(layers, digits) for layers in epochs])


def _after(recipe: Recipe, wrong_share: float, seed: int) -> Floats:
    digits = load_digits(wrong_share, seed)
    return np.array(_accuracies(train(digits.x_train, digits.y_train, recipe, seed), digits))


def _accuracies(layers: Any, digits: Any) -> list[float]:
    """On the training rows (their labels as told), the validation rows and the test rows."""
    return [accuracy(logits_of(layers, x), y) for x, y in rows_of(digits, PARTS)]

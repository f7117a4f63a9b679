"""What dropout is worth: errors on 200 patients over five seeds, what networks from ten draws of the patients predict,
and what absences cost a network that reads digits.

The stored file is made by data/make_benefit.py; each `measure_…` function is the single place where a point is defined,
so that a test can make any point again. Reading must never train anything, and only measuring may import TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.chapters.dropout.data import FOLDER
from course.chapters.dropout.robustness import accuracy_with_absences
from course.keras_loading import load_keras
from course.lessons.arrays import Floats
from course.lessons.digits import load_digits
from course.lessons.networks import Recipe, train
from course.lessons.patients import N_TRAIN, N_VALIDATION, load_patients, patient_network
from course.lessons.studies import Axis, Study, read_studies, rows_of

FILE = FOLDER / "benefit.npz"
PARTS = ("train", "validation", "test")
EPOCHS = 40
SEEDS = np.arange(5)
ERROR_AXES: dict[str, Axis] = {"rate": np.array([0.0, 0.2, 0.5, 0.7]), "seed": SEEDS, "part": np.array(PARTS)}
GUESS_AXES: dict[str, Axis] = {
    "rate": np.array([0.0, 0.2, 0.5]),
    "draw": np.arange(10),
    "patient": np.arange(142),
}
AWAY = np.array([0.0, 0.5])
ABSENCE_AXES: dict[str, Axis] = {"rate": np.array([0.0, 0.5]), "seed": SEEDS, "away": AWAY}


@dataclass(frozen=True)
class Benefit:
    """The stored results. error: mean absolute errors on the patients, in hundreds of points, along ERROR_AXES.
    guesses: predictions for the test patients, in hundreds of points, along GUESS_AXES. absences: accuracies (0–1) on
    the digits, along ABSENCE_AXES."""

    error: Study
    guesses: Study
    absences: Study


@lru_cache(maxsize=1)
def load_benefit() -> Benefit:
    """The stored studies."""
    return Benefit(**read_studies(FILE))


@lru_cache(maxsize=1)
def linear_errors() -> Study:
    """The mean absolute errors of linear regression (least squares) on the same patients, along seed and part."""
    errors = []
    for seed in SEEDS.tolist():
        patients = load_patients(seed)
        rows = [(np.c_[x, np.ones(len(x))], y) for x, y in rows_of(patients, PARTS)]
        weights = np.linalg.lstsq(*rows[PARTS.index("train")], rcond=None)[0]
        errors.append([np.abs(x @ weights - y).mean() for x, y in rows])
    return Study(np.array(errors), {"seed": SEEDS, "part": np.array(PARTS)})


def measure_error(rate: float, seed: int) -> Floats:
    """Trains the lesson's network on the training patients of this seed.

    Returns the mean absolute error of the full network on the training, validation and test rows, in hundreds of
    points; shape (3,).
    """
    patients = load_patients(seed)
    model = _trained(rate, patients.x_train, patients.y_train, seed)
    return np.array([model.evaluate(x, y, verbose=0)[1] for x, y in rows_of(patients, PARTS)])


def measure_guesses(rate: float, draw: int) -> Floats:
    """Trains the same network on 200 patients, drawn at random from the 300 that are not among the test patients of
    seed 0; draw chooses them, and the starting weights.

    Returns its predictions for these test patients, in hundreds of points; shape (142,).
    """
    patients = load_patients(0)
    x, y = patients.but_test
    rows = drawn_rows(draw)
    guesses: Floats = _trained(rate, x[rows], y[rows], draw).predict(patients.x_test, verbose=0)[:, 0]
    return guesses


def drawn_rows(draw: int) -> NDArray[np.int64]:
    """Which 200 of the 300 patients that are not test patients a draw takes; shape (200,), from 0."""
    return np.random.default_rng(draw).permutation(N_TRAIN + N_VALIDATION)[:N_TRAIN]


def _trained(rate: float, x: Floats, y: Floats, seed: int) -> Any:
    """The lesson's Keras network (10-256-256-1, Dropout(rate) after each hidden layer), trained on these rows."""
    keras = load_keras()
    keras.utils.set_random_seed(seed)
    model = patient_network(keras, rate)
    model.fit(x, y, batch_size=20, epochs=EPOCHS, verbose=0)
    return model


def measure_absences(rate: float, seed: int) -> Floats:
    """Trains the NumPy network on rightly labelled digits; test accuracy with everyone in and with half of the hidden
    neurons away, nobody making up for them. Shape (2,)."""
    digits = load_digits(wrong_share=0.0, seed=seed)
    layers = train(digits.x_train, digits.y_train, Recipe(rate=rate), seed)
    return np.array([accuracy_with_absences(layers, digits.x_test, digits.y_test, float(away)) for away in AWAY])

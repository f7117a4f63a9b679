"""What the lesson tells of networks that were trained before: every point is defined here, and what is stored is read.

The stored file is made by data/make_studies.py; each `measure_…` function is the single place where a point is defined,
so that a test can make any point again. Reading must never train anything, and only measuring may import TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from course.chapters.bias_variance.data import FOLDER
from course.chapters.bias_variance.made_rule import GRID, ROWS, draw_sets, rule, two_parts
from course.keras_loading import load_keras
from course.lessons.arrays import Floats
from course.lessons.patients import load_patients, patient_network
from course.lessons.side_by_side import predictions_of, train_side_by_side
from course.lessons.studies import Axis, Study, read_studies

FILE = FOLDER / "studies.npz"
PARTS = np.array(["bias2", "variance"])
STEPS = np.array([10, 30, 100, 300, 1000, 3000])
REPEATS = np.arange(5)
SETS = 40  # networks in each repeat, every one on a training set of its own
WIDTH, LENGTH = 64, 300  # where nothing else is said: neurons a layer, steps

STEP_AXES: dict[str, Axis] = {"repeat": REPEATS, "steps": STEPS, "part": PARTS}
ROW_AXES: dict[str, Axis] = {"rows": np.array([30, 60, 120, 240]), "repeat": REPEATS, "part": PARTS}
WIDTH_AXES: dict[str, Axis] = {"width": np.array([1, 2, 4, 8, 16, 64, 256]), "repeat": REPEATS, "part": PARTS}
SHOWN = 12  # networks that the figure draws
CURVE_AXES: dict[str, Axis] = {"width": np.array([2, 8, 64]), "steps": STEPS, "set": np.arange(SHOWN), "x": GRID}
KERAS_SETS = 6
KERAS_AXES: dict[str, Axis] = {
    "repeat": REPEATS,
    "rounds": np.array([10, 50, 300]),
    "measure": np.array(["bias2", "variance", "training"]),
}
HOSPITAL_ROWS = 150
PATIENT_AXES: dict[str, Axis] = {
    "seed": REPEATS,
    "epoch": np.array([10, 40]),
    "row": np.array(["hospital A", "hospital B", "right"]),
    "patient": np.arange(142),
}


@dataclass(frozen=True)
class Studies:
    """The stored results. steps, rows, widths: bias² and variance of NumPy networks. curves: what twelve networks
    predict along GRID. keras: bias², variance and training error. hospitals: predictions for 142 test patients of two
    networks that learnt from other patients, and what is right, in hundreds of points."""

    steps: Study
    rows: Study
    widths: Study
    curves: Study
    keras: Study
    hospitals: Study


@lru_cache(maxsize=1)
def load_studies() -> Studies:
    """The stored studies."""
    return Studies(**read_studies(FILE))


def measure_steps(repeat: int, width: int = WIDTH) -> Floats:
    """Bias² and variance after each of STEPS, in networks of that width; shape (6, 2)."""
    networks = train_side_by_side(*draw_sets(SETS, ROWS, repeat), width, STEPS.tolist(), repeat)
    return np.array([two_parts(predictions_of(layers, GRID), rule(GRID)) for layers in networks.values()])


def measure_rows(rows: int, repeat: int) -> Floats:
    """Bias² and variance after 300 steps with so many rows in each training set; shape (2,)."""
    return _after(rows, WIDTH, repeat)


def measure_width(width: int, repeat: int) -> Floats:
    """Bias² and variance after 300 steps at that width; shape (2,)."""
    return _after(ROWS, width, repeat)


def _after(rows: int, width: int, repeat: int) -> Floats:
    (layers,) = train_side_by_side(*draw_sets(SETS, rows, repeat), width, [LENGTH], repeat).values()
    return np.array(two_parts(predictions_of(layers, GRID), rule(GRID)))


def measure_curves(width: int) -> Floats:
    """What the first twelve networks of repeat 0 predict along GRID after each of STEPS; shape (6, 12, 101)."""
    networks = train_side_by_side(*draw_sets(SHOWN), width, STEPS.tolist(), 0)
    return np.array([predictions_of(layers, GRID) for layers in networks.values()])


def keras_network(keras: Any) -> Any:
    """The lesson's network for the made-up rule (1-64-64-1), compiled."""
    hidden = [keras.layers.Dense(WIDTH, activation="relu") for _layer in range(2)]
    model = keras.Sequential([keras.Input((1,)), *hidden, keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(1e-2), loss="mse")
    return model


def measure_keras(repeat: int) -> Floats:
    """As the lesson does it: six networks on six training sets; bias², variance and training error after 10, 50 and 300
    rounds. An epoch is ten rounds. Shape (3, 3)."""
    keras = load_keras()
    x, y = draw_sets(KERAS_SETS, ROWS, repeat)
    predictions, errors = [], []
    for number in range(KERAS_SETS):
        keras.utils.set_random_seed(10 * repeat + number)
        model, done = keras_network(keras), 0
        for rounds in KERAS_AXES["rounds"].tolist():
            rows = [np.tile(each[number], 10) for each in (x, y)]
            model.fit(*rows, batch_size=10, epochs=(rounds - done) // 10, verbose=0)
            done = rounds
            predictions.append(np.asarray(model(GRID[:, None]))[:, 0])
            errors.append(float(np.mean((np.asarray(model(x[number][:, None]))[:, 0] - y[number]) ** 2)))
    by_rounds = np.array(predictions).reshape(KERAS_SETS, -1, len(GRID)).transpose(1, 0, 2)
    training = np.array(errors).reshape(KERAS_SETS, -1).mean(axis=0)
    parts = [two_parts(each, rule(GRID)) for each in by_rounds]
    return np.array([[*pair, error] for pair, error in zip(parts, training, strict=True)])


def measure_hospitals(seed: int) -> Floats:
    """Two networks of the lesson on overfitting, each on 150 other patients: what they predict for the 142 test
    patients after 10 and 40 epochs, and what is right, in hundreds of points. Shape (2, 3, 142)."""
    keras, patients = load_keras(), load_patients(seed)
    x, y = patients.but_test
    found = []
    for number in range(2):
        rows = slice(number * HOSPITAL_ROWS, (number + 1) * HOSPITAL_ROWS)
        keras.utils.set_random_seed(10 * seed + number)
        model, done = patient_network(keras), 0
        for epoch in PATIENT_AXES["epoch"].tolist():
            model.fit(x[rows], y[rows], batch_size=20, epochs=epoch - done, verbose=0)
            done = epoch
            found.append(np.asarray(model(patients.x_test))[:, 0])
    early_a, late_a, early_b, late_b = found
    return np.array([[early_a, early_b, patients.y_test], [late_a, late_b, patients.y_test]])

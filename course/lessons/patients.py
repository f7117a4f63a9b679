"""Ten measurements of 442 diabetes patients, and how far the disease had progressed a year later.

Reads one small file that travels with the course (data/patients.npz; origin and licence in data/README.md). It must
never download anything, and the same seed must always give the same rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from course.lessons.dense_blocks import dense_block
from course.lessons.split import Split

FILE = Path(__file__).parent / "data" / "patients.npz"
N_TRAIN, N_VALIDATION = 200, 100
POINTS = 100.0  # a target of 1.0 stands for 100 points of the doctors' score


def load_patients(seed: int = 0) -> Split:
    """Splits the patients at random into 200 to train, 100 to validate and 142 to test on; seed chooses who is where.

    x: ten columns, each with mean 0 and spread 1 over the training rows. y: disease progression in hundreds of points,
    0.25–3.46.
    """
    with np.load(FILE, allow_pickle=False) as stored:
        x, y = stored["measurements"].astype(np.float64), stored["progression"].astype(np.float64) / POINTS
    order = np.random.default_rng(seed).permutation(len(x))
    train, validation, test = np.split(order, [N_TRAIN, N_TRAIN + N_VALIDATION])
    x = (x - x[train].mean(axis=0)) / x[train].std(axis=0)
    return Split(x[train], y[train], x[validation], y[validation], x[test], y[test])


def patient_network(keras: Any, rate: float | None = None, l2: float = 0.0, momentum: float | None = None) -> Any:
    """The network that every chapter trains on the patients (10-256-256-1), compiled, with fresh weights.

    rate: of a Dropout layer after each hidden layer; there is none if it is None. l2: strength of an L2 penalty on the
    weights of every layer. momentum: of a BatchNormalization layer before each ReLU; there is none if it is None.
    """
    penalty = {"kernel_regularizer": keras.regularizers.L2(l2)} if l2 else {}
    hidden = []
    for _layer in range(2):
        hidden += dense_block(keras, 256, "relu", momentum, **penalty)
        if rate is not None:
            hidden.append(keras.layers.Dropout(rate))
    model = keras.Sequential([keras.Input((10,)), *hidden, keras.layers.Dense(1, **penalty)])
    model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mse", metrics=["mae"])
    return model

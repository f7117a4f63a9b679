"""Networks of many layers on the digits, with and without batch normalization, as the lesson builds and trains them.

Nothing here loads Keras: who has it hands it in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from course.lessons.arrays import Floats, Ints
from course.lessons.dense_blocks import dense_block
from course.lessons.digits import N_CLASSES, SIDE

WIDTH = 64
MOMENTUM = 0.9
BATCH, EPOCHS = 50, 15
STEPS_AN_EPOCH = 10  # 500 rows in batches of 50


@dataclass(frozen=True)
class Shape:
    """Hidden layers of a network: how many, how wide, their activation, and how Keras draws their weights at the start
    ("he_normal" is meant for ReLU)."""

    depth: int
    activation: str
    width: int = WIDTH
    start: str = "glorot_uniform"  # Keras's own


def deep_network(keras: Any, shape: Shape, momentum: float | None) -> Any:
    """A classifier of the digits with these hidden layers, not compiled, with fresh weights.

    momentum: of a BatchNormalization layer before each activation; there is none if it is None.
    """
    model = keras.Sequential([keras.Input((SIDE * SIDE,))])
    for _layer in range(shape.depth):
        for layer in dense_block(keras, shape.width, shape.activation, momentum, kernel_initializer=shape.start):
            model.add(layer)
    model.add(keras.layers.Dense(N_CLASSES, activation="softmax"))
    return model


def fit(model: Any, optimizer: Any, x: Floats, y: Ints, **options: Any) -> None:
    """Compiles the model and fits it, as the lesson does unless options say otherwise."""
    model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, **{"batch_size": BATCH, "epochs": EPOCHS, "verbose": 0, **options})


def norms_of(model: Any) -> list[Any]:
    """The model's BatchNormalization layers, in order."""
    return [layer for layer in model.layers if type(layer).__name__ == "BatchNormalization"]


def recalibrate(model: Any, x: Floats) -> None:
    """Sets all moving averages to the statistics of these rows, as one batch; no weight changes."""
    norms = norms_of(model)
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 0.0
    model(x, training=True)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum

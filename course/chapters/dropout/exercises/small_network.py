"""A small Keras network with dropout, for the exercises that predict and train."""

from __future__ import annotations

from typing import Any

from course.exercises.observe import Array
from course.keras_loading import load_keras


def small_network(weights: list[Array], rate: float) -> Any:
    """Input - ReLU - Dropout(rate) - softmax, with those weights."""
    keras = load_keras()
    (n, width), n_classes = weights[0].shape, len(weights[3])
    hidden, head = keras.layers.Dense(width, activation="relu"), keras.layers.Dense(n_classes, activation="softmax")
    model = keras.Sequential([keras.Input((n,)), hidden, keras.layers.Dropout(rate), head])
    model.set_weights(weights)
    return model

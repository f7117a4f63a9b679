"""A hidden layer of a Keras network, with or without batch normalization, as the lessons build it.

Nothing here loads Keras: who has it hands it in.
"""

from __future__ import annotations

from typing import Any


def dense_block(keras: Any, width: int, activation: str, momentum: float | None, **options: Any) -> list[Any]:
    """The layers of a hidden layer: Dense with its activation, or, where there is a momentum, Dense without a bias,
    BatchNormalization and then the activation. options: of the Dense layer."""
    layers = keras.layers
    if momentum is None:
        return [layers.Dense(width, activation=activation, **options)]
    normalised = layers.BatchNormalization(momentum=momentum)
    return [layers.Dense(width, use_bias=False, **options), normalised, layers.Activation(activation)]

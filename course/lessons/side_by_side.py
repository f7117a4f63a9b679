"""Many small regression networks in plain NumPy, trained side by side, each on a training set of its own.

One matrix product serves them all, so that forty networks take hardly longer than one. It must never import TensorFlow
and must give the same networks for the same seed.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from course.lessons.arrays import Floats
from course.lessons.networks import Adam, Array, Layers, copied, logits_of


def train_side_by_side(
    x: Floats, y: Floats, width: int, stops: Iterable[int], seed: int = 0, learning_rate: float = 1e-2
) -> dict[int, Layers]:
    """For each set of rows a ReLU network 1-width-width-1, trained with Adam on the mean squared error.

    x, y: (sets, rows), one input and one target a row. A step uses all rows of a set. stops: numbers of steps; the
    networks as they were after each, by that number. Every network starts from weights of its own.
    """
    rows, targets = (np.asarray(each, dtype=np.float32)[..., None] for each in (x, y))
    layers = _initial_layers(len(rows), width, np.random.default_rng(seed))
    adam, wanted, found = Adam(layers, learning_rate), sorted(set(stops)), {}
    for step in range(1, wanted[-1] + 1):
        adam.apply(_gradients(layers, rows, targets))
        if step in wanted:
            found[step] = copied(layers)
    return found


def predictions_of(layers: Layers, x_new: Floats) -> Floats:
    """What each network predicts at new inputs (points,); shape (sets, points)."""
    column, sets = x_new.astype(np.float32)[:, None], len(layers[0][0])
    # One network after the other: with many points, its values stay in the processor's cache.
    found = [logits_of([(weights[k], biases[k]) for weights, biases in layers], column)[:, 0] for k in range(sets)]
    return np.array(found, dtype=np.float64)


def _initial_layers(sets: int, width: int, rng: np.random.Generator) -> Layers:
    """He-initialised weights; the first layer's biases are spread over −1 to 1, where the inputs lie."""
    layers: Layers = []
    for n_in, n_out in ((1, width), (width, width), (width, 1)):
        weights = rng.standard_normal((sets, n_in, n_out)) * np.sqrt(2.0 / n_in)
        biases = rng.uniform(-1, 1, (sets, 1, n_out)) if n_in == 1 else np.zeros((sets, 1, n_out))
        layers.append((weights.astype(np.float32), biases.astype(np.float32)))
    return layers


def _gradients(layers: Layers, x: Array, targets: Array) -> list[Array]:
    """Of each network's mean squared error, by its parameters from the input upwards."""
    inputs = [x]
    for weights, biases in layers[:-1]:
        inputs.append(np.maximum(_product(inputs[-1], weights) + biases, 0.0))
    weights, biases = layers[-1]
    delta = 2 * (inputs[-1] @ weights + biases - targets) / x.shape[1]
    gradients: list[Array] = []
    for depth in reversed(range(len(layers))):
        gradients = [inputs[depth].transpose(0, 2, 1) @ delta, delta.sum(axis=1, keepdims=True), *gradients]
        if depth:
            delta = _product(delta, layers[depth][0].transpose(0, 2, 1)) * (inputs[depth] > 0)
    return gradients


def _product(left: Array, right: Array) -> Array:
    """Each network's matrix product. Over a single number it needs no sums, and takes half the time without them."""
    return left * right if left.shape[-1] == 1 else left @ right

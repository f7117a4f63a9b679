"""A classifier in plain NumPy, with dropout, L2 and max-norm: small enough to read, trained while a learner waits.

It exists to be looked into (masks, memorised labels, many fits in a second) and to check what a lesson says about Keras
by a second, independent road. It must never import TensorFlow and must give the same network for the same seed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from course.lessons.arrays import Ints
from course.lessons.masks import dropout_mask
from course.lessons.metrics import softmax

Array = NDArray[np.floating]
Layers = list[tuple[Array, Array]]  # (weights (n_in, n_out), biases (n_out,)) from the input upwards


@dataclass(frozen=True)
class Recipe:
    """How to train: width of the two hidden layers, drop probability (0 ≤ rate < 1), Adam's step, rows per batch.

    Partners of dropout: input_rate drops pixels (0 ≤ input_rate < 1); l2 adds l2 · Σw² over all weight matrices to the
    loss; max_norm caps the length of each hidden unit's incoming weights after every step (None: no cap). second_rate:
    drop probability after the second hidden layer (None: the same as rate).
    """

    width: int = 256
    rate: float = 0.0
    learning_rate: float = 3e-3
    batch_size: int = 100
    epochs: int = 40
    input_rate: float = 0.0
    l2: float = 0.0
    max_norm: float | None = None
    second_rate: float | None = None


def initial_layers(sizes: list[int], rng: np.random.Generator) -> Layers:
    """He-initialised weights and zero biases for the given layer sizes."""
    return [
        ((rng.standard_normal((n_in, n_out)) * np.sqrt(2.0 / n_in)).astype(np.float32), np.zeros(n_out, np.float32))
        for n_in, n_out in pairwise(sizes)
    ]


def logits_of(layers: Layers, x: Array, scale_hidden: float = 1.0) -> Array:
    """The inference pass: every unit takes part. scale_hidden multiplies hidden activations (1 is right for inverted
    dropout; other values show what wrong rules do). x: (rows, inputs). Returns shape (rows, classes), in the layers'
    precision: in a higher one the same pass takes two to five times as long."""
    x = x.astype(layers[0][0].dtype, copy=False)
    for weights, biases in layers[:-1]:
        x = np.maximum(x @ weights + biases, 0.0)
        if scale_hidden != 1.0:
            x = x * scale_hidden
    return x @ layers[-1][0] + layers[-1][1]


def train(x: Array, y: Ints, recipe: Recipe, seed: int = 0) -> Layers:
    """Trains a ReLU classifier (two hidden layers of recipe.width, dropout after each) and returns its layers."""
    return _last(train_epochs(x, y, recipe, seed))


def train_sizes(sizes: list[int], x: Array, y: Ints, recipe: Recipe, seed: int = 0) -> Layers:
    """As train, for any layer sizes, from inputs to classes; recipe.width is not used."""
    return _last(train_epochs(x, y, recipe, seed, sizes=sizes))


def _last(epochs: Iterator[Layers]) -> Layers:
    (layers,) = deque(epochs, maxlen=1)
    return layers


def train_epochs(
    x: Array,
    y: Ints,
    recipe: Recipe,
    seed: int = 0,
    watch: Callable[[Array, Ints], None] | None = None,
    sizes: list[int] | None = None,
) -> Iterator[Layers]:
    """Trains and yields the layers after each epoch. Adam (Kingma & Ba 2015, algorithm 1) on the cross-entropy.

    What is yielded is the caller's own: a copy. watch is called for each batch with what the thinned network said about
    it (rows, classes), before the update, and the rows' labels. sizes: of all layers, where not as the recipe says.
    """
    rng = np.random.default_rng(seed)
    n_classes = int(y.max()) + 1
    layers = initial_layers(sizes or [x.shape[1], recipe.width, recipe.width, n_classes], rng)
    x, targets = x.astype(np.float32), np.eye(n_classes, dtype=np.float32)[y]
    adam = Adam(layers, recipe.learning_rate)
    rates = (recipe.rate, recipe.rate if recipe.second_rate is None else recipe.second_rate)
    for _epoch in range(recipe.epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), recipe.batch_size):
            rows = order[start : start + recipe.batch_size]
            seen = x[rows] * dropout_mask(rng, x[rows].shape, recipe.input_rate) if recipe.input_rate else x[rows]
            gradients, said = _gradients(layers, seen, targets[rows], rates, rng)
            if watch:
                watch(said, y[rows])
            if recipe.l2:
                gradients = [
                    g + 2 * recipe.l2 * p * (p.ndim == 2) for g, p in zip(gradients, adam.parameters, strict=True)
                ]
            adam.apply(gradients)
            if recipe.max_norm is not None:
                _cap_incoming(layers[:-1], recipe.max_norm)
        yield copied(layers)


def copied(layers: Layers) -> Layers:
    """The same numbers in arrays of their own."""
    return [(weights.copy(), biases.copy()) for weights, biases in layers]


def _gradients(
    layers: Layers, x: Array, targets: Array, rates: tuple[float, ...], rng: np.random.Generator
) -> tuple[list[Array], Array]:
    """One training pass forth and back: gradients, and the thinned network's probabilities.

    A mask multiplies the gradient exactly where it multiplied the activation.
    """
    inputs, masks = [x], []
    for (weights, biases), rate in zip(layers[:-1], rates, strict=False):
        mask = dropout_mask(rng, (len(x), weights.shape[1]), rate)
        inputs.append(np.maximum(inputs[-1] @ weights + biases, 0.0) * mask)
        masks.append(mask)
    weights, biases = layers[-1]
    said = softmax(inputs[-1] @ weights + biases)
    delta = (said - targets) / len(x)
    gradients: list[Array] = []
    for depth in reversed(range(len(layers))):
        gradients = [inputs[depth].T @ delta, delta.sum(axis=0), *gradients]
        if depth:
            delta = (delta @ layers[depth][0].T) * masks[depth - 1] * (inputs[depth] > 0)
    return gradients, said


def _cap_incoming(layers: Layers, longest: float) -> None:
    """Shortens, in place, each unit's incoming weights to that length (Srivastava et al. 2014, section 5.1)."""
    for weights, _biases in layers:
        lengths = np.sqrt((weights**2).sum(axis=0, keepdims=True))
        weights[...] = weights * np.minimum(1.0, longest / np.maximum(lengths, 1e-12)).astype(weights.dtype)


class Adam:
    """Adam's two running averages for a list of layers, which it updates in place.

    It reckons with all parameters in one row: small networks have few numbers, so that each call of NumPy counts.
    """

    def __init__(self, layers: Layers, learning_rate: float) -> None:
        self.parameters = [array for layer in layers for array in layer]
        self.learning_rate, self.steps = learning_rate, 0
        row = np.concatenate([p.ravel() for p in self.parameters])
        self._first, self._second, self._scratch, self._change = (np.zeros_like(row) for _row in range(4))
        ends = np.cumsum([p.size for p in self.parameters])
        parts = zip(np.split(self._change, ends[:-1]), self.parameters, strict=True)
        self._changes = [part.reshape(p.shape) for part, p in parts]  # views

    def apply(self, gradients: list[Array], beta1: float = 0.9, beta2: float = 0.999) -> None:
        self.steps += 1
        step = np.float32(self.learning_rate * np.sqrt(1 - beta2**self.steps) / (1 - beta1**self.steps))
        gradient, scratch = np.concatenate([g.ravel() for g in gradients]), self._scratch
        np.subtract(gradient, self._first, out=scratch)
        self._first += np.multiply(scratch, 1 - beta1, out=scratch)
        np.subtract(np.square(gradient, out=scratch), self._second, out=scratch)
        self._second += np.multiply(scratch, 1 - beta2, out=scratch)
        np.add(np.sqrt(self._second, out=scratch), 1e-7, out=scratch)
        np.divide(np.multiply(self._first, step, out=self._change), scratch, out=self._change)
        for parameter, change in zip(self.parameters, self._changes, strict=True):
            np.subtract(parameter, change, out=parameter)

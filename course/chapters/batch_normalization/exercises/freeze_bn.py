"""E3 on the learner's side: a model whose BatchNormalization layers are frozen, observed by what a fit moves."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, ContractBroken, Exercise
from course.exercises.codec import Value
from course.exercises.observe import Array, array_of, describe
from course.keras_loading import load_keras, quiet_tensorflow_log
from course.language import _

INPUTS, WIDTH = 4, 5
PLACES = ("outer", "nested")  # layers of the model itself, and of models that are layers of it


class FreezeBn(Exercise):
    """E3: freeze_bn(model) -> the same model.

    The observer compiles and fits what comes back, and notes how far each kind of variable has moved.
    """

    entry = "freeze_bn"
    points = 3.0
    needs_keras = True

    def hints(self) -> list[str]:
        return [
            _("Which attribute of a layer froze it in the lesson? `isinstance` tells which layers are meant."),
            _("A model that is a layer has `layers` of its own. How can your function be used on that one, too?"),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for depth, label in (
            (0, _("a model without models in it")),
            (1, _("a model with a model in it")),
            (2, _("a model in a model in a model")),
        ):
            rows = {"x": rng.normal(2.0, 1.5, (12, INPUTS)), "y": rng.normal(size=(12, 1))}
            blocks = [_block(rng, INPUTS), _block(rng, WIDTH)]
            yield Case(label, {"depth": depth, "blocks": blocks, "last": rng.normal(size=(WIDTH, 1)), **rows})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        keras, inputs = load_keras(), case.inputs
        model = nested_model(keras, inputs["depth"])
        layers = _layers_by_place(keras, model)
        _set_weights(layers, inputs)
        returned = candidate(model)
        if returned is not model:
            message = _("Expected the same model that was given, but got {came}.")
            raise ContractBroken(message.format(came=describe(returned)))
        x, y = inputs["x"].astype("float32"), inputs["y"].astype("float32")
        with quiet_tensorflow_log(), warnings.catch_warnings(action="ignore"):  # of a model with nothing left to train
            training = array_of(model(x, training=True), _("the output"))
            before = {place: _variables(found) for place, found in layers.items()}
            model.compile(keras.optimizers.SGD(0.05), loss="mse")
            model.run_eagerly = True  # without building a graph first
            model.fit(x, y, batch_size=6, epochs=2, verbose=0)
        values: dict[str, Value] = {"training": training}
        for place, found in layers.items():
            after = _variables(found)
            for kind, old in before[place].items():
                values[f"{place}_{kind}"] = array_of(
                    [np.abs(b - a).max() for a, b in zip(old, after[kind], strict=True)], kind
                )
        return values


def nested_model(keras: Any, depth: int) -> Any:
    """A small regression network with two BatchNormalization layers, the second one inside that many models."""
    layers = keras.layers
    inner = [layers.Dense(WIDTH, use_bias=False), layers.BatchNormalization(), layers.Activation("tanh")]
    for _model in range(depth):
        inner = [keras.Sequential([keras.Input((WIDTH,)), *inner])]
    outer = [layers.Dense(WIDTH, use_bias=False), layers.BatchNormalization(), layers.Activation("tanh")]
    return keras.Sequential([keras.Input((INPUTS,)), *outer, *inner, layers.Dense(1)])


def _block(rng: np.random.Generator, inputs: int) -> dict[str, Array]:
    """Weights of a Dense layer and the BatchNormalization after it; its averages are far from any batch's."""
    return {
        "kernel": rng.normal(size=(inputs, WIDTH)),
        "gamma": rng.uniform(0.5, 1.5, WIDTH),
        "beta": rng.normal(0.0, 0.5, WIDTH),
        "moving_mean": rng.normal(0.0, 2.0, WIDTH),
        "moving_variance": rng.uniform(2.0, 6.0, WIDTH),
    }


def _set_weights(layers: dict[str, list[Any]], inputs: Mapping[str, Any]) -> None:
    """Puts the case's weights into the layers; the last Dense layer is the model's own."""
    outer, nested = ([each for each in layers[place] if each.weights] for place in PLACES)
    *hidden, last = [*outer[:-1], *nested, outer[-1]]
    for dense, norm, block in zip(hidden[::2], hidden[1::2], inputs["blocks"], strict=True):
        dense.kernel.assign(block["kernel"])
        for name in ("gamma", "beta", "moving_mean", "moving_variance"):
            getattr(norm, name).assign(block[name])
    last.kernel.assign(inputs["last"])


def _layers_by_place(keras: Any, model: Any) -> dict[str, list[Any]]:
    """The layers with weights: the model's own, and those in models inside it."""
    nested: list[Any] = []
    waiting = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    while waiting:
        for layer in waiting.pop().layers:
            (waiting if isinstance(layer, keras.Model) else nested).append(layer)
    return {"outer": [layer for layer in model.layers if not isinstance(layer, keras.Model)], "nested": nested}


def _variables(layers: list[Any]) -> dict[str, list[Any]]:
    """Copies of the variables by kind: "kernels", "gamma_beta" and "averages"."""
    found: dict[str, list[Any]] = {"kernels": [], "gamma_beta": [], "averages": []}
    for layer in layers:
        if hasattr(layer, "moving_mean"):
            found["gamma_beta"] += [np.array(layer.gamma), np.array(layer.beta)]
            found["averages"] += [np.array(layer.moving_mean), np.array(layer.moving_variance)]
        elif hasattr(layer, "kernel"):
            found["kernels"].append(np.array(layer.kernel))
    return found

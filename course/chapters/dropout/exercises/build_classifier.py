"""E4 on the learner's side: a Keras classifier, observed by what it answers to weights that the case chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from course.exercises.base import Case, ContractBroken, Exercise
from course.exercises.codec import Value
from course.exercises.keras_probes import layers_in_words, require_one_output, set_weights
from course.exercises.observe import Array, array_of, describe
from course.keras_loading import load_keras, quiet_tensorflow_log
from course.language import _

# The probes below turn the model's own outputs into a meter: with these weights, log p_j − log p_last of a
# softmax is exactly the (dropped and rescaled) activation of hidden unit j.
PROBES = ("hidden_2", "hidden_1", "input")
N_PROBE_ROWS = 2000


class BuildClassifier(Exercise):
    """E4: build_classifier(n_features, n_classes, width, rate, input_rate=0.0) -> keras.Model, not compiled.

    Any way of building it is welcome (Sequential, Functional, subclass): only its answers to weights that the case
    chooses are noted. hidden_2, hidden_1 and input name where a probe can see dropout.
    """

    entry = "build_classifier"
    points = 4.0
    needs_keras = True

    def hints(self) -> list[str]:
        return [
            _("What stands between a hidden layer and the next one? Write the layers down as a list, in order."),
            _(
                "`keras.layers.Dropout(r)` takes the probability to drop. It knows by itself whether it is training, "
                "as long as you do not tell it."
            ),
            _(
                "Begin with `keras.Input(shape=(n_features,))`. Each hidden `Dense` is followed by its own `Dropout`; "
                "the layer for the inputs is added under an `if`."
            ),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for n_features, n_classes, width, rate, input_rate in (
            (6, 4, 10, 0.2, 0.0),
            (7, 5, 12, 0.4, 0.3),
            (3, 2, 5, 0.3, 0.0),  # two classes are classes too; too few to see dropout by
        ):
            told = f", input_rate={input_rate}" if input_rate else ""
            yield Case(
                f"build_classifier({n_features}, {n_classes}, {width}, {rate}{told})",
                {
                    "n_features": n_features,
                    "n_classes": n_classes,
                    "width": width,
                    "rate": rate,
                    "input_rate": input_rate,
                    "x": rng.normal(0.0, 1.0, (16, n_features)) * np.geomspace(1, 8, 16)[:, None],
                    "weights": random_weights(rng, n_features, n_classes, width),
                },
            )

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        keras = load_keras()
        inputs = case.inputs
        arguments = [inputs[name] for name in ("n_features", "n_classes", "width", "rate")]
        options = {"input_rate": inputs["input_rate"]} if inputs["input_rate"] else {}  # else its default must do
        model = candidate(*arguments, **options)
        if not isinstance(model, keras.Model):
            raise ContractBroken(_("Expected a keras.Model, but got {came}.").format(came=describe(model)))
        x = inputs["x"].astype("float32")
        require_one_output(model(x))
        values: dict[str, Value] = {"compiled": bool(model.compiled)}
        values["weight_shapes"] = [list(np.shape(w)) for w in model.get_weights()]
        values["layers"] = layers_in_words(model)
        if not set_weights(model, inputs["weights"]):
            return values
        model.run_eagerly = True  # the answers of `predict`, without building a graph and a data pipeline first
        with quiet_tensorflow_log():
            values["predict"] = array_of(model.predict_on_batch(x), "predict")
        if inputs["n_classes"] == 2:
            return values
        values["call"] = array_of(model(x), "call")
        for probe in PROBES:
            set_weights(model, probe_weights(probe, inputs["n_features"], inputs["n_classes"], inputs["width"]))
            rows = np.ones((N_PROBE_ROWS, inputs["n_features"]), "float32")
            values[probe] = array_of(model(rows, training=True), probe)
        return values


def weight_shapes(n_features: int, n_classes: int, width: int) -> list[tuple[int, ...]]:
    """Kernel and bias shapes of the two hidden layers and the head, in that order."""
    sizes = [n_features, width, width, n_classes]
    return [shape for a, b in pairwise(sizes) for shape in ((a, b), (b,))]


def random_weights(rng: np.random.Generator, n_features: int, n_classes: int, width: int) -> list[Array]:
    """Large enough for hidden values far above 6 (a capped ReLU shows), small enough not to saturate the softmax."""
    shapes = weight_shapes(n_features, n_classes, width)
    scales = (0.5, 0.5, 0.5, 0.5, 0.05, 0.5)
    return [rng.normal(0.0, scale, shape) for scale, shape in zip(scales, shapes, strict=True)]


def probe_weights(probe: str, n_features: int, n_classes: int, width: int) -> list[Array]:
    """Weights under which log p_j − log p_last of class j shows hidden unit j, for inputs of ones.

    hidden_2: units of the second hidden layer are 1 before its dropout, whatever came before.
    hidden_1: the second layer copies the first, whose units are 1 before dropout.
    input: both layers copy the inputs.
    """
    w1, b1, w2, b2, w3, b3 = (np.zeros(shape) for shape in weight_shapes(n_features, n_classes, width))
    w3[: n_classes - 1, : n_classes - 1] = np.eye(n_classes - 1)
    if probe == "hidden_2":
        b2 += 1.0
    else:
        w2 += np.eye(width)
    if probe == "hidden_1":
        b1 += 1.0
    elif probe == "input":
        w1[: min(n_features, width), : min(n_features, width)] = np.eye(min(n_features, width))
    return [w1, b1, w2, b2, w3, b3]

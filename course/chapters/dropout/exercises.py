"""The learner's side of the Dropout exercises: which inputs are tried and what is noted about the answers.

Runs in the learner's kernel, so it returns numbers only and decides nothing. Keras is imported where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from course.exercises.base import Case, ContractBroken, Exercise
from course.exercises.values import Value
from course.language import _
from course.quiet import load_keras, quiet_tensorflow_log

Array = np.ndarray[Any, np.dtype[Any]]
N_CALLS = 6
BAD_RATES = (-0.1, 1.0, 1.5)


class InvertedDropout(Exercise):
    """E1: inverted_dropout(x, rate, rng, training) -> (out, mask)."""

    entry = "inverted_dropout"
    points = 4.0

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for rate in (0.2, 0.3, 0.8):
            yield Case(
                _("rate={rate} on x of shape (200, 500)").format(rate=rate),
                {
                    "rate": rate,
                    "x": np.round(rng.uniform(0.5, 1.5, (200, 500)), 2),
                    "small": np.round(rng.normal(0.0, 1.0, (20, 30)), 2),
                    "integers": rng.integers(1, 9, (4, 6)),
                    "seed": int(rng.integers(2**31)),
                },
            )

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        inputs = case.inputs
        rate, small = inputs["rate"], inputs["small"]
        rng = np.random.default_rng(inputs["seed"])
        out, mask = _pair(candidate(inputs["x"].copy(), rate, rng, True))
        given = small.copy()
        masks = [_pair(candidate(given, rate, rng, True))[1] for _i in range(N_CALLS)]
        again, twin = (np.random.default_rng(inputs["seed"] + 1) for _i in range(2))
        first = _pair(candidate(small.copy(), rate, again, True))[1]
        repeated = _pair(candidate(small.copy(), rate, twin, True))[1]
        seen, seen_mask = _pair(candidate(small.copy(), rate, rng, False))
        integers_out, integers_mask = _pair(candidate(inputs["integers"].copy(), rate, rng, True))
        return {
            "out": out,
            "mask": mask,
            "masks": _stack(masks),
            "x_after": given,
            "first": first,
            "repeated": repeated,
            "inference_out": seen,
            "inference_mask": seen_mask,
            "integers_out": integers_out,
            "integers_mask": integers_mask,
            "refused": [_refuses(candidate, small.copy(), bad) for bad in BAD_RATES],
        }


def _pair(result: object) -> tuple[Array, Array]:
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise ContractBroken(_("Expected a pair (out, mask), but got {came}.").format(came=_describe(result)))
    return np.asarray(result[0]), np.asarray(result[1])


def _describe(result: object) -> str:
    if result is None:
        return _("None (is the `return` missing?)")
    shape = getattr(result, "shape", None)
    kind = type(result).__name__
    return f"{kind} {tuple(shape)}" if shape is not None else kind


def _stack(arrays: list[Array]) -> Array:
    if len({array.shape for array in arrays}) != 1:
        raise ContractBroken(_("The mask's shape changes from call to call."))
    return np.stack(arrays)


def _refuses(candidate: Callable[..., Any], x: Array, rate: float) -> str:
    """Name of the exception for a rate outside 0 ≤ rate < 1, '' if there was none."""
    try:
        candidate(x, rate, np.random.default_rng(0), True)
    except Exception as error:
        return type(error).__name__
    return ""


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

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for n_features, n_classes, width, rate, input_rate in ((6, 4, 10, 0.2, 0.0), (7, 5, 12, 0.6, 0.3)):
            yield Case(
                f"build_classifier({n_features}, {n_classes}, {width}, {rate}, input_rate={input_rate})",
                {
                    "n_features": n_features,
                    "n_classes": n_classes,
                    "width": width,
                    "rate": rate,
                    "input_rate": input_rate,
                    "x": rng.normal(0.0, 1.0, (16, n_features)),
                    "weights": random_weights(rng, n_features, n_classes, width),
                },
            )

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        keras = load_keras()
        inputs = case.inputs
        arguments = [inputs[name] for name in ("n_features", "n_classes", "width", "rate")]
        model = candidate(*arguments, input_rate=inputs["input_rate"])
        if not isinstance(model, keras.Model):
            raise ContractBroken(_("Expected a keras.Model, but got {came}.").format(came=_describe(model)))
        x = inputs["x"].astype("float32")
        values: dict[str, Value] = {"compiled": bool(model.compiled), "shape": list(np.shape(model(x)))}
        values["weight_shapes"] = [list(np.shape(w)) for w in model.get_weights()]
        values["layers"] = _layers(model)
        if not _set_weights(model, inputs["weights"]):
            return values
        with quiet_tensorflow_log():
            values["predict"] = [model.predict(x, verbose=0) for _i in range(2)]
        values["call"] = [np.asarray(model(x)) for _i in range(2)]
        for probe in PROBES:
            _set_weights(model, probe_weights(probe, inputs["n_features"], inputs["n_classes"], inputs["width"]))
            rows = np.ones((N_PROBE_ROWS, inputs["n_features"]), "float32")
            values[probe] = np.asarray(model(rows, training=True))
        return values


def weight_shapes(n_features: int, n_classes: int, width: int) -> list[tuple[int, ...]]:
    """Kernel and bias shapes of the two hidden layers and the head, in that order."""
    sizes = [n_features, width, width, n_classes]
    return [shape for a, b in pairwise(sizes) for shape in ((a, b), (b,))]


def random_weights(rng: np.random.Generator, n_features: int, n_classes: int, width: int) -> list[Array]:
    return [rng.normal(0.0, 0.5, shape) for shape in weight_shapes(n_features, n_classes, width)]


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


def _set_weights(model: Any, weights: list[Array]) -> bool:
    """Puts the weights in by shape (a subclass may create its layers in any order); False if they do not fit."""
    own = [np.shape(w) for w in model.get_weights()]
    left = list(weights)
    ordered: list[Array] = []
    for shape in own:
        fitting = [i for i, w in enumerate(left) if w.shape == shape]
        if not fitting:
            return False
        ordered.append(left.pop(fitting[0]))
    if left:
        return False
    model.set_weights(ordered)
    return True


def _layers(model: Any) -> list[str]:
    """The model's layers in words, for the learner's report only; nothing is judged by them."""
    words = []
    for layer in getattr(model, "layers", [])[:20]:
        told = [f"{name}={getattr(layer, name)}" for name in ("units", "rate") if hasattr(layer, name)]
        words.append(f"{type(layer).__name__}({', '.join(told)})")
    return words


EXERCISES: tuple[Exercise, ...] = (InvertedDropout(), BuildClassifier())

"""E4 on the learner's side: a compiled Keras model, observed by its loss for weights that the case sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, ContractBroken, Exercise
from course.exercises.codec import Value
from course.exercises.keras_probes import layers_in_words, require_one_output, set_weights
from course.exercises.observe import Array, array_of, describe
from course.keras_loading import load_keras, quiet_tensorflow_log
from course.language import _

WIDTH = 8
PROBES = ("none", "hidden", "output", "biases", "all")  # which weights are not 0
KEPT: dict[str, tuple[int, ...]] = {"none": (), "hidden": (0,), "output": (2,), "biases": (1, 3), "all": (0, 1, 2, 3)}


class PenalisedModel(Exercise):
    """E4: penalised_model(n, l2) -> keras.Model, compiled.

    Any way of building it is welcome: only losses are noted, for weights of which some are 0. The model always misses
    by the same: its targets are its own predictions and y. So what the loss rises by is what the weights pay.
    """

    entry = "penalised_model"
    points = 3.0
    needs_keras = True

    def hints(self) -> list[str]:
        return [
            _("Which argument of `Dense` took the penalty in the lesson? Which layers have weights?"),
            _("`keras.regularizers.L2(l2)` belongs to both layers; `compile` is as in the lesson."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for n, l2 in ((5, 0.2), (3, 0.03)):
            shapes = ((n, WIDTH), (WIDTH,), (WIDTH, 1), (1,))
            weights = [rng.normal(0.0, 1.0, shape) for shape in shapes]
            rows = {"x": rng.normal(size=(16, n)), "y": rng.normal(size=(16, 1))}
            hidden = np.maximum(rows["x"] @ weights[0] + weights[1], 0)
            weights[3] = -np.median(hidden @ weights[2], axis=0)  # half of the outputs lie below 0, where ReLU is seen
            yield Case(f"penalised_model({n}, {l2})", {"n": n, "l2": l2, "weights": weights, **rows})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        keras, inputs = load_keras(), case.inputs
        model = candidate(inputs["n"], inputs["l2"])
        if not isinstance(model, keras.Model):
            raise ContractBroken(_("Expected a keras.Model, but got {came}.").format(came=describe(model)))
        x, y = inputs["x"].astype("float32"), inputs["y"].astype("float32")
        require_one_output(model(x))
        values: dict[str, Value] = {"compiled": bool(model.compiled), "layers": layers_in_words(model)}
        values["weight_shapes"] = [list(np.shape(w)) for w in model.get_weights()]
        if not model.compiled or not set_weights(model, probe_weights(inputs["weights"], "all")):
            return values
        values["output"] = array_of(model(x), "output")
        model.run_eagerly = True  # without building a graph first
        losses = []
        with quiet_tensorflow_log():
            for probe in PROBES:
                set_weights(model, probe_weights(inputs["weights"], probe))
                model.reset_metrics()
                told = model.test_on_batch(x, np.asarray(model(x)) + y)
                losses.append(float(told[0] if isinstance(told, list) else told))
        values["losses"] = array_of(losses, "losses")
        return values


def probe_weights(weights: list[Array], probe: str) -> list[Array]:
    """The case's weights, those that the probe does not keep replaced by 0."""
    return [w if place in KEPT[probe] else np.zeros_like(w) for place, w in enumerate(weights)]

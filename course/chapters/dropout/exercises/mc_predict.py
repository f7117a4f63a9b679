"""E5 on the learner's side: predictions from passes with dropout on.

Where chance would hide a mistake, the learner gets a stand-in model whose "dropout" follows a script: what it answers
can then be worked out exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.chapters.dropout.exercises.small_network import small_network
from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import Array, arrays_of
from course.keras_loading import load_keras, quiet_tensorflow_log
from course.language import _


class McPredict(Exercise):
    """E5: mc_predict(model, x, n_passes) -> (mean, std, entropy)."""

    entry = "mc_predict"
    points = 3.0
    needs_keras = True

    def hints(self) -> list[str]:
        return [
            _("Which way of calling a Keras model leaves dropout on? It is neither `predict` nor a plain call."),
            _("Put the answers of all passes into one array of shape (n_passes, n, n_classes). Which axis is which?"),
            _("The entropy is that of the mean, not the mean of entropies. What is p log p when p is 0?"),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for n_passes, n, n_classes in ((4, 5, 3), (7, 3, 4), (6, 1, 3)):
            script = rng.dirichlet(np.ones(n_classes), (n_passes, n))
            script[:, 0, 0] = 0.0  # a class that no pass believes in
            script[:, 0] /= script[:, 0].sum(axis=-1, keepdims=True)
            if n > 1:
                script[:, 1] = np.eye(n_classes)[np.arange(n_passes) % 2]  # passes that are sure, and disagree
                script[:, 2, 0] = 0.0037  # small enough for a probability clipped at 0.01 to show
                script[:, 2, 1:] *= (1 - 0.0037) / script[:, 2, 1:].sum(axis=-1, keepdims=True)
            label = _("a model with scripted answers, {n} rows, n_passes={n_passes}")
            inputs = {"script": script, "resting": rng.dirichlet(np.ones(n_classes), n), "x": rng.normal(size=(n, 2))}
            yield Case(label.format(n=n, n_passes=n_passes), {"n_passes": n_passes, **inputs})
        for rate, n_passes in ((0.5, 8), (0.0, 3)):
            label = _("a Keras network with Dropout({rate}), n_passes={n}").format(rate=rate, n=n_passes)
            x = rng.uniform(0.5, 1.5, (4, 3))
            yield Case(label, {"n_passes": n_passes, "weights": _live_weights(rng), "x": x, "rate": rate})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        inputs = case.inputs
        x = inputs["x"].astype("float32")
        names = ("mean", "std", "entropy")
        if "script" not in inputs:
            model = small_network(inputs["weights"], inputs["rate"])
            model.run_eagerly = True  # who calls `predict` need not wait for a graph each time
            return {**arrays_of(candidate(model, x, inputs["n_passes"]), names)}
        model = scripted_classifier(inputs["script"], inputs["resting"], x.copy())
        model.run_eagerly = True
        with quiet_tensorflow_log():
            returned = arrays_of(candidate(model, x, inputs["n_passes"]), names)
        return {**returned, **{name: int(counter) for name, counter in model.calls.items()}}


def _live_weights(rng: np.random.Generator) -> list[Array]:
    """Weights of a network 3-6-3 whose hidden units are all active for positive inputs, and whose softmax does not
    saturate: each unit speaks for one class and against another, so every mask moves the answer."""
    sides = rng.permuted(np.tile([1.0, -1.0, 0.0], (6, 1)), axis=1)
    return [
        rng.uniform(0.2, 1.0, (3, 6)),
        rng.uniform(0.1, 0.5, 6),
        rng.uniform(0.15, 0.3, (6, 1)) * sides,
        np.zeros(3),
    ]


CALLS = ("training_calls", "other_calls", "predictions", "on_part_of_x", "on_other_values")


def scripted_classifier(script: Array, resting: Array, x: Array) -> Any:
    """A keras.Model that answers script[0], script[1], … with training on, and resting otherwise.

    It counts its calls in variables, so it also works inside a tf.function: those with dropout on and off, those
    through `predict`, those on fewer or more rows than x has, and those on other values than x.
    """
    keras: Any = load_keras()

    class ScriptedClassifier(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            options = {"shape": (), "dtype": "int32", "initializer": "zeros", "trainable": False}
            self.calls = {name: self.add_weight(**options) for name in CALLS}
            self.built = True

        def _count(self, name: str, happened: Any = 1) -> None:
            self.calls[name].assign_add(keras.ops.cast(happened, "int32"))

        def call(self, rows: Any, training: Any = None) -> Any:
            if tuple(rows.shape) != x.shape and rows.shape[0] is not None:
                self._count("on_part_of_x")
            elif rows.shape[0] is not None:
                self._count("on_other_values", keras.ops.any(keras.ops.not_equal(rows, x)))
            if not training:
                self._count("other_calls")
                return keras.ops.convert_to_tensor(resting, "float32")[: keras.ops.shape(rows)[0]]
            answers = keras.ops.convert_to_tensor(script, "float32")
            answer = keras.ops.take(answers, self.calls["training_calls"] % len(script), axis=0)
            self._count("training_calls")
            return answer[: keras.ops.shape(rows)[0]]

        def predict(self, *arguments: Any, **options: Any) -> Any:
            self._count("predictions")
            return super().predict(*arguments, **options)

    return ScriptedClassifier()

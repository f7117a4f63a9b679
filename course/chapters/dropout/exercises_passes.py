"""E5 and E6 on the learner's side: passes with dropout on, to predict and to train.

Where chance would hide a mistake, the learner gets a stand-in model whose "dropout" follows a script: what it answers
and what a step does to it can then be worked out exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.answers import Array, arrays_of
from course.exercises.base import Case, Exercise
from course.exercises.observe import describe_exception
from course.exercises.values import Value
from course.language import _
from course.quiet import load_keras, quiet_tensorflow_log

LEARNING_RATE, MOMENTUM = 0.05, 0.9
ACTIVITY_PENALTY, KERNEL_PENALTY, BIAS_PENALTY = 0.2, 0.1, 0.3
N_EXACT_STEPS, N_STEPS = 2, 4


class McPredict(Exercise):
    """E5: mc_predict(model, x, n_samples) -> (mean, std, entropy)."""

    entry = "mc_predict"
    points = 3.0
    needs_keras = True

    def hints(self) -> list[str]:
        return [
            _("Which way of calling a Keras model leaves dropout on? It is neither `predict` nor a plain call."),
            _("Put the answers of all passes into one array of shape (n_samples, n, n_classes). Which axis is which?"),
            _("The entropy is that of the mean, not the mean of entropies. What is p log p when p is 0?"),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for n_samples, n, n_classes in ((4, 5, 3), (7, 3, 4), (6, 1, 3)):
            script = rng.dirichlet(np.ones(n_classes), (n_samples, n))
            script[:, 0, 0] = 0.0  # a class that no pass believes in
            script[:, 0] /= script[:, 0].sum(axis=-1, keepdims=True)
            if n > 1:
                script[:, 1] = np.eye(n_classes)[np.arange(n_samples) % 2]  # passes that are sure, and disagree
                script[:, 2, 0] = 0.0037  # small enough for a probability clipped at 0.01 to show
                script[:, 2, 1:] *= (1 - 0.0037) / script[:, 2, 1:].sum(axis=-1, keepdims=True)
            label = _("a model with scripted answers, {n} rows, n_samples={n_samples}")
            inputs = {"script": script, "resting": rng.dirichlet(np.ones(n_classes), n), "x": rng.normal(size=(n, 2))}
            yield Case(label.format(n=n, n_samples=n_samples), {"n_samples": n_samples, **inputs})
        for rate, n_samples in ((0.5, 8), (0.0, 3)):
            label = _("a Keras network with Dropout({rate}), n_samples={n}").format(rate=rate, n=n_samples)
            x = rng.uniform(0.5, 1.5, (4, 3))
            yield Case(label, {"n_samples": n_samples, "weights": _live_weights(rng), "x": x, "rate": rate})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        inputs = case.inputs
        x = inputs["x"].astype("float32")
        names = ("mean", "std", "entropy")
        if "script" not in inputs:
            model = _network(inputs["weights"], inputs["rate"])
            model.run_eagerly = True  # who calls `predict` need not wait for a graph each time
            return {**arrays_of(candidate(model, x, inputs["n_samples"]), names)}
        model = scripted_classifier(inputs["script"], inputs["resting"], x.copy())
        model.run_eagerly = True
        with quiet_tensorflow_log():
            returned = arrays_of(candidate(model, x, inputs["n_samples"]), names)
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


def _network(weights: list[Array], rate: float) -> Any:
    """Input - ReLU - Dropout(rate) - softmax, with those weights."""
    layers = (keras := load_keras()).layers
    (n, width), n_classes = weights[0].shape, len(weights[3])
    hidden, head = layers.Dense(width, activation="relu"), layers.Dense(n_classes, activation="softmax")
    model = keras.Sequential([keras.Input((n,)), hidden, layers.Dropout(rate), head])
    model.set_weights(weights)
    return model


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


class TrainStep(Exercise):
    """E6: train_step(model, optimizer, loss_fn, x, y) -> float."""

    entry = "train_step"
    points = 3.0
    needs_keras = True

    def hints(self) -> list[str]:
        return [
            _("A gradient tape only knows what was computed while it was open. What must happen inside its `with`?"),
            _("A plain call of a Keras model does not train. And which losses does `loss_fn` know nothing about?"),
            _("Inside the tape: predictions, then the whole loss. After it: gradients, and the optimizer once."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        exact = {
            "x": rng.choice([-1, 1], (12, 4)) * rng.uniform(0.5, 1.5, (12, 4)),
            "y": rng.uniform(1.0, 3.0, (12, 1)),
            "masks": np.array([[0.0, 2.0, 0.0, 2.0], [2.0, 2.0, 0.0, 0.0], [0.0, 0.0, 2.0, 2.0]])[
                :, rng.permutation(4)
            ],
            "weights": [rng.choice([-1, 1], (4, 1)) * rng.uniform(0.5, 1.5, (4, 1)), rng.uniform(0.5, 1.0, 1)],
        }
        yield Case(_("two steps of a linear model with L2 penalties, SGD with momentum"), exact)
        centres = 3.0 * np.eye(3, 4)
        y = np.arange(48) % 3
        weights = [rng.normal(0, 0.3, shape) for shape in ((4, 16), (16,), (16, 3), (3,))]
        learning = {"x": centres[y] + rng.normal(0, 0.5, (48, 4)), "y": y, "weights": weights}
        yield Case(_("{n} steps of a network with Dropout(0.3)").format(n=N_STEPS), learning)

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        keras, inputs = load_keras(), case.inputs
        exact = "masks" in inputs
        if exact:
            model, loss_fn = scripted_regression(inputs["masks"], inputs["weights"]), skewed_loss()
            optimizer = keras.optimizers.SGD(LEARNING_RATE, momentum=MOMENTUM)
        else:
            model, loss_fn = _network(inputs["weights"], 0.3), keras.losses.SparseCategoricalCrossentropy()
            optimizer = keras.optimizers.SGD(0.3)
        x, y = inputs["x"].astype("float32"), inputs["y"].astype("float32")
        returned, weights, applied = [], [], []
        for step in range(N_EXACT_STEPS if exact else N_STEPS):
            if exact:
                model.layers[0].passes.assign(step)
            try:
                with quiet_tensorflow_log():
                    returned.append(candidate(model, optimizer, loss_fn, x, y))
            except ValueError as error:
                if "gradient" not in str(error).lower():
                    raise
                return {"no_gradients": describe_exception(error, self.entry)}
            weights.append([variable.numpy() for variable in model.trainable_variables])
            applied.append(int(optimizer.iterations))
        return {
            "returned": [_number(each) for each in returned],
            "kinds": [type(each).__name__ for each in returned],
            "is_float": all(isinstance(each, float) for each in returned),
            "weights": weights if exact else weights[-1:],
            "applied": applied,
            **({"frozen_moved": bool(np.any(model.layers[0].frozen.numpy() != 1))} if exact else {}),
        }


def _number(result: Any) -> float | None:
    try:
        return float(result)
    except Exception:  # whatever a learner may return
        return None


def scripted_regression(masks: Array, weights: list[Array]) -> Any:
    """x -> x @ W + b with L2 penalties; with training on, x times the next of the masks takes the place of x.

    Each step begins with the mask of its own number; a further pass in it gets another one. What enters the layer of
    weights is penalised too, ACTIVITY_PENALTY times its mean square, and a frozen weight of ones multiplies it: a step
    that hands `model.weights` to the tape moves it.
    """
    keras: Any = load_keras()

    class ScriptedDropout(keras.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.frozen = self.add_weight(shape=(masks.shape[1],), initializer="ones")
            self.passes = self.add_weight(shape=(), dtype="int32", initializer="zeros", trainable=False)
            self.trainable = False

        def call(self, x: Any, training: Any = None) -> Any:
            if training:
                mask = keras.ops.take(keras.ops.convert_to_tensor(masks, "float32"), self.passes % len(masks), axis=0)
                self.passes.assign_add(1)
                x = x * mask
            self.add_loss(ACTIVITY_PENALTY * keras.ops.mean(x**2))
            return x * self.frozen

    penalties = {
        "kernel_regularizer": keras.regularizers.L2(KERNEL_PENALTY),
        "bias_regularizer": keras.regularizers.L2(BIAS_PENALTY),
    }
    dense = keras.layers.Dense(1, **penalties)
    model = keras.Sequential([keras.Input((masks.shape[1],)), ScriptedDropout(), dense])
    dense.set_weights(weights)
    return model


def skewed_loss() -> Any:
    """Mean of y · (p − y)²: not the same when truth and prediction change places."""
    keras: Any = load_keras()

    class SkewedLoss(keras.Loss):  # type: ignore[misc]
        def call(self, y_true: Any, y_pred: Any) -> Any:
            return keras.ops.mean(y_true * (y_pred - y_true) ** 2, axis=-1)

    return SkewedLoss()

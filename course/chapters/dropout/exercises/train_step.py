"""E6 on the learner's side: one step of training with dropout on.

Where chance would hide a mistake, the learner gets a stand-in model whose "dropout" follows a script: what a step does
to it can then be worked out exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.chapters.dropout.exercises.small_network import small_network
from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import Array, describe_exception
from course.keras_loading import load_keras, quiet_tensorflow_log
from course.language import _

LEARNING_RATE, MOMENTUM = 0.05, 0.9
ACTIVITY_PENALTY, KERNEL_PENALTY, BIAS_PENALTY = 0.2, 0.1, 0.3
N_EXACT_STEPS, N_STEPS = 2, 4


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
            model, loss_fn = small_network(inputs["weights"], 0.3), keras.losses.SparseCategoricalCrossentropy()
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

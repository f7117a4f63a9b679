"""E5 on the learner's side: the capstone. A compiled deep network, which is fitted here and says what it sees.

What it says about rows that it has not learnt from crosses, once by moving averages and once by the batch. The rows'
labels are the judge's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.chapters.batch_normalization.deep import BATCH, EPOCHS, norms_of
from course.chapters.batch_normalization.renamed_digits import Problem, draw_problem
from course.exercises.base import Case, ContractBroken, Exercise
from course.exercises.codec import Value
from course.exercises.keras_probes import layers_in_words, require_one_output
from course.exercises.observe import Array, array_of, describe
from course.keras_loading import load_keras, quiet_tensorflow_log
from course.language import _


class DeepModel(Exercise):
    """E5: deep_model() -> keras.Model, compiled.

    One case, since a fit takes two seconds.
    """

    entry = "deep_model"
    points = 4.0
    needs_keras = True
    time_factor = 3.0  # a fit of two seconds, on a machine that grades others at the same time

    def hints(self) -> list[str]:
        return [
            _("Which of the lesson's networks had eight sigmoid layers, and what did it need in order to learn?"),
            _("There are 150 steps. How much of the start is left in the moving averages at Keras's own momentum?"),
            _("Try learning rates three times apart with `example()`, and look at the validation rows."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        problem_seed, fit_seed = (int(seed) for seed in rng.integers(2**31, size=2))
        label = _("a fit of {epochs} epochs in batches of {batch}").format(epochs=EPOCHS, batch=BATCH)
        yield Case(label, {"problem_seed": problem_seed, "fit_seed": fit_seed})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        keras = load_keras()
        problem = draw_problem(case.inputs["problem_seed"])
        keras.utils.set_random_seed(case.inputs["fit_seed"])
        model = candidate()
        if not isinstance(model, keras.Model):
            raise ContractBroken(_("Expected a keras.Model, but got {came}.").format(came=describe(model)))
        if not model.compiled:
            return {"compiled": False, "layers": layers_in_words(model)}
        require_one_output(model(problem.x[:2]))
        with quiet_tensorflow_log():
            told = _fitted(model, problem)
            moving = array_of(model(problem.x_new), _("the model's output"))
            batch = array_of(model(problem.x_new, training=True), _("the model's output"))
        return {
            "compiled": True,
            "layers": layers_in_words(model),
            "kernels": [list(np.shape(w)) for w in model.get_weights() if np.ndim(w) == 2],
            "activations": _activations(model),
            "norms": len(norms_of(model)),
            "losses": array_of(told["loss"], _("the loss")),
            "moving": _classes(moving),
            "batch": _classes(batch),
        }


def _fitted(model: Any, problem: Problem) -> Mapping[str, Any]:
    """The history of the fit. ContractBroken, with the error's first line, where it does not come to an end."""
    try:
        history = model.fit(problem.x, problem.y, batch_size=BATCH, epochs=EPOCHS, verbose=0).history
    except Exception as error:
        kind, text = type(error).__name__, (str(error).splitlines() or [""])[0][:200]
        message = _(
            "`model.fit` stopped with {kind}: {text}\nIs the loss the right one for the labels and the outputs?"
        )
        raise ContractBroken(message.format(kind=kind, text=text)) from error
    told: Mapping[str, Any] = history
    return told


def _classes(output: Array) -> Array:
    """The class that each row is said to be."""
    return output.argmax(axis=-1) if output.ndim == 2 else output


def _activations(model: Any) -> list[Value]:
    """Names of all activations, of layers and of operations between them, without "linear"."""
    named: list[Value] = []
    for step in getattr(model, "operations", None) or model.layers:
        if hasattr(step, "layers"):
            named += _activations(step)
            continue
        activation = getattr(step, "activation", None)
        name = str(getattr(activation, "__name__", "")) or type(step).__name__.lower()
        if name in ("sigmoid", "relu", "tanh", "softmax", "gelu", "elu", "selu", "leaky_relu", "silu"):
            named.append(name)
    return named

"""E4 on the trusted side: what the loss should be for known weights, and what the difference says about the layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from course.chapters.norm_penalties.exercises.penalised_model import PROBES, probe_weights
from course.exercises.base import Case, ContractBroken, Judge
from course.exercises.codec import Value
from course.exercises.judging import compared, criterion, line
from course.exercises.numerics import Floats, array_value, fitting
from course.language import _
from course.verdict import Finding

RTOL, ATOL = 1e-3, 1e-4
DEFAULT = 0.01  # strength of a regularizer that is asked for by its name alone

Weights = list[Floats]


class PenalisedModelJudge(Judge):
    """Each probe sets some weights to 0, so that its loss shows what the others pay."""

    misconceptions = (
        "output_forgotten",
        "hidden_forgotten",
        "bias_pays_too",
        "activity_for_kernel",
        "no_penalty",
        "default_strength",
        "l1_for_l2",
    )

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        inputs = case.inputs
        _require_weights(inputs["weights"], values)
        label = _("a ReLU layer and a linear output, compiled")
        return [
            line(label, 1, lambda label: _outputs(label, inputs, values)),
            *(
                line(told, 1, partial(_loss, place=place, inputs=inputs, values=values))
                for place, told in enumerate(_labels())
            ),
        ]


def _labels() -> list[str]:
    """What was checked, in the order of PROBES."""
    return [
        _("the weights of the hidden layer are in the loss"),
        _("the weights of the output layer are in the loss"),
        _("the biases are not penalised"),
        _("the loss is the mean squared error and the penalty"),
    ]


def _require_weights(weights: Weights, values: Mapping[str, Value]) -> None:
    expected, came = [list(w.shape) for w in weights], values.get("weight_shapes")
    if not isinstance(came, list) or sorted(map(str, came)) != sorted(map(str, expected)):
        message = _("Expected weights of shapes {expected} (two Dense layers), but the model has {came}.")
        raise ContractBroken(message.format(expected=expected, came=came))


def _outputs(label: str, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> Finding:
    if values.get("compiled") is not True:
        return criterion(False, label, _("The model is not compiled. Call compile() before you return it."))
    _hidden, right = _forward(inputs["x"], inputs["weights"])
    came = array_value(values, "output", right.shape, _("the model's output"))
    message = compared(came[:, 0], right[:, 0], _("Which activation does each layer have?"))
    return criterion(np.allclose(came, right, RTOL, ATOL), label, message)


def _loss(label: str, place: int, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> Finding:
    came = array_value(values, "losses", (len(PROBES),), _("the loss"))
    right = _losses(inputs, _kernels_pay(inputs["l2"]))
    if np.isclose(came[place], right[place], RTOL, ATOL):
        return Finding(True, label)
    named = fitting(came, {code: _losses(inputs, pay) for code, pay in _mistakes(inputs["l2"]).items()}, RTOL, ATOL)
    given = {
        "hidden": _("The loss, with all weights 0 but those of the hidden layer:"),
        "output": _("The loss, with all weights 0 but those of the output layer:"),
        "biases": _("The loss, with all weights 0 and only the biases set:"),
        "all": _("The loss, with all weights and biases set:"),
    }[PROBES[place]]
    thought = _("Which weights should pay, and how much does each of them?")
    return criterion(False, label, compared(came[place], right[place], thought, given), 1, named)


def _losses(inputs: Mapping[str, Any], pay: Callable[[Weights, Floats], float]) -> Floats:
    """The loss at each probe, if the penalty is as pay says."""
    found = []
    for probe in PROBES:
        weights = probe_weights(inputs["weights"], probe)
        hidden, output = _forward(inputs["x"], weights)
        outputs = np.concatenate([hidden, output], axis=1)
        found.append(np.mean((output - inputs["y"]) ** 2) + pay(weights, outputs))
    return np.array(found)


def _kernels_pay(l2: float) -> Callable[[Weights, Floats], float]:
    return lambda weights, _outputs: l2 * sum(_squares(w) for w in weights[::2])


def _mistakes(l2: float) -> dict[str, Callable[[Weights, Floats], float]]:
    """What each wrong idea makes of the penalty, from the weights and from what the layers give out, (rows, 9)."""
    return {
        "output_forgotten": lambda weights, _outputs: l2 * _squares(weights[0]),
        "hidden_forgotten": lambda weights, _outputs: l2 * _squares(weights[2]),
        "bias_pays_too": lambda weights, _outputs: l2 * sum(_squares(w) for w in weights),
        "activity_for_kernel": lambda _weights, outputs: l2 * _squares(outputs) / len(outputs),
        "no_penalty": lambda _weights, _outputs: 0.0,
        "default_strength": _kernels_pay(DEFAULT),
        "l1_for_l2": lambda weights, _outputs: l2 * sum(float(np.abs(w).sum()) for w in weights[::2]),
    }


def _squares(array: Floats) -> float:
    return float((array**2).sum())


def _forward(x: Floats, weights: Weights) -> tuple[Floats, Floats]:
    """What the hidden layer and the output layer give out."""
    w1, b1, w2, b2 = weights
    hidden = np.maximum(x @ w1 + b1, 0)
    return hidden, hidden @ w2 + b2

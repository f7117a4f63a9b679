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
    """Each probe sets some weights to 0, so that the loss rises by what the others pay."""

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
        if values.get("compiled") is not True:
            raise ContractBroken(_("The model is not compiled. Call compile() before you return it."))
        label = _("a ReLU layer and a linear output, compiled")
        return [
            line(label, 1, lambda label: _outputs(label, inputs, values)),
            *(
                line(told, 1, partial(_pays, probe=probe, inputs=inputs, values=values))
                for probe, told in _labels().items()
            ),
            line(
                _("the loss is the mean squared error and the penalty"), 1, lambda label: _whole(label, inputs, values)
            ),
        ]


def _labels() -> dict[str, str]:
    """What was checked of the penalty, by the probe that shows it."""
    return {
        "hidden": _("the weights of the hidden layer are in the loss"),
        "output": _("the weights of the output layer are in the loss"),
        "biases": _("the biases are not penalised"),
    }


def _require_weights(weights: Weights, values: Mapping[str, Value]) -> None:
    expected, came = [list(w.shape) for w in weights], values.get("weight_shapes")
    if not isinstance(came, list) or sorted(map(str, came)) != sorted(map(str, expected)):
        message = _("Expected weights of shapes {expected} (two Dense layers), but the model has {came}.")
        raise ContractBroken(message.format(expected=expected, came=came))


def _outputs(label: str, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> Finding:
    _hidden, right = _forward(inputs["x"], inputs["weights"])
    came = array_value(values, "output", right.shape, _("the model's output"))
    message = compared(came[:, 0], right[:, 0], _("Which activation does each layer have?"))
    return criterion(np.allclose(came, right, RTOL, ATOL), label, message)


def _pays(label: str, probe: str, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> Finding:
    """What some of the weights add to the loss, whatever the data loss is."""
    came, right = _prices(values), _paid(inputs, _kernels_pay(inputs["l2"]))
    place = PROBES.index(probe)
    given = {
        "hidden": _("What the loss rises by as only the weights of the hidden layer are set, all others 0:"),
        "output": _("What the loss rises by as only the weights of the output layer are set, all others 0:"),
        "biases": _("What the loss rises by as only the biases are set, all weights 0:"),
    }[probe]
    thought = _("Which weights should pay, and how much does each of them?")
    message = compared(came[place], right[place], thought, given)
    return criterion(np.isclose(came[place], right[place], RTOL, ATOL), label, message, 1, _named(came, inputs))


def _whole(label: str, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> Finding:
    """The loss itself: first without any weights, where it is the data loss alone."""
    losses, error = _losses(values), float(np.mean(inputs["y"] ** 2))
    if not np.isclose(losses[0], error, RTOL, ATOL):
        given = _("The loss with all weights and biases 0, where no penalty is paid:")
        return criterion(False, label, compared(losses[0], error, _("Which data loss was compiled?"), given))
    right = error + _paid(inputs, _kernels_pay(inputs["l2"]))
    thought = _("Which weights should pay, and how much does each of them?")
    message = compared(losses[-1], right[-1], thought, _("The loss, with all weights and biases set:"))
    passed = np.isclose(losses[-1], right[-1], RTOL, ATOL)
    return criterion(passed, label, message, 1, _named(_prices(values), inputs))


def _losses(values: Mapping[str, Value]) -> Floats:
    return array_value(values, "losses", (len(PROBES),), _("the loss"))


def _prices(values: Mapping[str, Value]) -> Floats:
    """What the loss rises by at each probe; the model's misses are the same at all of them."""
    losses = _losses(values)
    return np.asarray(losses - losses[0])


def _named(prices: Floats, inputs: Mapping[str, Any]) -> str | None:
    return fitting(prices, {code: _paid(inputs, pay) for code, pay in _mistakes(inputs["l2"]).items()}, RTOL, ATOL)


def _paid(inputs: Mapping[str, Any], pay: Callable[[Weights, Floats], float]) -> Floats:
    """The penalty at each probe, if it is as pay says."""
    found = []
    for probe in PROBES:
        weights = probe_weights(inputs["weights"], probe)
        found.append(pay(weights, np.concatenate(_forward(inputs["x"], weights), axis=1)))
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

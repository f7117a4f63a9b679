"""E3 on the trusted side: what a fit may move, and what it must leave as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from course.chapters.batch_normalization.exercises.freeze_bn import PLACES
from course.exercises.base import Case, Judge
from course.exercises.codec import Value
from course.exercises.judging import compared, criterion, line
from course.exercises.numerics import Floats, array_value
from course.language import _, fill
from course.verdict import Finding

STILL, MOVED = 1e-7, 1e-5
RTOL, ATOL = 1e-3, 1e-4  # of outputs
EPS = 1e-3  # Keras's
COUNTS = {"kernels": (2, 1), "gamma_beta": (2, 2), "averages": (2, 2)}  # variables: the model's own, nested; see _count


class FreezeBnJudge(Judge):
    """How far each kind of variable has moved, in the model itself and in the models inside it."""

    misconceptions = ("froze_all", "momentum_one", "gamma_only", "missed_nested")

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        depth = case.inputs["depth"]
        named = _named(values, case.inputs)
        return [
            line(_("gamma and beta stay as they are"), 1, lambda it: _stay(it, "gamma_beta", values, depth, named)),
            line(_("the moving averages stay as they are"), 1, lambda it: _stay(it, "averages", values, depth, named)),
            line(
                _("even in training, the moving averages are used"),
                1,
                lambda it: _uses_averages(it, values, case.inputs, named),
            ),
            line(_("the Dense layers go on learning"), 1, lambda it: _learn(it, values, depth, named)),
        ]


def _count(kind: str, place: str, depth: int) -> int:
    """How many variables of that kind stand there. Without a model inside, all of them are the model's own."""
    own, nested = COUNTS[kind]
    if depth == 0:
        return own + nested if place == "outer" else 0
    return own if place == "outer" else nested


def _moved(kind: str, place: str, values: Mapping[str, Value], depth: int) -> Floats:
    """How far each variable has moved, at most."""
    return array_value(values, f"{place}_{kind}", (_count(kind, place, depth),))


def _is_still(kind: str, place: str, values: Mapping[str, Value], depth: int) -> bool:
    return bool((_moved(kind, place, values, depth) <= STILL).all())


def _learns(place: str, values: Mapping[str, Value], depth: int) -> bool:
    return bool((_moved("kernels", place, values, depth) > MOVED).all())


def _output(inputs: Mapping[str, Any], training: bool) -> Floats:
    """What the model gives, with the statistics of the batch if it is training; shape (rows, 1)."""
    h = inputs["x"]
    for block in inputs["blocks"]:
        h = h @ block["kernel"]
        mean, var = (h.mean(axis=0), h.var(axis=0)) if training else (block["moving_mean"], block["moving_variance"])
        h = np.tanh(block["gamma"] * (h - mean) / np.sqrt(var + EPS) + block["beta"])
    return np.asarray(h @ inputs["last"])


def _named(values: Mapping[str, Value], inputs: Mapping[str, Any]) -> str | None:
    """The wrong idea that leads to such moves, if one is known."""
    depth = inputs["depth"]
    still = {(kind, place): _is_still(kind, place, values, depth) for kind in COUNTS for place in PLACES}
    by_batch = _output(inputs, training=True)
    uses_batch = np.allclose(array_value(values, "training", by_batch.shape), by_batch, RTOL, ATOL)
    parts, averages = (all(still[kind, place] for place in PLACES) for kind in ("gamma_beta", "averages"))
    if not all(_learns(place, values, depth) for place in PLACES):
        return "froze_all" if parts and averages else None
    if averages and uses_batch:
        return "momentum_one"
    if parts and not averages:
        return "gamma_only"
    if still["averages", "outer"] and still["gamma_beta", "outer"] and not still["averages", "nested"]:
        return "missed_nested"
    return None


def _stay(label: str, kind: str, values: Mapping[str, Value], depth: int, named: str | None) -> Finding:
    places = {"outer": _("in the model itself"), "nested": _("in a model inside it")}
    for place in PLACES:
        if not _is_still(kind, place, values, depth):
            told = {
                "gamma_beta": _("After compiling and two epochs, gamma or beta {place} has moved by {far:.2g}."),
                "averages": _("After compiling and two epochs, a moving average {place} has moved by {far:.2g}."),
            }[kind]
            far = float(_moved(kind, place, values, depth).max())
            return criterion(False, label, fill(told, place=places[place], far=far), 1, named)
    return Finding(True, label)


def _uses_averages(label: str, values: Mapping[str, Value], inputs: Mapping[str, Any], named: str | None) -> Finding:
    right = _output(inputs, training=False)
    came = array_value(values, "training", right.shape, _("the output"))
    thought = _("Which statistics does a BatchNormalization layer use that is frozen?")
    message = compared(came[:, 0], right[:, 0], thought, _("What `model(x, training=True)` gives before the fit:"))
    return criterion(np.allclose(came, right, RTOL, ATOL), label, message, 1, named)


def _learn(label: str, values: Mapping[str, Value], depth: int, named: str | None) -> Finding:
    learns = all(_learns(place, values, depth) for place in PLACES)
    message = _("After compiling and two epochs, the kernel of a Dense layer is as it was. Which layers are frozen?")
    return criterion(learns, label, message, 1, named)

"""E5 on the trusted side: scripted passes have exact answers; real ones spread where dropout is, and only there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from course.chapters.dropout.exercises.mc_predict import CALLS
from course.chapters.dropout.judges.small_network import probabilities
from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, compared, criterion, line
from course.exercises.numerics import Floats, array_value, near, numbers_value, tolerance
from course.language import _
from course.verdict import Finding

NEAR = 2e-3  # float32 sums, square roots of small differences, and the usual epsilons inside a logarithm


class McPredictJudge(TableJudge):
    misconceptions = (
        "used_predict",
        "training_flag_missing",
        "one_sample_repeated",
        "class_votes_only",
        "std_wrong_axis",
        "mean_of_entropies",
        "log_zero",
    )

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Finding]:
        if "script" in case.inputs:
            return self._scripted(case.inputs, values)
        return [line(_("a real Keras network"), 1, lambda label: self._network(label, case.inputs, values))]

    def _scripted(self, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> list[Line | Finding]:
        script: Floats = inputs["script"]
        votes = np.eye(script.shape[2])[script.argmax(axis=-1)].mean(axis=0)
        ideas = {"one_sample_repeated": script[0], "class_votes_only": votes}
        return [
            self._passes(inputs["n_passes"], values),
            Line(
                _("`mean` is the mean over the passes"),
                2,
                value="mean",
                right=script.mean(axis=0),
                mistakes=ideas if script.shape[1] > 1 else {},  # a single row may fit by chance
                thought=_("Shown for one row. Over which axis do the passes lie?"),
                finite=False,
                rtol=0,
                atol=NEAR,
            ),
            self._std(script, values),
            line(_("`entropy` is the entropy of the mean"), 2, lambda label: self._entropy(label, script, values)),
            line(_("no `nan` where a probability is 0"), 1, lambda label: self._zeros(label, script, values)),
        ]

    def _passes(self, n_passes: int, values: Mapping[str, Value]) -> Finding:
        on, off, predictions, on_part, on_other = (int(array_value(values, name, ())) for name in CALLS)
        message = _(
            "Calls of the model with dropout on: {on} ({n} were asked); with it off: {off} (none was asked)."
        ).format(on=on, off=off, n=n_passes)
        if on_part:
            message += "\n" + _("Each call should get the whole of `x`; calls with another shape: {n}.").format(
                n=on_part
            )
        elif on_other:
            message += "\n" + _("Calls with other values than those of `x`: {n}. Was `x` changed?").format(n=on_other)
        named = None
        if on == 0 and off > 0:
            named = "used_predict" if predictions else "training_flag_missing"
        elif (on, off, on_part) == (1, 0, 0):
            named = "one_sample_repeated"
        label = _("`n_passes` passes with dropout on")
        return criterion((on, off, on_part, on_other) == (n_passes, 0, 0, 0), label, message, 2, named)

    def _entropy(self, label: str, script: Floats, values: Mapping[str, Value]) -> Finding:
        right = _entropy(script.mean(axis=0))
        entropy = numbers_value(values, "entropy", right.shape)
        told = np.isfinite(entropy)
        of_each_pass = near(entropy, _entropy(script).mean(axis=0), rtol=0, atol=NEAR)
        named = "mean_of_entropies" if of_each_pass and len(right) > 1 else None  # a single row may fit by chance
        message = compared(entropy, right, _("Is it the entropy of `mean`, in nats, one number for each row?"))
        apart = tolerance(values, "entropy", usual=NEAR)
        same = near(entropy[told], right[told], rtol=0, atol=apart)
        some = told.any() or len(told) == 1  # row 0 has a line of its own
        return criterion(same and some, label, message, 2, named)

    def _zeros(self, label: str, script: Floats, values: Mapping[str, Value]) -> Finding:
        right = _entropy(script.mean(axis=0))
        entropy = numbers_value(values, "entropy", right.shape)
        message = compared(entropy[0], right[0], _("Row 0 has a class of probability 0. What is log(0)?"))
        return criterion(np.isfinite(entropy).all(), label, message, 1, "log_zero")

    def _std(self, script: Floats, values: Mapping[str, Value]) -> Finding:
        label = _("`std` is the standard deviation over the passes")
        came, right = values.get("std"), script.std(axis=0)
        shape_told = _("{what} should have shape {shape}, but has {came}.")
        if not isinstance(came, np.ndarray):
            told = shape_told.format(what="std", shape=right.shape, came=())
            return criterion(False, label, told, 2)
        axes = [script.std(axis=1), script.std(axis=2), right.mean(axis=0), right.mean(axis=1)]
        wrong_axis = any(near(came, other, rtol=0, atol=NEAR) for other in axes)
        named = "std_wrong_axis" if wrong_axis and len(right) > 1 else None
        if came.shape != right.shape:
            told = shape_told.format(what="std", shape=right.shape, came=came.shape)
            return criterion(False, label, told, 2, named)
        thought = _("Shown for one row. How far do the passes lie from their mean?")
        passed = near(came, right, rtol=0, atol=tolerance(values, "std", usual=NEAR))
        return criterion(passed, label, compared(came, right, thought), 2, named)

    def _network(self, label: str, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> Finding:
        shape = (len(inputs["x"]), len(inputs["weights"][3]))
        mean, std = (array_value(values, name, shape) for name in ("mean", "std"))
        array_value(values, "entropy", shape[:1])
        if inputs["rate"] == 0:
            right = probabilities(inputs["x"], inputs["weights"])
            if not near(mean, right, rtol=0, atol=tolerance(values, "mean", usual=NEAR)):
                thought = _("This is `mean`. Without dropout all passes agree. What does the network itself answer?")
                return criterion(False, label, compared(mean, right, thought))
            thought = _("This is `std`. Without dropout all passes agree. How far do they spread?")
            return criterion(std.max() < NEAR, label, compared(std, np.zeros(shape), thought))
        sums = mean.sum(axis=1)
        if not np.allclose(sums, 1, atol=tolerance(values, "mean", usual=1e-3)):
            thought = _("These are the sums of the rows of `mean`. Is it a mean of probabilities?")
            return criterion(False, label, compared(sums, np.ones(len(sums)), thought))
        thought = _("This is `std`, for one row. With dropout on, do all passes give the same answer?")
        still = std[std.max(axis=1).argmin()]
        return criterion(still.max() > 1e-3, label, compared(still, _("numbers above 0"), thought))


def _entropy(p: Floats) -> Floats:
    """−Σ p log p over the last axis, in nats; 0 log 0 is 0."""
    return np.asarray(-np.sum(p * np.log(p, out=np.zeros_like(p), where=p > 0), axis=-1))

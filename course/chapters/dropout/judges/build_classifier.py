"""E4 on the trusted side: what a classifier's answers under known weights say about its layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from course.chapters.dropout.exercises.build_classifier import N_PROBE_ROWS, PROBES, weight_shapes
from course.exercises.base import Case, ContractBroken, Judge
from course.exercises.codec import Value
from course.exercises.judging import compared, criterion, line
from course.exercises.numerics import Floats, array_value, tolerance
from course.language import _, fill
from course.lessons.metrics import softmax
from course.verdict import Finding

SIGMAS = 6.0  # a right answer strays this far about twice in 10⁹ draws
N_LEFT = 50  # rows left whole by dropout on the outputs: fewer say too little
TOGETHER = 0.08  # more than 6 standard deviations of the mean correlation of independent units, for all rows


class BuildClassifierJudge(Judge):
    """Each probe shows activations after dropout; what should be seen follows from the rates alone."""

    misconceptions = (
        "dropout_on_output",
        "dropout_before_dense",
        "keep_passed_as_rate",
        "missing_second",
        "hardcoded_rate",
        "always_on",
    )

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        inputs, label = case.inputs, _("two ReLU layers and a softmax, as the weights say")
        if inputs["n_classes"] == 2:
            return [line(label, 2, lambda label: self._answers(label, inputs, values))]
        answers = self._answers(label, inputs, values)
        shape = (len(inputs["x"]), inputs["n_classes"])
        predicted, called = (_output(values, name, shape) for name in ("predict", "call"))
        probes = {name: array_value(values, name, (N_PROBE_ROWS, shape[1])) for name in PROBES}
        return [
            answers,
            self._inference(predicted, called),
            *self._dropout(probes, inputs, predicted, _told(values)),
            criterion(values.get("compiled") is False, _("not compiled"), _("Return the model before compile()."), 0.5),
        ]

    def _answers(self, label: str, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> Finding:
        self._require_weights(inputs, values)
        x = inputs["x"]
        predicted = _output(values, "predict", (len(x), inputs["n_classes"]))
        right = softmax(_logits(x, inputs["weights"]))
        text = _("With given weights, `predict` differs from relu → relu → softmax. Shown for one input.\n")
        message = compared(predicted, right, _("Which activation does each layer have?") + _told(values), text)
        return criterion(np.allclose(predicted, right, atol=1e-4), label, message, 2)

    def _require_weights(self, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> None:
        expected = [list(s) for s in weight_shapes(inputs["n_features"], inputs["n_classes"], inputs["width"])]
        came = values.get("weight_shapes")
        if not isinstance(came, list) or sorted(map(str, came)) != sorted(map(str, expected)):
            message = _("Expected weights of shapes {expected} (three Dense layers), but the model has {came}.")
            raise ContractBroken(message.format(expected=expected, came=came) + _told(values))

    def _inference(self, predicted: Floats, called: Floats) -> Finding:
        label = _("inference is the same each time")
        same = np.allclose(called, predicted, atol=1e-4)
        message = _("`predict` and a plain call `model(x)` give different answers. Who switches dropout on?")
        return Finding(same, label, "" if same else message, 2, None if same else "always_on")

    def _dropout(
        self, probes: Mapping[str, Floats], inputs: Mapping[str, Any], predicted: Floats, layers: str
    ) -> list[Finding]:
        """Each layer's own dropout, and its name where the pattern fits a known mistake."""
        labels = {
            "hidden_2": _("dropout of `rate` after the second hidden layer"),
            "hidden_1": _("dropout of `rate` after the first hidden layer"),
            "input": _("dropout of `input_rate` on the inputs, only if it is above 0"),
        }
        on_outputs = _("no dropout on the outputs")
        head = _head(predicted, _logits(inputs["x"], inputs["weights"]))
        if head is None:
            message = _("This cannot be seen: the outputs do not sum to 1. Which activation does the last layer need?")
            return [Finding(False, label, message) for label in (on_outputs, *labels.values())]
        changed = head == "softmax" and not all(_sums_to_one(p) for p in probes.values())
        whole = {name: p[(p > 0).all(axis=1)] if changed else p for name, p in probes.items()}
        if min(len(rows) for rows in whole.values()) < N_LEFT:
            message = _("In training the outputs are changed by dropout; probabilities should leave the softmax whole.")
            return [Finding(False, each, message, 1, "dropout_on_output") for each in (on_outputs, *labels.values())]
        seen = {name: _Seen.of(_HEADS[head](rows)) for name, rows in whole.items()}
        named = _pattern(seen, inputs["rate"], 1 - inputs["input_rate"])
        message, behind = "", _NOTHING
        if changed:
            message = _("In training the outputs are changed by dropout; probabilities should leave the softmax whole.")
        elif named == "dropout_on_output":
            message = _(
                "Values between the last layer and its softmax are dropped; probabilities should come out whole."
            )
            behind = _Seen(1 - inputs["rate"], 1 / (1 - inputs["rate"]))
        findings = [criterion(not message, on_outputs, message, 1, "dropout_on_output")]
        for name, rate in zip(PROBES, (inputs["rate"], inputs["rate"], inputs["input_rate"]), strict=True):
            fault = seen[name].fault(behind, 1 - rate)
            findings.append(criterion(not fault, labels[name], fault + layers, 1, named))
            behind = seen[name]
        return findings


@dataclass(frozen=True)
class _Seen:
    """What a probe shows: the share of units that survived, the value of each survivor, and how alike the units are.

    count: number of values that drew for themselves; spread: relative difference between survivors; together: mean
    correlation of two units of one row, 0 where they are independent; alike: whether all rows lost the same units.
    """

    share: float
    value: float
    count: int = 0
    spread: float = 0.0
    together: float = 0.0
    alike: bool = False

    @classmethod
    def of(cls, activations: Floats) -> _Seen:
        alive = np.abs(activations) > 1e-3
        share, kept = float(alive.mean()), activations[alive]
        alike = bool((alive == alive[0]).all())
        count = alive.shape[1] if ((alive == 0).all(axis=0)).any() or alike else alive.size
        if not kept.size:
            return cls(0.0, 0.0, count, alike=alike)
        value = float(np.median(kept))
        spread = float(np.abs(kept / value - 1).max())
        together = _together(alive.astype(float)) * np.sqrt(len(alive) / N_PROBE_ROWS)  # fewer rows are noisier
        return cls(share, value, count, spread, together, alike)

    def fault(self, behind: _Seen, keep: float) -> str:
        """What is wrong with the dropout at this place, given what the layers behind it do; '' if nothing is."""
        if not behind.share or not self.share:
            return _("In training nothing survives here.")
        share, factor = min(self.share / behind.share, 1.0), self.value / behind.value
        scaled = abs(factor - 1) > 1e-2 and self.spread < 1e-2
        if self.alike and not behind.alike and keep < 1 and scaled and not self.repeats(behind, keep):
            return _("In training all rows of the batch lose the same units. Each row should have a mask of its own.")
        promised = behind.share * keep
        chances = ((p, n) for p, n in ((promised, self.count), (behind.share, behind.count)) if n)
        tolerance = keep * SIGMAS * np.sqrt(sum((1 - p) / (p * n) for p, n in chances))
        if abs(share - keep) > tolerance + 1e-9 or abs(factor * keep - 1) > 1e-2 or self.spread > 1e-2:
            message = _(
                "In training a share of {share:.2f} survives here, times {factor:.3g}; "
                "promised: {keep:.2f}, times {scale:.3g}."
            )
            told = fill(message, share=share, factor=factor, keep=keep, scale=1 / keep)
            same = _(" Both layers drop the same units: do they share a seed?")
            return told + (same if self.repeats(behind, keep) else "")
        if self.together - behind.together > TOGETHER:
            return _("In training the values of a row are dropped together. Each value should be drawn independently.")
        return ""

    def repeats(self, behind: _Seen, keep: float) -> bool:
        """True if what survives here is what survives behind, though it is scaled up again."""
        again = abs(self.share / behind.share - 1) < 0.02 and abs(self.value / behind.value * keep - 1) < 1e-2
        return keep < 1 and behind.share < 1 and again


_NOTHING = _Seen(1.0, 1.0)


def _together(alive: Floats) -> float:
    """Mean correlation of two columns of 0 and 1; 0 if nothing varies."""
    centred = alive - alive.mean(axis=0)
    variance = float((centred**2).mean())
    pairs = [(centred[:, i] * centred[:, j]).mean() for i, j in combinations(range(alive.shape[1]), 2)]
    return float(np.mean(pairs)) / variance if variance else 0.0


def _sums_to_one(probabilities: Floats) -> bool:
    return bool(np.allclose(probabilities.sum(axis=-1), 1.0, atol=1e-3))


def _logits(x: Floats, weights: list[Floats]) -> Floats:
    """What enters the softmax (n, n_classes) of the dropout-free twin."""
    w1, b1, w2, b2, w3, b3 = weights
    return np.asarray(np.maximum(np.maximum(x @ w1 + b1, 0) @ w2 + b2, 0) @ w3 + b3)


def _output(values: Mapping[str, Value], name: str, shape: tuple[int, ...]) -> Floats:
    return array_value(values, name, shape, _("the model's output"))


def _activations(probabilities: Floats) -> Floats:
    """Activations that the probe shows, (rows, units): log p_j − log p_last."""
    return _above_last(np.log(np.maximum(probabilities, 1e-30)))


def _above_last(logits: Floats) -> Floats:
    return np.asarray(logits[:, :-1] - logits[:, -1:])


def _sigmoid_activations(outputs: Floats) -> Floats:
    inside = np.clip(outputs, 1e-12, 1 - 1e-12)
    return _above_last(np.log(inside / (1 - inside)))


# How activations are read off the outputs: a head without softmax loses its own points, not those of dropout.
_HEADS = {"softmax": _activations, "logits": _above_last, "sigmoid": _sigmoid_activations}


def _head(predicted: Floats, logits: Floats) -> str | None:
    """What the last layer makes of its logits; None if that cannot be told."""
    if _sums_to_one(predicted):
        return "softmax"
    heads = {"logits": logits, "sigmoid": 1 / (1 + np.exp(-logits))}
    return next((name for name, answers in heads.items() if np.allclose(predicted, answers, atol=1e-3)), None)


def _told(values: Mapping[str, Value]) -> str:
    layers = values.get("layers")
    if not isinstance(layers, list) or not layers:
        return ""
    told = _("\nYour layers: {layers}.").format(layers=" → ".join(str(layer)[:60] for layer in layers))
    if tolerance(values, *PROBES, "predict", usual=0.0):
        told += _(
            " They answer in half precision, which is too coarse to be judged. Was a layer made while "
            "`keras.mixed_precision` or `keras.config.set_floatx` was set? Make all layers inside the function."
        )
    return told


def _pattern(seen: Mapping[str, _Seen], rate: float, input_keep: float) -> str | None:
    """Name of the wrong idea whose survival shares are the ones seen, if any."""
    second, first, inputs = (seen[name].share for name in PROBES)
    keep = 1 - rate
    patterns = [
        ("dropout_on_output", (keep**2, keep**3, keep**3 * input_keep)),
        ("keep_passed_as_rate", (rate, rate**2, rate**2 * input_keep)),
        ("keep_passed_as_rate", (rate, rate**2, rate**2 * (1 - input_keep))),
        ("keep_passed_as_rate", (rate, rate * keep, rate * keep * input_keep)),
        ("keep_passed_as_rate", (keep, keep * rate, keep * rate * input_keep)),
        ("missing_second", (1.0, keep, keep * input_keep)),
        ("dropout_before_dense", (1.0, keep, keep**2 * input_keep)),
        ("dropout_before_dense", (keep, keep**2, keep**3 * input_keep)),
    ]
    values = np.array([seen[name].value for name in PROBES])
    for name, pattern in patterns:
        fits = np.allclose((second, first, inputs), pattern, atol=0.04)
        if fits and np.allclose(values * pattern, 1, atol=0.05):  # what survives is scaled as that idea would scale it
            return name
    known = any(abs(second - share) < 0.04 for share in (keep, rate, input_keep))
    if not known and abs(values[0] * second - 1) < 0.1 and 0.02 < second < 0.98 and abs(first - second**2) < 0.04:
        return "hardcoded_rate"
    return None

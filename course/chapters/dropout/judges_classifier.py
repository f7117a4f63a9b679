"""E4 on the trusted side: what a classifier's answers under known weights say about its layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from course.chapters.dropout.exercises_classifier import N_PROBE_ROWS, PROBES, weight_shapes
from course.exercises.answers import Floats, array_value, criterion
from course.exercises.base import Case, ContractBroken, Judge
from course.exercises.values import Value
from course.language import _
from course.verdict import Finding

SIGMAS = 6.0  # a right answer strays this far about twice in 10⁹ draws
TOGETHER = 0.08  # more than 6 standard deviations of the mean correlation of independent units


class BuildClassifierJudge(Judge):
    """E4. Each probe shows activations after dropout; what should be seen follows from the rates alone."""

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        inputs = case.inputs
        self._require_weights(inputs, values)
        x = inputs["x"]
        n_classes = inputs["n_classes"]
        predicted = _runs(values, "predict", (len(x), n_classes))
        called = _runs(values, "call", (len(x), n_classes))
        probes = {name: array_value(values, name, (N_PROBE_ROWS, n_classes)) for name in PROBES}
        expected = _forward(x, inputs["weights"])
        layers = _told(values)
        return [
            criterion(
                np.allclose(predicted[0], expected, atol=1e-4),
                _("two ReLU layers and a softmax, as the weights say"),
                _("With given weights, `predict` differs from relu → relu → softmax.") + layers,
                2,
            ),
            self._inference(predicted, called),
            *self._dropout(probes, inputs, predicted, layers),
            criterion(values.get("compiled") is False, _("not compiled"), _("Return the model before compile()."), 0.5),
        ]

    def _require_weights(self, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> None:
        expected = [list(s) for s in weight_shapes(inputs["n_features"], inputs["n_classes"], inputs["width"])]
        came = values.get("weight_shapes")
        if not isinstance(came, list) or sorted(map(str, came)) != sorted(map(str, expected)):
            message = _("Expected weights of shapes {expected} (three Dense layers), but the model has {came}.")
            raise ContractBroken(message.format(expected=expected, came=came) + _told(values))

    def _inference(self, predicted: Floats, called: Floats) -> Finding:
        label = _("inference is the same each time")
        same = np.array_equal(predicted[0], predicted[1]) and all(
            np.allclose(run, predicted[0], atol=1e-4) for run in called
        )
        message = _("`predict` or a plain call `model(x)` gives other answers each time. Who switches dropout on?")
        return Finding(same, label, "" if same else message, 3, None if same else "always_on")

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
        if not _sums_to_one(predicted):
            message = _("This cannot be seen: the outputs do not sum to 1. Which activation does the last layer need?")
            return [Finding(False, label, message) for label in (on_outputs, *labels.values())]
        if not all(_sums_to_one(p) for p in probes.values()):
            message = _("In training the outputs are changed by dropout; probabilities should leave the softmax whole.")
            return [Finding(False, each, message, 1, "dropout_on_output") for each in (on_outputs, *labels.values())]
        rate, input_rate = inputs["rate"], inputs["input_rate"]
        seen = {name: _Seen.of(p) for name, p in probes.items()}
        named = _pattern(seen, rate, 1 - input_rate)
        logits = _("Values between the last layer and its softmax are dropped; probabilities should come out whole.")
        findings = [criterion(named != "dropout_on_output", on_outputs, logits, 1, "dropout_on_output")]
        behind = _NOTHING
        for name, own_rate in (("hidden_2", rate), ("hidden_1", rate), ("input", input_rate)):
            fault = seen[name].fault(behind, 1 - own_rate)
            findings.append(criterion(not fault, labels[name], fault + layers, 1, named))
            behind = seen[name]
        return findings


@dataclass(frozen=True)
class _Seen:
    """What a probe shows: the share of units that survived, the value of each survivor, and how alike the units are.

    count: number of values looked at; spread: relative difference between survivors; together: mean correlation of
    two units of one row, 0 where each draws for itself.
    """

    share: float
    value: float
    count: int
    spread: float
    together: float

    @classmethod
    def of(cls, probabilities: Floats) -> _Seen:
        activations = _activations(probabilities)
        alive = np.abs(activations) > 1e-3
        share, kept = float(alive.mean()), activations[alive]
        if not kept.size:
            return cls(0.0, 0.0, activations.size, 0.0, 0.0)
        value = float(np.median(kept))
        spread = float(np.abs(kept / value - 1).max())
        return cls(share, value, activations.size, spread, _together(alive.astype(float)))

    def fault(self, behind: _Seen, keep: float) -> str:
        """What is wrong with the dropout at this place, given what the layers behind it do; '' if nothing is."""
        if not behind.share or not self.share:
            return _("In training nothing survives here.")
        share, factor = self.share / behind.share, self.value / behind.value
        promised = behind.share * keep
        chances = ((p, n) for p, n in ((promised, self.count), (behind.share, behind.count)) if n)
        tolerance = keep * SIGMAS * np.sqrt(sum((1 - p) / (p * n) for p, n in chances))
        if abs(share - keep) > tolerance + 1e-9 or abs(factor * keep - 1) > 1e-2 or self.spread > 1e-2:
            message = _(
                "In training a share of {share:.2f} survives here, times {factor:.3g}; "
                "promised: {keep:.2f}, times {scale:.3g}."
            )
            told = message.format(share=share, factor=factor, keep=keep, scale=1 / keep)
            same_masks = keep < 1 and abs(share - 1) < 0.02 and abs(factor * keep - 1) < 1e-2
            return told + (_(" Both layers drop the same units: do they share a seed?") if same_masks else "")
        if self.together - behind.together > TOGETHER:
            return _("In training the values of a row are dropped together. Each value should draw for itself.")
        return ""


_NOTHING = _Seen(1.0, 1.0, 0, 0.0, 0.0)


def _together(alive: Floats) -> float:
    """Mean correlation of two columns of 0 and 1; 0 if nothing varies."""
    centred = alive - alive.mean()
    variance = float((centred**2).mean())
    pairs = [(centred[:, i] * centred[:, j]).mean() for i, j in combinations(range(alive.shape[1]), 2)]
    return float(np.mean(pairs)) / variance if variance else 0.0


def _sums_to_one(probabilities: Floats) -> bool:
    return bool(np.allclose(probabilities.sum(axis=-1), 1.0, atol=1e-3))


def _forward(x: Floats, weights: list[Floats]) -> Floats:
    """Probabilities (n, n_classes) of the dropout-free twin: relu, relu, softmax."""
    w1, b1, w2, b2, w3, b3 = weights
    hidden = np.maximum(np.maximum(x @ w1 + b1, 0) @ w2 + b2, 0)
    logits = hidden @ w3 + b3
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def _runs(values: Mapping[str, Value], name: str, shape: tuple[int, ...]) -> Floats:
    runs = values.get(name)
    if not isinstance(runs, list) or len(runs) != 2:
        raise ContractBroken(_("The model gave no answers."))
    return np.stack([array_value({"run": run}, "run", shape, _("the model's output")) for run in runs])


def _activations(probabilities: Floats) -> Floats:
    """Activations that the probe shows, (rows, units): log p_j − log p_last."""
    logs = np.log(np.maximum(probabilities, 1e-30))
    return np.asarray(logs[:, :-1] - logs[:, -1:])


def _told(values: Mapping[str, Value]) -> str:
    layers = values.get("layers")
    if not isinstance(layers, list) or not layers:
        return ""
    return _("\nYour layers: {layers}.").format(layers=" → ".join(str(layer)[:60] for layer in layers))


def _pattern(seen: Mapping[str, _Seen], rate: float, input_keep: float) -> str | None:
    """Name of the wrong idea whose survival shares are the ones seen, if any."""
    second, first, inputs = (seen[name].share for name in PROBES)
    keep = 1 - rate
    patterns = {
        "dropout_on_output": (keep**2, keep**3, keep**3 * input_keep),
        "keep_passed_as_rate": (rate, rate**2, rate**2 * input_keep),
        "missing_second": (1.0, keep, keep * input_keep),
    }
    before_dense = [(1.0, keep, keep**2 * input_keep), (keep, keep**2, keep**3 * input_keep)]
    for name, pattern in patterns.items():
        if np.allclose((second, first, inputs), pattern, atol=0.04):
            return name
    if any(np.allclose((second, first, inputs), pattern, atol=0.04) for pattern in before_dense):
        return "dropout_before_dense"
    inverted = abs(seen["hidden_2"].value * second - 1) < 0.1
    if inverted and 0.02 < second < 0.98 and abs(second - keep) > 0.04 and abs(first - second**2) < 0.04:
        return "hardcoded_rate"
    return None

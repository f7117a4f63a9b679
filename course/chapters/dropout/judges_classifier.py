"""E4 on the trusted side: what a classifier's answers under known weights say about its layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from course.chapters.dropout.exercises_classifier import N_PROBE_ROWS, PROBES, weight_shapes
from course.exercises.answers import Floats, array_value, criterion
from course.exercises.base import Case, ContractBroken, Judge
from course.exercises.values import Value
from course.language import _
from course.verdict import Finding

SIGMAS = 6.0  # a right answer strays this far about twice in 10⁹ draws


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
            *self._dropout(probes, inputs["rate"], inputs["input_rate"], layers),
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

    def _dropout(self, probes: Mapping[str, Floats], rate: float, input_rate: float, layers: str) -> list[Finding]:
        """Compares what each probe shows with what the rates promise, and names the pattern where it fits one."""
        sums_to_one = all(np.allclose(p.sum(axis=1), 1.0, atol=1e-3) for p in probes.values())
        keep, input_keep = 1 - rate, 1 - input_rate
        promised = {"hidden_2": keep, "hidden_1": keep**2, "input": keep**2 * input_keep}
        seen = {name: _alive(p) if sums_to_one else None for name, p in probes.items()}
        named = _pattern(seen, rate, input_keep) if sums_to_one else "dropout_on_output"
        labels = {
            "hidden_2": _("dropout of `rate` after the second hidden layer"),
            "hidden_1": _("dropout of `rate` after the first hidden layer"),
            "input": _("dropout of `input_rate` on the inputs, only if it is above 0"),
        }
        findings = [
            criterion(
                sums_to_one and named != "dropout_on_output",
                _("no dropout on the outputs"),
                _("In training the outputs are changed by dropout; probabilities should leave the softmax whole."),
            )
        ]
        for name in PROBES:
            fits = sums_to_one and _fits(probes[name], promised[name])
            message = _("Seen in training: {seen}; promised: a share of {keep:.2f} survives, times {scale:.3g}.")
            told = message.format(seen=_shown(seen[name]), keep=promised[name], scale=1 / promised[name])
            findings.append(Finding(fits, labels[name], "" if fits else told + layers))
        return [
            finding if finding.passed else Finding(False, finding.label, finding.message, finding.weight, named)
            for finding in findings
        ]


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


def _alive(probabilities: Floats) -> tuple[float, float]:
    """Share of the units that survived, and the value they have on average."""
    activations = _activations(probabilities)
    alive = np.abs(activations) > 1e-3
    return float(alive.mean()), float(activations[alive].mean()) if alive.any() else 0.0


def _fits(probabilities: Floats, keep: float) -> bool:
    """True if a share `keep` of the units survived, each exactly 1/keep, within chance."""
    activations = _activations(probabilities)
    alive = np.abs(activations) > 1e-3
    if abs(alive.mean() - keep) > SIGMAS * np.sqrt(keep * (1 - keep) / activations.size) + 1e-9:
        return False
    return bool(np.allclose(activations[alive], 1 / keep, rtol=1e-2))


def _shown(seen: tuple[float, float] | None) -> str:
    if seen is None:
        return _("outputs that do not sum to 1")
    return _("a share of {share:.2f} survives, times {scale:.3g}").format(share=seen[0], scale=seen[1])


def _told(values: Mapping[str, Value]) -> str:
    layers = values.get("layers")
    if not isinstance(layers, list) or not layers:
        return ""
    return _("\nYour layers: {layers}.").format(layers=" → ".join(str(layer)[:60] for layer in layers))


def _pattern(seen: Mapping[str, tuple[float, float] | None], rate: float, input_keep: float) -> str | None:
    """Name of the wrong idea whose survival shares are the ones seen, if any."""
    second, first, inputs = (seen[name][0] if seen[name] else -1.0 for name in PROBES)  # type: ignore[index]
    keep = 1 - rate
    patterns = {
        "dropout_on_output": (keep**2, keep**3, keep**3 * input_keep),
        "keep_passed_as_rate": (rate, rate**2, rate**2 * input_keep),
        "missing_second": (1.0, keep, keep * input_keep),
    }
    before_dense = [(1.0, keep, keep**2 * k) for k in (1.0, input_keep)]
    before_dense += [(keep, keep**2, keep**3 * k) for k in (1.0, input_keep)]
    for name, pattern in patterns.items():
        if np.allclose((second, first, inputs), pattern, atol=0.04):
            return name
    if any(np.allclose((second, first, inputs), pattern, atol=0.04) for pattern in before_dense):
        return "dropout_before_dense"
    if 0.02 < second < 0.98 and abs(second - keep) > 0.04 and abs(first - second**2) < 0.04:
        return "hardcoded_rate"
    return None

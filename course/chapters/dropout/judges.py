"""The trusted side of the Dropout exercises: numbers in, findings out.

Everything is recomputed here with NumPy from the inputs that the judge made itself. No learner's object, no Keras
model and no claim of the learner's side about its own inputs is ever used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from course.chapters.dropout.exercises import BAD_RATES, N_CALLS, N_PROBE_ROWS, PROBES, weight_shapes
from course.exercises.base import Case, ContractBroken, Judge, array_value
from course.exercises.values import Value
from course.language import _
from course.verdict import Finding

Array = np.ndarray[Any, np.dtype[np.float64]]
SIGMAS = 6.0  # a right answer strays this far about twice in 10⁹ draws


class InvertedDropoutJudge(Judge):
    """E1. rate is the drop probability; mask must hold 0 or 1/(1−rate), independently for every value of x."""

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        x, small, rate = case.inputs["x"], case.inputs["small"], case.inputs["rate"]
        mask = array_value(values, "mask", x.shape)
        out = array_value(values, "out", x.shape)
        masks = array_value(values, "masks", (N_CALLS, *small.shape), "mask")
        return [
            self._dropped_share(mask, rate),
            self._survivors(mask, rate),
            _finding(
                np.allclose(out, x * mask), _("out is x times mask"), _("out and x * mask differ. Return both."), 0.5
            ),
            self._independence(mask, masks, rate),
            self._randomness(masks, values, small.shape),
            self._inference(values, small, rate),
            self._input_kept(values, small),
            self._integers(values, case.inputs["integers"]),
            self._refusals(values),
        ]

    def _dropped_share(self, mask: Array, rate: float) -> Finding:
        label = _("each value is dropped with probability `rate`")
        share = float(np.mean(mask == 0))
        if abs(share - rate) <= SIGMAS * np.sqrt(rate * (1 - rate) / mask.size) or _clustered(mask):
            return Finding(True, label, weight=3)
        message = _("A share of {share:.3f} of the mask is zero; about {rate} should be.").format(
            share=share, rate=rate
        )
        swapped = abs(share - (1 - rate)) < 0.02
        return Finding(False, label, message, 3, "rate_keep_swapped" if swapped else None)

    def _survivors(self, mask: Array, rate: float) -> Finding:
        label = _("survivors are multiplied by 1/(1 − rate)")
        kept = np.unique(mask[mask != 0])
        if kept.size and np.allclose(kept, 1 / (1 - rate)):
            return Finding(True, label, weight=3)
        share = float(np.mean(mask == 0))
        shown = ", ".join(f"{value:.3g}" for value in kept[:4]) or _("no value at all")
        message = _("Values other than 0 in the mask: {shown}. What keeps the mean of x as it was?").format(shown=shown)
        names = {"no_rescale": 1.0, "divided_by_rate": 1 / rate, "scaled_down": 1 - rate}
        named = next((name for name, value in names.items() if kept.size and np.allclose(kept, value)), None)
        if named == "divided_by_rate" and abs(share - (1 - rate)) < 0.02:
            named = "rate_keep_swapped"
        return Finding(False, label, message, 3, named)

    def _independence(self, mask: Array, masks: Array, rate: float) -> Finding:
        label = _("every value of every sample draws for itself")
        dropped = mask == 0
        if (dropped == dropped[0]).all():
            message = _("All rows of the batch have the same mask. How often do you draw, and with which shape?")
            return Finding(False, label, message, 2, "shared_batch_mask")
        if (dropped == dropped[:, :1]).all():
            message = _("Whole rows are dropped or kept together. A neuron is one value of one row.")
            return Finding(False, label, message, 2, "whole_row_drop")
        counts = dropped.sum(axis=1)
        totals = (masks == 0).sum(axis=(1, 2))
        if (counts == counts[0]).all() or ((totals == totals[0]).all() and not (masks == masks[0]).all()):
            message = _("The number of dropped values is always exactly the same. Does each value draw for itself?")
            return Finding(False, label, message, 2, "exact_count")
        clustered = _clustered(mask)
        return _finding(not clustered, label, _("The dropped values stand in patterns: some rows or columns agree."), 2)

    def _randomness(self, masks: Array, values: Mapping[str, Value], shape: tuple[int, ...]) -> Finding:
        label = _("every call draws anew from the `rng` it is given")
        if (masks == masks[0]).all():
            message = _("Two calls in a row with the same rng gave the same mask. Is a new generator made inside?")
            return Finding(False, label, message, 2, "reseeds_each_call")
        first, repeated = (array_value(values, name, shape, "mask") for name in ("first", "repeated"))
        message = _("Two generators in the same state gave two different masks. Is `rng` what you draw from?")
        return _finding(np.array_equal(first, repeated), label, message, 2)

    def _inference(self, values: Mapping[str, Value], x: Array, rate: float) -> Finding:
        label = _("in inference out equals x and the mask is all ones")
        out = array_value(values, "inference_out", x.shape, "out")
        mask = array_value(values, "inference_mask", x.shape, "mask")
        if np.allclose(out, x) and (mask == 1).all():
            return Finding(True, label, weight=3)
        if (out[x != 0] == 0).any():
            message = _("With training=False some values are 0. Who takes part when it counts?")
            return Finding(False, label, message, 3, "dropped_at_inference")
        if any(np.allclose(out, x * factor) for factor in (rate, 1 - rate, 1 / (1 - rate), 1 / rate)):
            message = _("With training=False out is x times a constant. Has training not paid for that already?")
            return Finding(False, label, message, 3, "scaled_at_inference")
        return Finding(False, label, _("With training=False out or mask differs from x or ones."), 3)

    def _input_kept(self, values: Mapping[str, Value], x: Array) -> Finding:
        label = _("x itself is not modified")
        kept = np.array_equal(array_value(values, "x_after", x.shape, "x"), x)
        message = _("After the call x is no longer what it was. Work on a copy or make a new array.")
        return Finding(kept, label, "" if kept else message, 0.5, None if kept else "mutates_input")

    def _integers(self, values: Mapping[str, Value], x: Array) -> Finding:
        out = array_value(values, "integers_out", x.shape, "out")
        mask = array_value(values, "integers_mask", x.shape, "mask")
        message = _("For integers in x the fractions got lost: out differs from x * mask.")
        return _finding(np.allclose(out, x * mask), _("integers in give floats out"), message, 0.5)

    def _refusals(self, values: Mapping[str, Value]) -> Finding:
        refused = values.get("refused")
        label = _("ValueError unless 0 ≤ rate < 1")
        message = _("Tried the rates {rates}; each should raise ValueError.").format(
            rates=", ".join(str(rate) for rate in BAD_RATES)
        )
        return _finding(refused == ["ValueError"] * len(BAD_RATES), label, message, 0.5)


def _finding(passed: Any, label: str, message: str, weight: float = 1.0) -> Finding:
    return Finding(bool(passed), label, "" if passed else message, weight)


def _clustered(mask: Array) -> bool:
    """True if dropped values pile up in rows or columns far more (or far less) evenly than independent draws would.

    The sum of squared standardised counts over n rows is about χ²(n): mean n, standard deviation √(2n).
    """
    dropped = mask == 0
    share = dropped.mean()
    if share in (0.0, 1.0):
        return False
    for axis in (0, 1):
        counts, n = dropped.sum(axis=axis), dropped.shape[axis]
        spread = np.sum((counts - n * share) ** 2) / (n * share * (1 - share))
        if abs(spread - counts.size) > 1.5 * SIGMAS * np.sqrt(2 * counts.size):
            return True
    return False


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
            _finding(
                np.allclose(predicted[0], expected, atol=1e-4),
                _("two ReLU layers and a softmax, as the weights say"),
                _("With given weights, `predict` differs from relu → relu → softmax.") + layers,
                2,
            ),
            self._inference(predicted, called),
            *self._dropout(probes, inputs["rate"], inputs["input_rate"], layers),
            _finding(values.get("compiled") is False, _("not compiled"), _("Return the model before compile()."), 0.5),
        ]

    def _require_weights(self, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> None:
        expected = [list(s) for s in weight_shapes(inputs["n_features"], inputs["n_classes"], inputs["width"])]
        came = values.get("weight_shapes")
        if not isinstance(came, list) or sorted(map(str, came)) != sorted(map(str, expected)):
            message = _("Expected weights of shapes {expected} (three Dense layers), but the model has {came}.")
            raise ContractBroken(message.format(expected=expected, came=came) + _told(values))

    def _inference(self, predicted: Array, called: Array) -> Finding:
        label = _("inference is the same each time")
        same = np.array_equal(predicted[0], predicted[1]) and all(
            np.allclose(run, predicted[0], atol=1e-4) for run in called
        )
        message = _("`predict` or a plain call `model(x)` gives other answers each time. Who switches dropout on?")
        return Finding(same, label, "" if same else message, 3, None if same else "always_on")

    def _dropout(self, probes: Mapping[str, Array], rate: float, input_rate: float, layers: str) -> list[Finding]:
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
            _finding(
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


def _forward(x: Array, weights: list[Array]) -> Array:
    """Probabilities (n, n_classes) of the dropout-free twin: relu, relu, softmax."""
    w1, b1, w2, b2, w3, b3 = weights
    hidden = np.maximum(np.maximum(x @ w1 + b1, 0) @ w2 + b2, 0)
    logits = hidden @ w3 + b3
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def _runs(values: Mapping[str, Value], name: str, shape: tuple[int, ...]) -> Array:
    runs = values.get(name)
    if not isinstance(runs, list) or len(runs) != 2:
        raise ContractBroken(_("The model gave no answers."))
    return np.stack([array_value({"run": run}, "run", shape, _("the model's output")) for run in runs])


def _activations(probabilities: Array) -> Array:
    """Activations that the probe shows, (rows, units): log p_j − log p_last."""
    logs = np.log(np.maximum(probabilities, 1e-30))
    return np.asarray(logs[:, :-1] - logs[:, -1:])


def _alive(probabilities: Array) -> tuple[float, float]:
    """Share of the units that survived, and the value they have on average."""
    activations = _activations(probabilities)
    alive = np.abs(activations) > 1e-3
    return float(alive.mean()), float(activations[alive].mean()) if alive.any() else 0.0


def _fits(probabilities: Array, keep: float) -> bool:
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


JUDGES: dict[str, Judge] = {
    "inverted_dropout": InvertedDropoutJudge(),
    "build_classifier": BuildClassifierJudge(),
}

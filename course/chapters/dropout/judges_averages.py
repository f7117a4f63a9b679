"""E3, E7 and E8 on the trusted side: sums over every mask, one by one, and means over seeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np

from course.exercises.answers import Floats, array_value, compared, criterion, line, shown, tolerance
from course.exercises.base import Case, Judge
from course.exercises.values import Value
from course.language import _
from course.verdict import Finding

NEAR = 1e-4  # relative; sums over a few inputs in float32
SUMMED = 1e-5  # absolute, of probabilities: sums over a thousand masks in float32
RATE_APART = 5e-3  # two rates lie 0.05 apart, and half precision keeps 0.95 to 0.002


class ClassicToInferenceJudge(Judge):
    """E3. The mean of the training passes is worked out over every mask, each with its probability."""

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        W, b, rate = case.inputs["W"], case.inputs["b"], case.inputs["rate"]  # noqa: N806
        nothing = np.zeros(len(W))
        mean_b = _mean_pass(nothing, W, b, rate)
        mean_W = np.stack([_mean_pass(x, W, b, rate) - mean_b for x in np.eye(len(W))])  # noqa: N806
        weight_names = {"used_rate": rate * W, "divided_by_keep": W / (1 - rate), "no_scaling": W}
        return [
            line(
                _("the weights give the mean of the training passes"),
                3,
                lambda label: self._weights(label, values, mean_W, W, weight_names),
            ),
            line(
                _("the bias is what it should be"),
                1.5,
                lambda label: self._bias(label, values, mean_b, b, rate),
            ),
            criterion(
                self._untouched(case, values),
                _("`W` and `b` are not modified"),
                _("After the call `W` or `b` is no longer what it was. Make new arrays."),
                0.5,
            ),
        ]

    def _weights(
        self,
        label: str,
        values: Mapping[str, Value],
        mean: Floats,
        W: Floats,  # noqa: N803
        names: Mapping[str, Floats],
    ) -> Finding:
        came = array_value(values, "W_test", W.shape)
        right = np.isclose(came, mean, rtol=tolerance(values, "W_test", usual=NEAR), atol=1e-6)
        row = int((~right).any(axis=1).argmax())
        message = _("The weights of one input are {weights}.\n").format(weights=shown(W[row]))
        message += compared(came[row], mean[row], _("In which share of the passes does this input take part?"))
        return criterion(right.all(), label, message, 3, _matching(came, names))

    def _bias(self, label: str, values: Mapping[str, Value], mean: Floats, b: Floats, rate: float) -> Finding:
        came = array_value(values, "b_test", b.shape)
        right = np.allclose(came, mean, rtol=tolerance(values, "b_test", usual=NEAR), atol=1e-6)
        message = _("The bias is {bias}.\n").format(bias=shown(b))
        message += compared(came, mean, _("Does a mask on the inputs touch the bias?"))
        named = _matching(came, {"scaled_bias": (1 - rate) * b})
        return criterion(right, label, message, 1.5, named)

    def _untouched(self, case: Case, values: Mapping[str, Value]) -> bool:
        given = {name: case.inputs[name] for name in "Wb"}
        return all(np.array_equal(array_value(values, f"{n}_after", old.shape), old) for n, old in given.items())


def _masks(n: int, rate: float) -> Iterator[tuple[float, Floats]]:
    """Every mask of n inputs with its probability."""
    for mask in product((0.0, 1.0), repeat=n):
        chance = 1.0
        for kept in mask:
            chance *= 1 - rate if kept else rate
        yield chance, np.array(mask)


def _mean_pass(x: Floats, W: Floats, b: Floats, rate: float) -> Floats:  # noqa: N803
    """Mean of (m * x) @ W + b over all masks."""
    return np.asarray(sum(chance * ((mask * x) @ W + b) for chance, mask in _masks(len(x), rate)))


def _matching(came: Floats, patterns: Mapping[str, Floats]) -> str | None:
    """Name of the first pattern that came equals, if any."""
    return next((name for name, pattern in patterns.items() if np.allclose(came, pattern, rtol=NEAR)), None)


class SubnetAverageJudge(Judge):
    """E7. Sums over all masks, one by one; the learner's float32 is precise enough."""

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        inputs = case.inputs
        W, b, x, rate = inputs["W"], inputs["b"], inputs["x"], inputs["rate"]  # noqa: N806
        expected, mistakes = _averages(W, b, x, rate)
        labels = {
            "geometric": _("the geometric mean of all subnetworks"),
            "arithmetic": _("the arithmetic mean of all subnetworks"),
            "scaled": _("one pass with scaled weights"),
        }
        swapped = self._swapped(values, expected)
        findings = [
            line(
                labels[name],
                2,
                lambda label, name=name: self._average(  # type: ignore[misc]
                    label, name, values, expected[name], {} if swapped else mistakes[name]
                ),
            )
            for name in labels
        ]
        sums = line(_("each of the three sums to 1"), 1, lambda label: self._sums(label, values, b.shape))
        return [*findings, sums]

    def _average(
        self, label: str, name: str, values: Mapping[str, Value], right: Floats, mistakes: Mapping[str, Floats]
    ) -> Finding:
        came, again = (array_value(values, each, right.shape) for each in (name, f"{name}_again"))
        random = not np.allclose(came, again, rtol=1e-9)
        thoughts = {
            "geometric": _("Does every mask count with its own probability, and is the result divided by its sum?"),
            "arithmetic": _("How probable is each mask?"),
            "scaled": _("With which weights would one pass give the mean of all the inputs to softmax?"),
        }
        told = _("Two calls with the same arguments gave two different answers.\n") if random else ""
        message = f"{name}\n{told}" + compared(came, right, thoughts[name])
        named = "random_masks_not_all" if random else _matching(came, mistakes)
        return criterion(_same(came, right, tolerance(values, name, usual=SUMMED)), label, message, 2, named)

    def _swapped(self, values: Mapping[str, Value], expected: Mapping[str, Floats]) -> bool:
        """True if the two means came back in each other's place."""
        geometric, arithmetic = (values.get(name) for name in ("arithmetic", "geometric"))
        pairs = ((geometric, expected["geometric"]), (arithmetic, expected["arithmetic"]))
        return all(
            isinstance(came, np.ndarray) and came.shape == right.shape and _same(came, right) for came, right in pairs
        )

    def _sums(self, label: str, values: Mapping[str, Value], shape: tuple[int, ...]) -> Finding:
        sums = {name: float(array_value(values, name, shape).sum()) for name in ("geometric", "arithmetic", "scaled")}
        far = {name: tolerance(values, name, usual=1e-4) for name in sums}
        not_one = ", ".join(f"{name}: {total:.3g}" for name, total in sums.items() if abs(total - 1) > far[name])
        return criterion(not not_one, label, _("Sums: {sums}").format(sums=not_one))


def _same(came: Floats, expected: Floats, apart: float = SUMMED) -> bool:
    return bool(np.allclose(came, expected, rtol=0, atol=apart))


def _averages(
    W: Floats,  # noqa: N803
    b: Floats,
    x: Floats,
    rate: float,
) -> tuple[dict[str, Floats], dict[str, dict[str, Floats]]]:
    """The three averages by name, and for each what known mistakes make of it."""
    geometric, arithmetic = _means_over_masks(W, b, x, rate)
    plain_geometric, plain_arithmetic = _means_over_masks(W, b, x, 0.5)  # at 0.5 all masks weigh the same
    right = {
        "geometric": geometric / geometric.sum(),
        "arithmetic": arithmetic,
        "scaled": _softmax(x @ ((1 - rate) * W) + b),
    }
    mistakes = {
        "geometric": {
            "no_renormalise": geometric,
            "arithmetic_for_both": arithmetic,
            "unweighted_masks": plain_geometric / plain_geometric.sum(),
        },
        "arithmetic": {"unweighted_masks": plain_arithmetic},
        "scaled": {"averaged_logits_unscaled": _softmax(x @ W + b)},
    }
    return right, mistakes


def _means_over_masks(W: Floats, b: Floats, x: Floats, rate: float) -> tuple[Floats, Floats]:  # noqa: N803
    """Geometric (not renormalised) and arithmetic mean of the answers, weighted with the masks' probabilities."""
    logs, total = np.zeros(len(b)), np.zeros(len(b))
    for chance, mask in _masks(len(x), rate):
        answer = _softmax((mask * x) @ W + b)
        logs += chance * np.log(answer)
        total += chance * answer
    return np.exp(logs), total


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum())


class ChooseRateJudge(Judge):
    """E8. A mistake is named where it alone explains the rate that came back."""

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        results, tol, kind = case.inputs["results"], case.inputs["tol"], case.inputs["kind"]
        came = float(array_value(values, "rate", (), _("the rate")))
        means = {rate: float(np.mean(scores)) for rate, scores in results.items()}
        expected = min(_within(means, tol))
        mistakes = {
            "used_max_not_mean": min(_within({rate: max(scores) for rate, scores in results.items()}, tol)),
            "largest_on_tie": max(_within(means, tol)),
            "last_key_wins": _within(means, tol)[-1],
            "picked_half_by_default": 0.5,
        }
        if below := _within(means, tol - 2e-9):  # a strict `<` has no name, but must not get another's
            mistakes["strict"] = min(below)
        fitting = [name for name, rate in mistakes.items() if abs(came - rate) < RATE_APART]
        named = fitting[0] if len(fitting) == 1 and fitting != ["strict"] else None
        label, thought = self._words({"dip": "hill", "negative": "hill", "nothing": "plateau"}.get(kind, kind))
        message = compared(came, expected, thought)
        return [criterion(abs(came - expected) < RATE_APART, label, message, 1, named)]

    def _words(self, kind: str) -> tuple[str, str]:
        return {
            "hill": (_("scores that rise and fall again"), _("Which rate has the best mean?")),
            "plateau": (
                _("a plateau of nearly equal means"),
                _("Several rates are close enough to the best. Which of them?"),
            ),
            "lucky": (_("one lucky seed does not decide"), _("One seed can be lucky or unlucky. What evens that out?")),
            "unsorted": (_("keys in no order"), _("In which order do the keys come? Does each have as many seeds?")),
            "border": (
                _("a mean exactly `tol` below the best counts"),
                _("Is 'at most tol below' the same as 'less than'?"),
            ),
            "single": (_("a single rate"), _("There is only one rate to choose from.")),
        }[kind]


def _within(scores: Mapping[float, float], tol: float) -> list[float]:
    """The rates whose score is at most tol below the best, in the order of the keys."""
    best = max(scores.values())
    return [rate for rate, score in scores.items() if best - score <= tol + 1e-9]

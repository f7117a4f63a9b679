"""E7 on the trusted side: sums over all masks, one by one. The learner's float32 is precise enough."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.chapters.dropout.judges.masks import all_masks
from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, criterion, line
from course.exercises.numerics import Floats, array_value, near, tolerance
from course.language import _, number
from course.lessons.metrics import softmax
from course.verdict import Finding

SUMMED = 1e-5  # absolute, of probabilities: sums over a thousand masks in float32
NAMES = ("geometric", "arithmetic", "scaled")


class SubnetAverageJudge(TableJudge):
    misconceptions = (
        "no_renormalise",
        "arithmetic_for_both",
        "unweighted_masks",
        "averaged_logits_unscaled",
        "random_masks_not_all",
    )

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Finding]:
        W, b, x, rate = (case.inputs[name] for name in ("W", "b", "x", "rate"))  # noqa: N806
        right, mistakes = _averages(W, b, x, rate)
        if _swapped(values, right):
            mistakes = {name: {} for name in NAMES}
        labels = {
            "geometric": _("the geometric mean of all thinned networks"),
            "arithmetic": _("the arithmetic mean of all thinned networks"),
            "scaled": _("one pass with scaled weights"),
        }
        thoughts = {
            "geometric": _("Does every mask count with its own probability, and is the result divided by its sum?"),
            "arithmetic": _("How probable is each mask?"),
            "scaled": _("With which weights would one pass give the mean of all the inputs to softmax?"),
        }
        lines: list[Line | Finding] = []
        for name in NAMES:
            random = _differs_from_itself(values, name)
            told = _("Two calls with the same arguments gave two different answers.\n") if random else ""
            lines.append(
                Line(
                    labels[name],
                    2,
                    value=name,
                    right=right[name],
                    mistakes={} if random else mistakes[name],
                    misconception="random_masks_not_all" if random else None,
                    given=f"{name}\n{told}",
                    thought=thoughts[name],
                    rtol=0,
                    atol=SUMMED,
                )
            )
        return [*lines, line(_("each of the three sums to 1"), 1, lambda label: _sums(label, values, b.shape))]


def _differs_from_itself(values: Mapping[str, Value], name: str) -> bool:
    """True if two calls with the same arguments gave two answers."""
    first, again = values.get(name), values.get(f"{name}_again")
    both = isinstance(first, np.ndarray) and isinstance(again, np.ndarray)
    return both and not near(first, again, rtol=1e-9, atol=1e-8)


def _swapped(values: Mapping[str, Value], right: Mapping[str, Floats]) -> bool:
    """True if the two means came back in each other's place."""
    places = {"geometric": "arithmetic", "arithmetic": "geometric"}
    return all(near(values.get(came), right[name], rtol=0, atol=SUMMED) for name, came in places.items())


def _sums(label: str, values: Mapping[str, Value], shape: tuple[int, ...]) -> Finding:
    sums = {name: float(array_value(values, name, shape).sum()) for name in NAMES}
    far = {name: tolerance(values, name, usual=1e-4) for name in sums}
    not_one = "; ".join(f"{name}: {number(total, '.3g')}" for name, total in sums.items() if abs(total - 1) > far[name])
    return criterion(not not_one, label, _("Sums: {sums}").format(sums=not_one))


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
        "scaled": softmax(x @ ((1 - rate) * W) + b),
    }
    mistakes = {
        "geometric": {
            "no_renormalise": geometric,
            "arithmetic_for_both": arithmetic,
            "unweighted_masks": plain_geometric / plain_geometric.sum(),
        },
        "arithmetic": {"unweighted_masks": plain_arithmetic},
        "scaled": {"averaged_logits_unscaled": softmax(x @ W + b)},
    }
    return right, mistakes


def _means_over_masks(W: Floats, b: Floats, x: Floats, rate: float) -> tuple[Floats, Floats]:  # noqa: N803
    """Geometric (not renormalised) and arithmetic mean of the answers, weighted with the masks' probabilities."""
    logs, total = np.zeros(len(b)), np.zeros(len(b))
    for chance, mask in all_masks(len(x), rate):
        answer = softmax((mask * x) @ W + b)
        logs += chance * np.log(answer)
        total += chance * answer
    return np.exp(logs), total

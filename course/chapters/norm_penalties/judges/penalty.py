"""E1 on the trusted side: the sum over all weights of all arrays, worked out on one long array."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.chapters.norm_penalties.exercises.penalty import BAD
from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched, line, refusals
from course.language import _
from course.verdict import Finding


class PenaltyJudge(TableJudge):
    """One number; in the last case instead two calls that should be refused."""

    misconceptions = ("half_the_strength", "mean_not_sum", "no_absolute", "root_of_squares", "l1_l2_swapped")

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched | Finding]:
        if case.inputs["bad"]:
            return [line(_("a negative strength is refused with ValueError"), 1, lambda label: _refused(label, values))]
        weights, l1, l2 = (case.inputs[name] for name in ("weights", "l1", "l2"))
        every = np.concatenate([array.ravel() for array in weights])
        sizes, squares = np.sum(np.abs(every)), float(every @ every)
        means = [(np.abs(array).mean(), (array**2).mean()) for array in weights]
        mistakes = {
            "half_the_strength": l1 * sizes + l2 * squares / 2,
            "mean_not_sum": sum(l1 * size + l2 * square for size, square in means),
            "no_absolute": l1 * every.sum() + l2 * squares,
            "root_of_squares": l1 * sizes + l2 * np.sqrt(squares),
            "l1_l2_swapped": l2 * sizes + l1 * squares,
        }
        return [
            Line(
                _("the penalty is the sum over all weights"),
                3,
                value="penalty",
                called=_("the penalty"),
                right=np.asarray(l1 * sizes + l2 * squares),
                mistakes={code: np.asarray(number) for code, number in mistakes.items()},
                unnamed=[np.asarray(sum(l1 * np.abs(array).sum() + l2 * array.sum() ** 2 for array in weights))],
                thought=_("What does a single weight of −3 add by L1, and what by L2? Does every array count?"),
            ),
        ]


def _refused(label: str, values: Mapping[str, Value]) -> Finding:
    return refusals(label, values, "refused", [f"penalty(weights, {l1}, {l2})" for l1, l2 in BAD])

"""E8 on the trusted side: the means, and what else could have led to the rate that came back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge
from course.language import _

RATE_APART = 2.5e-3  # half precision keeps 0.95 to 0.002; a score in the place of a rate should not pass for one
SAME_WORDS = {"dip": "hill", "negative": "hill", "nothing": "plateau"}


class ChooseRateJudge(TableJudge):
    """A mistake is named where it alone explains the rate that came back."""

    misconceptions = ("used_max_not_mean", "largest_on_tie", "last_key_wins", "picked_half_by_default")

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line]:
        results, tol, kind = case.inputs["results"], case.inputs["tol"], case.inputs["kind"]
        means = {rate: float(np.mean(scores)) for rate, scores in results.items()}
        best_seeds = {rate: max(scores) for rate, scores in results.items()}
        close = _within(means, tol)
        strictly_closer = _within(means, tol - 2e-9)  # a strict `<` has no name, but must not get another's
        label, thought = self._words(SAME_WORDS.get(kind, kind))
        return [
            Line(
                label,
                1,
                value="rate",
                called=_("the rate"),
                right=np.asarray(min(close)),
                mistakes={
                    "used_max_not_mean": np.asarray(min(_within(best_seeds, tol))),
                    "largest_on_tie": np.asarray(max(close)),
                    "last_key_wins": np.asarray(close[-1]),
                    "picked_half_by_default": np.asarray(0.5),
                },
                unnamed=[np.asarray(min(strictly_closer))] if strictly_closer else [],
                thought=thought,
                rtol=0,
                atol=RATE_APART,
            )
        ]

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

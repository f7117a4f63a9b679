"""E1 on the trusted side: every row in one part, the parts as large as asked, and who is where left to chance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.chapters.overfitting.exercises.split import N_CALLS, PARTS
from course.exercises.base import Case, Judge
from course.exercises.codec import Value
from course.exercises.judging import criterion, line, refusals
from course.exercises.numerics import Floats, array_value
from course.language import _
from course.verdict import Finding

SIGMAS = 6.0  # a right answer strays this far about twice in 10⁹ draws


class SplitJudge(Judge):
    """Rows are drawn at random, so most lines are about properties and shares."""

    misconceptions = ("last_rows", "drawn_separately", "same_split_each_call")

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        n = case.inputs["n"]
        sizes = [n - case.inputs["n_validation"] - case.inputs["n_test"]]
        sizes += [case.inputs["n_validation"], case.inputs["n_test"]]
        return [
            line(_("the three parts have the sizes asked for"), 1, lambda label: _sizes(label, values, sizes)),
            line(_("every row is in exactly one part"), 3, lambda label: _each_once(label, values, sizes)),
            line(_("chance decides which rows are in which part"), 3, lambda label: _chance(label, values, sizes)),
            line(_("the same seed gives the same split"), 1, lambda label: _repeatable(label, values, sizes)),
            refusals(
                _("a split that leaves no training row is refused with ValueError"),
                values,
                "refused",
                ["split({}, {}, {}, rng)".format(*bad) for bad in case.inputs["bad"]],
            ),
        ]


def _parts(values: Mapping[str, Value], sizes: list[int], suffix: str = "") -> list[Floats]:
    return [array_value(values, name + suffix, (size,), name) for name, size in zip(PARTS, sizes, strict=True)]


def _sizes(label: str, values: Mapping[str, Value], sizes: list[int]) -> Finding:
    _parts(values, sizes)
    return Finding(True, label)


def _each_once(label: str, values: Mapping[str, Value], sizes: list[int]) -> Finding:
    parts = _parts(values, sizes)
    rows = np.concatenate(parts)
    missing = len(set(range(len(rows))) - set(rows.tolist()))
    if missing == 0:
        return Finding(True, label, weight=3)
    shared = len(set(parts[1].tolist()) & set(parts[2].tolist())) + len(set(parts[0].tolist()) & set(parts[2].tolist()))
    own = all(len(set(part.tolist())) == len(part) and set(part.tolist()) <= set(range(len(rows))) for part in parts)
    message = _("Rows in no part: {n} of {all}. Others are in two parts, or twice in one.")
    message = message.format(n=missing, all=len(rows))
    return criterion(False, label, message, 3, "drawn_separately" if own and shared else None)


def _chance(label: str, values: Mapping[str, Value], sizes: list[int]) -> Finding:
    """Over many calls with one generator, each row should be a test row as often as any other."""
    later = array_value(values, "later", (N_CALLS, sizes[2]), "test")
    n, share = sum(sizes), sizes[2] / sum(sizes)
    if not np.isin(later, np.arange(n)).all():
        return criterion(False, label, _("`test` holds numbers that are no rows."), 3)
    if all(np.array_equal(np.sort(row), np.sort(later[0])) for row in later):
        ordered = [np.array_equal(np.diff(part), np.ones(len(part) - 1)) for part in _parts(values, sizes)]
        if all(ordered):
            message = _("Each part is a run of neighbouring rows. What if the rows are sorted by class?")
            return criterion(False, label, message, 3, "last_rows")
        message = _("Two calls with one generator gave the same test rows. What does your function draw from?")
        return criterion(False, label, message, 3, "same_split_each_call")
    counts = np.bincount(later.astype(np.int64).ravel(), minlength=n)
    apart = np.abs(counts - N_CALLS * share)
    if (apart <= SIGMAS * np.sqrt(N_CALLS * share * (1 - share))).all():
        return Finding(True, label, weight=3)
    message = _("Over {calls} calls, row {row} was a test row {came} times; about {expected:.0f} were to be expected.")
    worst = int(apart.argmax())
    told = message.format(calls=N_CALLS, row=worst, came=int(counts[worst]), expected=N_CALLS * share)
    return criterion(False, label, told, 3)


def _repeatable(label: str, values: Mapping[str, Value], sizes: list[int]) -> Finding:
    first, again = _parts(values, sizes), _parts(values, sizes, "_again")
    same = all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    message = _("Two generators with the same seed gave different splits. Do you draw from `rng`, and from it alone?")
    return criterion(same, label, message)

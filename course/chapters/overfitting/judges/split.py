"""E1 on the trusted side: every row in one part, the parts as large as asked, and who is where left to chance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.chapters.overfitting.exercises.split import DRAWN, N_CALLS, PARTS
from course.exercises.base import Case, Judge
from course.exercises.codec import Value
from course.exercises.judging import criterion, line, refusals
from course.exercises.numerics import Floats, array_value
from course.language import _
from course.lessons.arrays import Ints
from course.verdict import Finding

SIGMAS = 6.0  # a right answer strays this far about twice in 10⁹ draws
PAIR_SIGMAS = 9.0  # for pairs, of which there are thousands, and which are rarer than a normal curve allows for


class SplitJudge(Judge):
    """Rows are drawn at random, so most lines are about properties and shares."""

    misconceptions = ("last_rows", "drawn_separately", "same_split_each_call", "neighbours_stay_together")

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
    """Over many calls with one generator, each row should be in a part as often as any other, and with any other."""
    parts, n = _parts(values, sizes), sum(sizes)
    for part in reversed(DRAWN):
        size = sizes[PARTS.index(part)]
        called = _("{part} (a row for each of {calls} further calls)").format(part=part, calls=N_CALLS)
        later = array_value(values, f"{part}_later", (N_CALLS, size), called)
        if not np.isin(later, np.arange(n)).all():
            return criterion(False, label, _("`{part}` holds numbers that are no rows.").format(part=part), 3)
        found = _not_by_chance(part, later.astype(np.int64), n, parts)
        if found:
            return criterion(False, label, *found)
    return Finding(True, label, weight=3)


def _not_by_chance(part: str, later: Ints, n: int, parts: list[Floats]) -> tuple[str, float, str | None] | None:
    """What tells that these rows of many calls, shape (calls, rows), were not drawn at random: the message, the weight
    and the misconception; None if nothing does. parts: of one call."""
    if all(np.array_equal(np.sort(rows), np.sort(later[0])) for rows in later):
        if all(np.array_equal(np.diff(each), np.ones(len(each) - 1)) for each in parts):
            return _("Each part is a run of neighbouring rows. What if the rows are sorted by class?"), 3, "last_rows"
        message = _("Two calls with one generator gave the same rows in `{part}`. What does your function draw from?")
        return message.format(part=part), 3, "same_split_each_call"
    chosen = np.zeros((N_CALLS, n))
    np.put_along_axis(chosen, later, 1, axis=1)
    counts, share = chosen.sum(axis=0), later.shape[1] / n
    row, strayed = _furthest(counts, share, SIGMAS)
    if strayed:
        message = _("Over {calls} calls, row {row} was in `{part}` {came} times; about {expected:.0f} would be usual.")
        told = {"calls": N_CALLS, "row": row, "part": part, "came": int(counts[row]), "expected": N_CALLS * share}
        return message.format(**told), 3, None
    return _not_apart(part, chosen, later.shape[1])


def _not_apart(part: str, chosen: Floats, size: int) -> tuple[str, float, str | None] | None:
    """The same of pairs of rows that come together too often or too seldom. chosen: 1 for a row that is in the part,
    shape (calls, n)."""
    n = chosen.shape[1]
    ones, others = np.triu_indices(n, 1)
    together, share = (chosen.T @ chosen)[ones, others], size * (size - 1) / (n * (n - 1))
    pair, strayed = _furthest(together, share, PAIR_SIGMAS)
    if not strayed:
        return None
    neighbours = np.flatnonzero(others - ones == 1)
    stay = float(together[neighbours].mean()) > 2 * N_CALLS * share
    if stay:
        pair = int(neighbours[together[neighbours].argmax()])
    message = _(
        "Over {calls} calls, rows {one} and {other} were both in `{part}` {came} times; about {expected:.0f} would be "
        "usual."
    )
    told = {"calls": N_CALLS, "one": int(ones[pair]), "other": int(others[pair]), "part": part}
    message = message.format(**told, came=int(together[pair]), expected=N_CALLS * share)
    return message, 3, "neighbours_stay_together" if stay else None


def _furthest(counts: Floats, share: float, sigmas: float) -> tuple[int, bool]:
    """Which count of N_CALLS lies furthest from its share, and whether that is further than chance goes."""
    apart = np.abs(counts - N_CALLS * share)
    worst = int(apart.argmax())
    return worst, bool(apart[worst] > sigmas * np.sqrt(N_CALLS * share * (1 - share)))


def _repeatable(label: str, values: Mapping[str, Value], sizes: list[int]) -> Finding:
    first, again = _parts(values, sizes), _parts(values, sizes, "_again")
    same = all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    message = _("Two generators with the same seed gave different splits. Do you draw from `rng`, and from it alone?")
    return criterion(same, label, message)

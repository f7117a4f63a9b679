"""E2 on the trusted side: rows are counted one kind at a time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.chapters.overfitting.exercises.memorised import NAMES
from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched, criterion, line
from course.exercises.numerics import numbers_value
from course.language import _, fill
from course.verdict import Finding


class MemorisedJudge(TableJudge):
    """Shares are worked out from counts."""

    misconceptions = ("divides_by_all", "counts_put_right", "counts_every_error")

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched | Finding]:
        answers, told, right = (case.inputs[name] for name in NAMES)
        n, n_wrong = len(told), int(np.sum(told != right))
        repeated = int(np.sum((answers == told) & (told != right)))
        as_told = {True: repeated, False: int(np.sum(answers == told)) - repeated}  # by whether the label is wrong
        learnt = Line(
            _("`learnt` is the share of right labels that the network gives"),
            2,
            value="learnt",
            right=np.asarray(as_told[False] / (n - n_wrong)),
            mistakes={"divides_by_all": np.asarray(as_told[False] / n)} if n_wrong else {},
            unnamed=[np.asarray(as_told[True] / n_wrong)] if n_wrong else [],
            thought=_("Of how many rows is this a share?"),
        )
        return [learnt, self._repeated(case, values, as_told), self._untouched(case)]

    def _repeated(self, case: Case, values: Mapping[str, Value], as_told: Mapping[bool, int]) -> Line | Finding:
        answers, told, right = (case.inputs[name] for name in NAMES)
        n_wrong = int(np.sum(told != right))
        if not n_wrong:
            return line(_("without wrong labels `repeated` is nan"), 1, lambda label: _no_share(label, values))
        put_right = int(np.sum((answers == right) & (told != right)))
        return Line(
            _("`repeated` is the share of wrong labels that the network gives"),
            3,
            value="repeated",
            right=np.asarray(as_told[True] / n_wrong),
            mistakes={
                "divides_by_all": np.asarray(as_told[True] / len(told)),
                "counts_put_right": np.asarray(put_right / n_wrong),
                "counts_every_error": np.asarray(1 - put_right / n_wrong),
            },
            unnamed=[np.asarray(as_told[False] / (len(told) - n_wrong)), np.asarray(sum(as_told.values()) / len(told))],
            thought=_("What does the network answer on a row whose label it has learnt by heart?"),
        )

    def _untouched(self, case: Case) -> Untouched:
        message = _("After the call an argument is no longer what it was. Work on copies or make new arrays.")
        before = {name: case.inputs[name] for name in NAMES}
        return Untouched(_("the arguments are not modified"), 1, message, before=before)


def _no_share(label: str, values: Mapping[str, Value]) -> Finding:
    came = numbers_value(values, "repeated", ())
    message = _("No label is wrong here, so there is no share: `repeated` should be nan, and was {came:.3g}.")
    return criterion(np.isnan(came), label, fill(message, came=float(came)))

"""E1 on the trusted side: what is right, and what each misconception makes of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched
from course.language import _


class CentredJudge(TableJudge):
    """The mean of a column is worked out with a sum."""

    misconceptions = ("one_mean_for_all", "mean_of_rows")

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched]:
        x = case.inputs["x"]
        return [
            Line(
                _("each column has lost its own mean"),
                3,
                value="centred",
                called=_("the result"),
                right=x - np.sum(x, axis=0) / len(x),
                mistakes={"one_mean_for_all": x - x.mean(), "mean_of_rows": x - x.mean(axis=1, keepdims=True)},
                thought=_("What should the mean of each column be afterwards?"),
            ),
            Untouched(
                _("`x` is not modified"),
                1,
                _("After the call `x` is no longer what it was. Make a new array."),
                before={"x": x},
            ),
        ]

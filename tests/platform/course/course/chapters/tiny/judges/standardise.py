"""E1 on the trusted side."""

from __future__ import annotations

from collections.abc import Mapping

from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched


class StandardiseJudge(TableJudge):
    """The right answer, and what each mistake makes of x."""

    misconceptions = ("no_rescale", "one_mean_for_all", "shift_forgotten")

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched]:
        x, shift = case.inputs["x"], case.inputs["shift"]
        centred = x - x.mean(axis=0)
        right = centred / x.std(axis=0) + shift
        return [
            Line(
                "each column has the mean and the spread that it should",
                3,
                value="out",
                called="the result",
                right=right,
                mistakes={
                    "no_rescale": centred + shift,
                    "one_mean_for_all": (x - x.mean()) / x.std() + shift,
                    "shift_forgotten": right - shift,
                },
                thought="What should the spread of each column be?",
            ),
            Untouched("`x` is not modified", 1, "After the call `x` is no longer what it was.", before={"x": x}),
        ]

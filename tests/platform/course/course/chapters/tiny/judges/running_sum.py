"""E2 on the trusted side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge


class RunningSumJudge(TableJudge):
    """Sums of the numbers so far."""

    misconceptions = ("last_left_out", "mean_instead")

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line]:
        x = case.inputs["x"]
        right = np.cumsum(x)
        return [
            Line(
                "each number is the sum of those so far",
                1,
                value="sums",
                called="the sums",
                right=right,
                mistakes={"last_left_out": right - x, "mean_instead": right / np.arange(1, len(x) + 1)},
                thought="Does the sum hold its own number?",
            )
        ]

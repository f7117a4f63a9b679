"""E3 on the trusted side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge


class FirstPeakJudge(TableJudge):
    """A mistake is named where it alone explains the key that came back."""

    misconceptions = ("last_on_tie", "smallest_instead")

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line]:
        scores = case.inputs["scores"]
        largest, smallest = max(scores.values()), min(scores.values())
        peaks = [key for key, score in scores.items() if score == largest]
        return [
            Line(
                "of several peaks the first",
                1,
                value="key",
                called="the key",
                right=np.asarray(peaks[0]),
                mistakes={
                    "last_on_tie": np.asarray(peaks[-1]),
                    "smallest_instead": np.asarray(next(key for key, score in scores.items() if score == smallest)),
                },
                thought="Which of the keys comes first?",
                rtol=0,
                atol=5e-3,
            )
        ]

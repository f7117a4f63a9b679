"""E3 on the trusted side: the weight less what of it lies within the threshold."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched
from course.language import _


class SoftThresholdJudge(TableJudge):
    """One array; of w, what lies beyond −t and t is left."""

    misconceptions = ("hard_threshold", "sign_lost", "crosses_zero", "positive_only", "half_the_threshold")

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched]:
        w, t = case.inputs["w"], case.inputs["t"]
        return [
            Line(
                _("each weight comes nearer to 0 by t, and stops there"),
                3,
                value="shrunk",
                called=_("the result"),
                right=w - np.clip(w, -t, t),
                mistakes={
                    "hard_threshold": np.where(np.abs(w) > t, w, 0),
                    "sign_lost": np.maximum(np.abs(w) - t, 0),
                    "crosses_zero": w - t * np.sign(w),
                    "positive_only": np.maximum(w - t, 0),
                    "half_the_threshold": w - np.clip(w, -t / 2, t / 2),
                },
                given="w = {w}\n",
                beside={"w": w},
                finite=False,  # w / |w| where w is 0
                thought=_("What should become of 1.5, of 0.2 and of −1.5 if t is 0.5?"),
            ),
            Untouched(
                _("`w` is not modified"),
                0.5,
                _("After the call `w` is no longer what it was. Make a new array."),
                before={"w": w},
            ),
        ]

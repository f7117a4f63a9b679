"""E2 on the trusted side: the old average moves towards the batch by one share of the distance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.chapters.batch_normalization.exercises.bn_moving import ARRAYS
from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched
from course.exercises.numerics import Floats
from course.language import _


class BnMovingJudge(TableJudge):
    """Mean and variance, each on a line of its own."""

    misconceptions = ("swapped", "last_batch", "unbiased", "added", "std_for_variance", "in_place")

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched]:
        old_mean, old_var, z = (case.inputs[name] for name in ARRAYS)
        momentum = case.inputs["momentum"]
        mean = np.average(z, axis=0)
        var = np.average((z - mean) ** 2, axis=0)

        def moved(old: Floats, batch: Floats) -> Floats:
            return np.asarray(old + (1 - momentum) * (batch - old))

        def wrong(old: Floats, batch: Floats) -> dict[str, Floats]:
            return {
                "swapped": batch + (1 - momentum) * (old - batch),
                "last_batch": batch,
                "added": momentum * old + batch,
            }

        others = {"unbiased": moved(old_var, z.var(axis=0, ddof=1)), "std_for_variance": moved(old_var, z.std(axis=0))}
        return [
            Line(
                _("the moving mean keeps the share momentum of the old one"),
                3,
                value="new_mean",
                called=_("the new mean"),
                right=moved(old_mean, mean),
                mistakes=wrong(old_mean, mean),
                given=_("Before, moving_mean was {old}; the mean of the batch is {batch}.\n"),
                beside={"old": old_mean, "batch": mean},
                thought=_("With a momentum of 0.99, does one batch move the average by much or by little?"),
            ),
            Line(
                _("so does the moving variance"),
                3,
                value="new_var",
                called=_("the new variance"),
                right=moved(old_var, var),
                mistakes=wrong(old_var, var) | others,
                unnamed=[moved(np.sqrt(old_var), z.std(axis=0)) ** 2],
                given=_("Before, moving_var was {old}; the variance of the batch is {batch}.\n"),
                beside={"old": old_var, "batch": var},
                thought=_("Is what you mix in the variance of the batch, as `np.var` gives it?"),
            ),
            Untouched(
                _("the arguments are not modified"),
                1,
                _("After the call an argument is no longer what it was. Make new arrays."),
                before={name: case.inputs[name] for name in ARRAYS},
                misconception="in_place",
            ),
        ]

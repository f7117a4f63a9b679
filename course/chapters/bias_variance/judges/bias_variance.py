"""E1 on the trusted side: both parts are worked out from sums."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.chapters.bias_variance.exercises.bias_variance import NAMES
from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched
from course.language import _


class BiasVarianceJudge(TableJudge):
    """Two numbers, each on a line of its own."""

    misconceptions = (
        "bias_not_squared",
        "signed_bias_cancels",
        "error_as_bias",
        "variance_over_points",
        "variance_of_average",
        "spread_around_truth",
        "standard_deviation",
        "divides_by_one_less",
        "parts_swapped",
        "sums_over_points",
    )

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched]:
        predictions, truth = (case.inputs[name] for name in NAMES)
        sets, points = predictions.shape
        average = predictions.sum(axis=0) / sets
        misses, deviations = average - truth, predictions - average
        error = np.asarray(np.sum((predictions - truth) ** 2) / (sets * points))
        around = np.sum(deviations**2, axis=0) / sets  # at each point
        bias2, variance = np.asarray(np.sum(misses**2) / points), np.asarray(around.mean())
        return [
            Line(
                _("`bias2` is how far the average prediction misses, squared"),
                3,
                value="bias2",
                right=bias2,
                mistakes={
                    "bias_not_squared": np.asarray(np.abs(misses).mean()),
                    "signed_bias_cancels": np.asarray(misses.mean() ** 2),
                    "error_as_bias": error,
                    "parts_swapped": variance,
                    "sums_over_points": points * bias2,
                },
                thought=_("At one point: what is the average prediction, and how far is it from the truth there?"),
            ),
            Line(
                _("`variance` is how far the networks scatter around their average, squared"),
                3,
                value="variance",
                right=variance,
                mistakes={
                    "variance_over_points": np.asarray(predictions.var(axis=1).mean()),
                    "variance_of_average": np.asarray(average.var()),
                    "spread_around_truth": error,
                    "standard_deviation": np.asarray(np.sqrt(around).mean()),
                    "divides_by_one_less": variance * sets / (sets - 1),
                    "parts_swapped": bias2,
                    "sums_over_points": points * variance,
                },
                unnamed=[np.asarray(predictions.var())],
                thought=_("If all networks said the same, what should come out?"),
            ),
            Untouched(
                _("the arguments are not modified"),
                0.5,
                _("After the call an argument is no longer what it was. Work on copies or make new arrays."),
                before={name: case.inputs[name] for name in NAMES},
            ),
        ]

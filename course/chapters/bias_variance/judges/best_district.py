"""E3 on the trusted side: bias² is the variance of opinions within districts, and variance one answer's, divided."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched
from course.exercises.numerics import near
from course.language import _


class BestDistrictJudge(TableJudge):
    """What decided the size is named only where both parts are right."""

    misconceptions = (
        "bias_not_squared",
        "signed_bias_cancels",
        "variance_not_divided",
        "sigma_not_squared",
        "divided_by_districts",
        "noise_in_variance",
        "forgets_variance",
        "forgets_bias",
        "place_for_size",
        "sums_over_houses",
    )

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched]:
        truth, sigma, sizes = (case.inputs[name] for name in ("truth", "sigma", "sizes"))
        size = np.array(sizes, dtype=float)
        within = [truth.reshape(-1, m).var(axis=1).mean() for m in sizes]
        away = [np.abs(truth.reshape(-1, m) - truth.reshape(-1, m).mean(axis=1, keepdims=True)).mean() for m in sizes]
        bias2, variance = np.array(within), sigma**2 / size
        both_right = all(
            near(values.get(name), right, 1e-4, 1e-6) for name, right in (("bias2", bias2), ("variance", variance))
        )
        return [
            Line(
                _("`bias2` is right for every size"),
                3,
                value="bias2",
                right=bias2,
                mistakes={
                    "bias_not_squared": np.array(away),
                    "signed_bias_cancels": np.zeros(len(sizes)),
                    "sums_over_houses": len(truth) * bias2,
                },
                thought=_("Without noise, how far is the map from each house's opinion? What is the mean of squares?"),
            ),
            Line(
                _("`variance` is right for every size"),
                2,
                value="variance",
                right=variance,
                mistakes={
                    "variance_not_divided": np.full(len(sizes), sigma**2),
                    "sigma_not_squared": sigma / size,
                    "divided_by_districts": sigma**2 * size / len(truth),
                    "noise_in_variance": sigma**2 / size + sigma**2,
                    "sums_over_houses": len(truth) * variance,
                },
                thought=_("How many answers does each number of the map average? What does that do to their variance?"),
            ),
            Line(
                _("`best` is the size with the smallest sum"),
                2,
                value="best",
                right=np.asarray(size[np.argmin(bias2 + variance)]),
                mistakes={
                    "forgets_variance": np.asarray(size[np.argmin(bias2)]),
                    "forgets_bias": np.asarray(size[np.argmin(variance)]),
                    "place_for_size": np.asarray(float(np.argmin(bias2 + variance))),
                }
                if both_right
                else {},
                thought=_("Which size keeps bias² and variance small together?"),
            ),
            Untouched(
                _("`truth` is not modified"),
                0.5,
                _("After the call `truth` is no longer what it was. Make a new array."),
                before={"truth": truth},
            ),
        ]

"""E3 on the trusted side: the mean of the training passes, worked out over every mask with its probability."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.chapters.dropout.judges.masks import all_masks
from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched
from course.exercises.numerics import Floats
from course.language import _


class ClassicToInferenceJudge(TableJudge):
    misconceptions = ("used_rate", "divided_by_keep", "no_scaling", "scaled_bias")

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched]:
        W, b, rate = case.inputs["W"], case.inputs["b"], case.inputs["rate"]  # noqa: N806
        mean_b = _mean_pass(np.zeros(len(W)), W, b, rate)
        mean_W = np.stack([_mean_pass(x, W, b, rate) - mean_b for x in np.eye(len(W))])  # noqa: N806
        return [
            Line(
                _("the weights give the mean of the training passes"),
                3,
                value="W_test",
                right=mean_W,
                mistakes={"used_rate": rate * W, "divided_by_keep": W / (1 - rate), "no_scaling": W},
                given=_("The weights of one input are {weights}.\n"),
                beside={"weights": W},
                thought=_("In which share of the passes does this input take part?"),
            ),
            Line(
                _("the bias is what it should be"),
                1.5,
                value="b_test",
                right=mean_b,
                mistakes={"scaled_bias": (1 - rate) * b},
                given=_("The bias is {bias}.\n"),
                beside={"bias": b},
                thought=_("Does a mask on the inputs touch the bias?"),
            ),
            Untouched(
                _("`W` and `b` are not modified"),
                0.5,
                _("After the call `W` or `b` is no longer what it was. Make new arrays."),
                before={"W": W, "b": b},
            ),
        ]


def _mean_pass(x: Floats, W: Floats, b: Floats, rate: float) -> Floats:  # noqa: N803
    """Mean of (m * x) @ W + b over all masks."""
    return np.asarray(sum(chance * ((mask * x) @ W + b) for chance, mask in all_masks(len(x), rate)))

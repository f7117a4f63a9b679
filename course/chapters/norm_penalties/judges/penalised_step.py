"""E2 on the trusted side: each weight moves by the data's gradient and its own price, the bias by the data's alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.chapters.norm_penalties.exercises.penalised_step import ARRAYS, NUMBERS
from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched
from course.language import _


class PenalisedStepJudge(TableJudge):
    """Weights and bias, each on a line of its own."""

    misconceptions = (
        "two_forgotten",
        "pushes_outwards",
        "rate_left_out",
        "size_for_sign",
        "adds_the_penalty",
        "bias_penalised",
    )

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched]:
        w, b, grad_w, grad_b = (case.inputs[name] for name in ARRAYS)
        rate, l1, l2 = (case.inputs[name] for name in NUMBERS)
        plain, price = w - rate * grad_w, l1 * np.sign(w) + 2 * l2 * w
        mistakes = {
            "two_forgotten": plain - rate * (l1 * np.sign(w) + l2 * w),
            "pushes_outwards": plain + rate * price,
            "rate_left_out": plain - price,
            "size_for_sign": plain - rate * (l1 * np.abs(w) + 2 * l2 * w),
            "adds_the_penalty": plain - rate * (l1 * np.abs(w).sum() + l2 * (w**2).sum()),
        }
        return [
            Line(
                _("the weights follow the gradient of data loss and penalty"),
                4,
                value="new_w",
                called=_("the new w"),
                right=plain - rate * price,
                mistakes=mistakes,
                given="w = {w}\ngrad_w = {grad_w}\n",
                beside={"w": w, "grad_w": grad_w},
                finite=False,  # w / |w| where w is 0
                thought=_("If all of grad_w were 0, which way would each weight move, and how far?"),
            ),
            Line(
                _("the bias follows the gradient of the data loss alone"),
                2,
                value="new_b",
                called=_("the new b"),
                right=b - rate * grad_b,
                mistakes={"bias_penalised": b - rate * (grad_b + l1 * np.sign(b) + 2 * l2 * b)},
                thought=_("If grad_b were 0, where should the bias go?"),
            ),
            Untouched(
                _("the arguments are not modified"),
                0.5,
                _("After the call an argument is no longer what it was. Work on copies or make new arrays."),
                before={name: case.inputs[name] for name in ARRAYS},
            ),
        ]

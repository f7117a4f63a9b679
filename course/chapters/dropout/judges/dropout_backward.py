"""E2 on the trusted side: the gradient is measured, by how much the loss changes when x changes a little."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched
from course.exercises.numerics import Floats, array_value
from course.language import _


class DropoutBackwardJudge(TableJudge):
    """The loss is the sum of c · tanh(x · mask)."""

    misconceptions = ("ignores_mask", "binary_mask_only", "scaled_twice", "mask_from_output_zeros", "new_mask")

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched]:
        mask, dout = case.inputs["mask"], case.inputs["dout"]
        dx = array_value(values, "dx", mask.shape)
        right = _slope(case.inputs["x"], case.inputs["c"], mask)
        untouched = Untouched(
            _("`dout` and `mask` are not modified"),
            0.5,
            _("After the call `dout` or `mask` is no longer what it was. Make a new array."),
            before={"dout": dout, "mask": mask},
        )
        if (mask == 1).all():
            label, thought = _("a mask of ones lets the gradient pass"), _("Nothing was dropped, nothing was scaled.")
            return [Line(label, 1, "dx", right, thought, atol=1e-5), untouched]
        if (mask == 0).all():
            label, thought = _("a mask of zeros stops the gradient"), _("Everything was dropped.")
            return [Line(label, 1, "dx", right, thought, atol=1e-5), untouched]
        return [*_of_dropped_and_kept(right, dx, dout, mask), untouched]


def _of_dropped_and_kept(right: Floats, dx: Floats, dout: Floats, mask: Floats) -> list[Line]:
    """Under a mask with both kinds of places; the report shows those that are wrong."""
    mistakes = {
        "ignores_mask": dout,
        "binary_mask_only": dout * (mask > 0),
        "scaled_twice": dout * mask**2,
        "mask_from_output_zeros": dout * mask.max(),
    }
    drawn = "new_mask" if _has_another_mask(dx, dout, mask) else None
    return [
        Line(
            _("dropped values get no gradient"),
            2,
            value="dx",
            right=right,
            places=mask == 0,
            mistakes=mistakes,
            misconception=drawn,
            thought=_("These places were dropped. What did they add to `out`?"),
            atol=1e-5,
        ),
        Line(
            _("kept values get the gradient, scaled as they were"),
            2,
            value="dx",
            right=right,
            places=mask != 0,
            mistakes=mistakes,
            misconception=drawn,
            given=_("With dout = {dout} and mask = {mask} at some kept places.\n"),
            beside={"dout": dout, "mask": mask},
            thought=_("If x grows by a little, by how much does out grow?"),
            atol=1e-5,
        ),
    ]


def _slope(x: Floats, c: Floats, mask: Floats, step: float = 1e-5) -> Floats:
    """Central difference of the loss by each value of x. The loss is a sum over values, so all move at once."""
    up, down = (c * np.tanh((x + sign * step) * mask) for sign in (1, -1))
    return np.asarray((up - down) / (2 * step))


def _has_another_mask(dx: Floats, dout: Floats, mask: Floats) -> bool:
    """True if dx is dout under some mask of 0 and one other value that was drawn anew."""
    if np.allclose(dx, dout * mask[:1], rtol=1e-4):
        return False  # the given mask after all, but the same row of it for all
    reached = dout != 0
    ratio = dx[reached] / dout[reached]
    zero, kept = np.isclose(ratio, 0), mask[reached] > 0
    if zero.all() or not np.allclose(ratio[~zero], ratio[~zero][0], rtol=1e-4):
        return False
    by_sign = [np.array_equal(zero[kept], signs[kept]) for signs in (dout[reached] < 0, dout[reached] > 0)]
    if any(by_sign):
        return False  # chosen by the sign of the gradient, not drawn
    return bool(zero[kept].any() and not zero[kept].all())

"""Bars of bias², variance and their sum, the same in every picture of this chapter."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.language import _
from course.lessons.bars import numbered_bars
from course.lessons.palette import FILLS, HATCHED
from course.lessons.panels import panels, tidy

PART_FILLS = {"bias2": FILLS[1], "variance": FILLS[0]}


def beside_parts() -> tuple[Figure, Axes, Axes]:
    """A picture, its wide panel, and the narrow one beside it for draw_parts."""
    figure, (wide, bars) = panels(3.9, (0.07, 0.14, 0.6, 0.75), (0.76, 0.14, 0.22, 0.75))
    return figure, wide, bars


def draw_parts(axes: Axes, bias2: float, variance: float, highest: float) -> None:
    """Three bars. highest: where the axis ends, unless a bar is higher."""
    fills = [PART_FILLS["bias2"], PART_FILLS["variance"], HATCHED]
    values = [bias2, variance, bias2 + variance]
    numbered_bars(axes, values, fills, [_("bias²"), _("variance"), _("sum")])
    axes.set_ylim(0, max(highest, 1.15 * values[-1]))
    tidy(axes, _("Two parts and their sum"), "", "")

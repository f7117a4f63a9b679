"""Bars with a number on each: one bar per name, or several of them side by side or on top of one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from course.language import fill, with_minus
from course.lessons.arrays import Floats
from course.lessons.palette import INK, Fill

NUMBER = "{:.2f}"


def numbered_bars(
    axes: Axes,
    values: Sequence[float],
    fills: Sequence[Fill],
    names: Sequence[str],
    *,
    width: float = 0.6,
    number: str = NUMBER,
    fontsize: float = 10,
    outline: float = 1.0,
) -> None:
    """One bar for each value, its number on top and its name below. fills may be longer than values. number: how the
    value is written. fontsize, outline: in points. width: of a bar, where 1 leaves no gap."""
    for place, (value, look) in enumerate(zip(values, fills, strict=False)):
        axes.bar(place, value, width, color=look.colour, hatch=look.hatch, edgecolor=INK, linewidth=outline)
        write_number(axes, place, value, number, fontsize)
    axes.set_xticks(range(len(names)), list(names))


def grouped_bars(
    axes: Axes,
    groups: Mapping[str, tuple[Fill, Sequence[float] | Floats]],
    names: Sequence[str],
    *,
    width: float = 0.38,
    spacing: float = 0.4,
    number: str = NUMBER,
    fontsize: float = 10,
    outline: float = 1.0,
) -> None:
    """For each name one bar of every group, side by side. groups: by the label in the legend, the fill and one value
    per name. spacing: between the middles of neighbours. number: how a value is written on its bar, or "" for none. The
    rest as for numbered_bars."""
    middle = (len(groups) - 1) / 2
    for order, (label, (look, values)) in enumerate(groups.items()):
        places = np.arange(len(names)) + spacing * (order - middle)
        colour, hatch = look
        axes.bar(places, values, width, color=colour, hatch=hatch, edgecolor=INK, linewidth=outline, label=label)
        for place, value in zip(places, values, strict=True):
            if number:
                write_number(axes, float(place), value, number, fontsize)
    axes.set_xticks(range(len(names)), list(names))


def stacked_bars(
    axes: Axes, parts: Mapping[str, tuple[Fill, Floats]], names: Sequence[str], width: float = 0.6
) -> None:
    """For each name one bar of all parts on top of one another, and their sum on top. parts: by the label in the
    legend, from below, the fill and one value per name."""
    height = np.zeros(len(names))
    for label, (look, values) in parts.items():
        axes.bar(
            np.arange(len(names)),
            values,
            width,
            bottom=height,
            color=look.colour,
            hatch=look.hatch,
            edgecolor=INK,
            label=label,
        )
        height = height + values
    for place, total in enumerate(height):
        write_number(axes, place, float(total))
    axes.set_xticks(range(len(names)), list(names))


def write_number(axes: Axes, place: float, height: float, number: str = NUMBER, fontsize: float = 10) -> None:
    """Writes a bar's value on top of it."""
    axes.text(place, height, with_minus(fill(number, height)), ha="center", va="bottom", fontsize=fontsize)

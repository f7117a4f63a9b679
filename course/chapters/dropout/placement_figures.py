"""Drawings of where dropout belongs: an order of layers with advice, and the variance shift.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from course.chapters.dropout import placement
from course.language import _
from course.lessons.bars import grouped_bars
from course.lessons.palette import GREEN, GREY, HATCHED, INK, ORANGE, PLAIN, SKY, VERMILLION
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn

MARKS = {placement.GOOD: ("✔", GREEN), placement.MIND: ("!", ORANGE), placement.WRONG: ("✘", VERMILLION)}


@drawn
def order_picture(chain: Sequence[str]) -> Picture:
    """A chain of layers from inputs to output, and advice on it: ✔ sound, ! mind this, ✘ wrong."""
    advice = placement.advise(chain)
    figure, (axes,) = panels(3.4, (0.02, 0.02, 0.96, 0.88))
    boxes = [_("Inputs"), *chain]
    verdicts = {place: max((a.verdict for a in advice if a.place == place), key=_weight) for place in _places(advice)}
    for spot, name in enumerate(boxes):
        _draw_step(axes, spot, name, verdicts.get(spot - 1))
    for line, item in enumerate(advice):
        mark, colour = MARKS[item.verdict]
        axes.text(-0.4, -0.35 - 0.42 * line, mark, color=colour, fontsize=13, fontweight="bold", va="center")
        where = f"{item.place + 1}. " if item.place >= 0 else ""
        text = textwrap.shorten(where + item.text, 150)
        axes.text(-0.1, -0.35 - 0.42 * line, text, fontsize=9.5, va="center", color=INK)
    axes.set_xlim(-0.6, 7.6)
    axes.set_ylim(-2.6, 1.7)
    tidy(axes, _("From inputs to output"), "", "")
    axes.set_axis_off()
    told = " ".join(f"{MARKS[a.verdict][0]} {a.text}" for a in advice)
    caption = _("Order: {order}. {told}").format(order=" → ".join(chain), told=told)
    return Picture(figure, _("A chain of layers in boxes, with advice below it."), caption)


def _weight(verdict: str) -> int:
    return (placement.GOOD, placement.MIND, placement.WRONG).index(verdict)


def _places(advice: Sequence[placement.Advice]) -> set[int]:
    return {item.place for item in advice if item.place >= 0}


def _draw_step(axes: Axes, spot: int, name: str, verdict: str | None) -> None:
    mark, colour = MARKS.get(verdict or "", ("", GREY))
    fill = "#CFE6F5" if name == placement.DROPOUT else "white"
    style = "--" if name == placement.DROPOUT else "-"
    box = FancyBboxPatch(
        (spot - 0.38, 0.35),
        0.76,
        0.65,
        boxstyle="round,pad=0.03",
        facecolor=fill,
        edgecolor=colour if verdict else INK,
        linestyle=style,
        linewidth=2.2 if verdict else 1.2,
    )
    axes.add_patch(box)
    axes.text(spot, 0.675, name, ha="center", va="center", fontsize=9, color=INK)
    if mark:
        axes.text(spot, 1.22, mark, ha="center", va="center", fontsize=14, fontweight="bold", color=colour)
    if spot:
        axes.annotate("", (spot - 0.42, 0.675), (spot - 0.6, 0.675), arrowprops={"arrowstyle": "->", "color": INK})


@drawn
def variance_shift_picture(rate: float) -> Picture:
    """What BatchNorm learns in training and meets in inference, with dropout before it and behind it."""
    orders = {_("Dropout → BatchNorm"): True, _("BatchNorm → Dropout"): False}
    shifts = [placement.variance_shift(rate, first) for first in orders.values()]
    figure, (left, right) = panels(3.3, (0.07, 0.17, 0.5, 0.7), (0.67, 0.17, 0.31, 0.7))
    groups = {
        _("learnt in training"): (PLAIN, [found.trained for found in shifts]),
        _("met in inference"): (HATCHED, [found.met for found in shifts]),
    }
    grouped_bars(left, groups, list(orders))
    left.set_ylim(0, max(1.4, 1.15 * shifts[0].trained))
    left.legend(frameon=False)
    tidy(left, _("Variance at BatchNorm's input"), _("Order"), _("Variance"))
    right.bar([0, 1], [found.spread for found in shifts], 0.5, color=(ORANGE, SKY), hatch=("..", ""), edgecolor=INK)
    right.axhline(1.0, color=VERMILLION, linewidth=2, linestyle="--")
    right.set_xticks([0, 1], list(orders), fontsize=8)
    right.set_ylim(0, 1.3)
    tidy(right, _("Spread of its output (should be 1)"), _("Order"), _("Standard deviation"))
    caption = _(
        "Rate {rate:.2f}. Dropout → BatchNorm: learnt variance {t:.2f}, met {m:.2f}; the normalised values come out "
        "with a spread of {s:.2f} instead of 1. BatchNorm → Dropout: {t2:.2f} and {m2:.2f}; spread {s2:.2f}."
    ).format(
        rate=rate,
        t=shifts[0].trained,
        m=shifts[0].met,
        s=shifts[0].spread,
        t2=shifts[1].trained,
        m2=shifts[1].met,
        s2=shifts[1].spread,
    )
    return Picture(figure, _("Bars: variance in training and inference for two orders of layers."), caption)

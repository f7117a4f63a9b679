"""Drawings of where dropout belongs: an order of layers with advice, and the variance shift.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from course.chapters.dropout import placement
from course.language import _, fill, numbers
from course.lessons.bars import grouped_bars, numbered_bars
from course.lessons.palette import GREEN, GREY, HATCHED, INK, ORANGE, PLAIN, SKY, VERMILLION, Fill
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn

MARKS = {placement.GOOD: ("✔", GREEN), placement.MIND: ("!", ORANGE), placement.WRONG: ("✘", VERMILLION)}


@drawn
def order_picture(block: Sequence[str], where: str, rate: float) -> Picture:
    """Two hidden blocks of that order and the output layer, marked ✔ sound, ! mind this, ✘ wrong; below each BatchNorm
    the standard deviation of its output at inference. where: which dropouts are there, one of placement.PLACES."""
    chain = placement.two_blocks(block, where)
    advice, spreads = placement.advise(chain), placement.norm_spreads(chain, rate)
    figure, (axes,) = panels(2.1, (0.01, 0.02, 0.98, 0.84))
    names = [_("Inputs"), *chain]
    for spot, name in enumerate(names):
        verdicts = [item.verdict for item in advice if item.place >= 0 and item.place == spot - 1]
        _draw_step(axes, spot, name, max(verdicts, key=_weight) if verdicts else None)
    for place, spread in spreads.items():
        text = fill(_("std. dev.\n{deviation:.2f}"), deviation=spread)
        right = abs(spread - 1) < 0.05
        axes.text(place + 1, -0.15, text, ha="center", va="top", fontsize=11, color=GREEN if right else VERMILLION)
    axes.set_xlim(-0.55, len(names) - 0.45)
    axes.set_ylim(-0.9, 1.6)
    tidy(axes, fill(_("Two blocks, from inputs to output, rate {rate:.2f}"), rate=rate), "", "")
    axes.set_axis_off()
    return Picture(figure, _("Two blocks of layers as a chain of boxes."), _order_caption(chain, advice, spreads, rate))


def _order_caption(
    chain: Sequence[str], advice: Sequence[placement.Advice], spreads: Mapping[int, float], rate: float
) -> str:
    """The order, the standard deviations, and each advice once, with the places it is about (counted from 1)."""
    told = [fill(_("Rate {rate:.2f}, order: {order}."), rate=rate, order=" → ".join(chain))]
    if spreads:
        deviations = numbers(spreads.values(), ".2f")
        told.append(
            fill(_("Standard deviation after each BatchNorm at inference (1 is right): {numbers}."), numbers=deviations)
        )
    places: dict[tuple[str, str], list[int]] = {}
    for item in advice:
        places.setdefault((item.verdict, item.text), []).append(item.place + 1)
    for (verdict, text), where in places.items():
        listed = ", ".join(str(place) for place in where if place)
        at = (_("Layers {numbers}: ") if len(where) > 1 else _("Layer {numbers}: ")).format(numbers=listed)
        at = at if listed else ""
        told.append(f"{MARKS[verdict][0]} {at}{text}")
    return " ".join(told)


def _weight(verdict: str) -> int:
    return (placement.GOOD, placement.MIND, placement.WRONG).index(verdict)


def _draw_step(axes: Axes, spot: int, name: str, verdict: str | None) -> None:
    """One layer as a box at that spot, with the mark of its verdict above and an arrow from the layer before."""
    mark, colour = MARKS.get(verdict or "", ("", GREY))
    is_dropout = name == placement.DROPOUT
    box = FancyBboxPatch(
        (spot - 0.4, 0.25),
        0.8,
        0.75,
        boxstyle="round,pad=0.02",
        facecolor="#CFE6F5" if is_dropout else "white",
        edgecolor=colour if verdict else INK,
        linestyle="--" if is_dropout else "-",
        linewidth=2.2 if verdict else 1.2,
    )
    axes.add_patch(box)
    axes.text(spot, 0.625, name.replace("Norm", "\nNorm"), ha="center", va="center", color=INK)
    axes.text(spot, 1.3, mark, ha="center", va="center", fontsize=15, fontweight="bold", color=colour)
    if spot:
        axes.annotate("", (spot - 0.41, 0.625), (spot - 0.59, 0.625), arrowprops={"arrowstyle": "->", "color": INK})


@drawn
def variance_shift_picture(rate: float) -> Picture:
    """What BatchNorm learns in training and gets at inference, with dropout before it and after it."""
    orders = {_("Dropout →\nBatchNorm"): True, _("BatchNorm →\nDropout"): False}
    shifts = [placement.variance_shift(rate, first) for first in orders.values()]
    figure, (left, right) = panels(3.7, (0.07, 0.19, 0.47, 0.7), (0.64, 0.19, 0.34, 0.7))
    groups = {
        _("learnt in training"): (PLAIN, [found.trained for found in shifts]),
        _("at inference"): (HATCHED, [found.met for found in shifts]),
    }
    grouped_bars(left, groups, list(orders))
    left.set_ylim(0, max(1.4, 1.3 * shifts[0].trained))
    left.legend(frameon=False, loc="upper right")
    tidy(left, _("Variance of BatchNorm's input"), _("Order"), _("Variance"))
    fills = (Fill(ORANGE, ".."), Fill(SKY))
    numbered_bars(right, [found.spread for found in shifts], fills, list(orders), width=0.5)
    right.axhline(1.0, color=VERMILLION, linewidth=2, linestyle="--")
    right.set_ylim(0, 1.3)
    tidy(right, _("BatchNorm's output at inference"), _("Order (dashed: right)"), _("Standard deviation"))
    caption = fill(
        _(
            "Rate {rate:.2f}. Dropout → BatchNorm: variance {t:.2f} in training, {m:.2f} at inference; the normalised "
            "values have a standard deviation of {s:.2f} instead of 1. BatchNorm → Dropout: {t2:.2f} and {m2:.2f}, "
            "standard deviation {s2:.2f}."
        ),
        rate=rate,
        t=shifts[0].trained,
        m=shifts[0].met,
        s=shifts[0].spread,
        t2=shifts[1].trained,
        m2=shifts[1].met,
        s2=shifts[1].spread,
    )
    return Picture(figure, _("Bars: variance in training and at inference for two orders of layers."), caption)

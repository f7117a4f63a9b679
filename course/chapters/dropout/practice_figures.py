"""Drawings for practice: an order of layers with advice, the variance shift, dropout's partners, and its relatives.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from course.chapters.dropout import placement, variants
from course.chapters.dropout.picture import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    ORANGE,
    SKY,
    VERMILLION,
    Picture,
    blank_figure,
    drawn,
    tidy,
)
from course.chapters.dropout.studies import PARTNERS, Studies
from course.language import _

MARKS = {placement.GOOD: ("✔", GREEN), placement.MIND: ("!", ORANGE), placement.WRONG: ("✘", VERMILLION)}


@drawn
def order_picture(chain: Sequence[str]) -> Picture:
    """A chain of layers from inputs to output, and advice on it: ✔ sound, ! mind this, ✘ wrong."""
    advice = placement.advise(chain)
    figure = blank_figure(9.6, 3.4)
    axes = figure.add_axes((0.02, 0.02, 0.96, 0.88))
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
    figure = blank_figure(9.6, 3.3)
    left, right = figure.add_axes((0.07, 0.17, 0.5, 0.7)), figure.add_axes((0.67, 0.17, 0.31, 0.7))
    for shift, key, colour, hatch, label in (
        (-0.2, "trained", SKY, "", _("learnt in training")),
        (0.2, "met", "white", "//", _("met in inference")),
    ):
        values = [getattr(found, key) for found in shifts]
        left.bar(np.arange(2) + shift, values, 0.38, color=colour, hatch=hatch, edgecolor=INK, label=label)
        for place, value in enumerate(values):
            left.text(place + shift, value, f"{value:.2f}", ha="center", va="bottom", fontsize=9)
    left.set_xticks([0, 1], list(orders))
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


@drawn
def partners_picture(studies: Studies, early_stopping: bool = False) -> Picture:
    """Test accuracy with 30 % of lies for dropout, its rivals and their pairs: a large mark for the mean (diamond: with
    dropout, square: without), a dot per seed."""
    names, notes = list(PARTNERS), []
    figure = blank_figure(9.6, 3.6)
    axes = figure.add_axes((0.2, 0.16, 0.77, 0.72))
    for place, name in enumerate(names):
        recipe, final, stopped = studies.partner(name)
        values = stopped if early_stopping else final
        colour, marker = (BLUE, "D") if recipe.rate > 0 else (VERMILLION, "s")
        axes.axhline(place, color=FAINT, linewidth=1, zorder=0)
        axes.plot(values, np.full(len(values), place), "o", color=colour, markersize=4, alpha=0.7)
        axes.plot(values.mean(), place, marker, color=colour, markersize=10)
        axes.text(values.max() + 0.006, place, f"{values.mean():.3f}", va="center", fontsize=9)
        notes.append(_("{name} {value:.3f}").format(name=name, value=values.mean()))
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0.75, 0.97)
    title = _("Stopped at the best validation epoch") if early_stopping else _("After 40 epochs")
    tidy(axes, title, _("Accuracy on 1,000 test digits (30 % of the training labels wrong)"), _("Remedy"))
    caption = _("{title}, mean of {n} seeds; strengths chosen on validation rows: {notes}.")
    caption = caption.format(title=title, n=studies.partners.shape[2], notes=", ".join(notes))
    return Picture(figure, _("Marks of test accuracy for dropout (diamonds), L2, max-norm and pairs."), caption)


@drawn
def variants_picture(variant: str, rate: float, pass_number: int = 1) -> Picture:
    """A feature map before and after one training pass of a relative of dropout.

    variant: "standard", "spatial", "gaussian" or "alpha".
    """
    names = {
        "standard": _("Dropout"),
        "spatial": _("SpatialDropout1D: whole channels"),
        "gaussian": _("GaussianDropout: noise, no zeros"),
        "alpha": _("AlphaDropout: for SELU"),
    }
    before = variants.feature_map()
    after = variants.applied(variant, before, rate, pass_number)
    figure = blank_figure(9.6, 3.4)
    panels = (
        (0.07, before, _("Before")),
        (0.53, after, _("{name}, pass {n}").format(name=names[variant], n=pass_number)),
    )
    for left, values, title in panels:
        axes = figure.add_axes((left, 0.16, 0.37, 0.71))
        shown = axes.imshow(values.T, cmap="PuOr", vmin=-4, vmax=4, aspect="auto")
        rows, columns = np.nonzero(values.T == 0.0)
        axes.scatter(columns, rows, s=12, marker="x", color=INK, linewidths=0.8)
        axes.set_yticks(range(0, variants.CHANNELS, 3))
        tidy(axes, title, _("Position"), _("Channel"))
    bar = figure.colorbar(shown, cax=figure.add_axes((0.92, 0.16, 0.015, 0.71)))
    bar.ax.set_title(_("value"), fontsize=9)
    bar.ax.set_xlabel(" ")
    bar.ax.set_ylabel(_("Value"))
    zeros = int((after == 0.0).sum())
    silent = int((after == 0.0).all(axis=0).sum())
    many = np.stack([variants.applied(variant, before, rate, n) for n in range(1, 101)])
    caption = _(
        "{name}, rate {rate:.2f}, pass {n}: {zeros} of {all} values are 0, and {silent} of {channels} channels are "
        "silent. Over 100 passes the mean goes from {m0:.2f} to {m1:.2f} and the variance from {v0:.2f} to {v1:.2f}."
    ).format(
        name=names[variant],
        rate=rate,
        n=pass_number,
        zeros=zeros,
        all=after.size,
        silent=silent,
        channels=variants.CHANNELS,
        m0=_without_minus_zero(before.mean()),
        m1=_without_minus_zero(many.mean()),
        v0=before.var(),
        v1=many.var(),
    )
    return Picture(figure, _("A feature map as a heatmap, before and after; crosses mark zeros."), caption)


def _without_minus_zero(value: float) -> float:
    return round(float(value), 2) + 0.0

"""Drawings of what dropout is worth on the patients: errors with and without it, and learning curves.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D

from course.chapters.dropout.benefit import Benefit
from course.language import _, fill
from course.lessons.arrays import Floats
from course.lessons.lines import History, epoch_lines
from course.lessons.palette import BLUE, GREY, INK, VERMILLION
from course.lessons.panels import panels, tidy
from course.lessons.patients import POINTS
from course.lessons.picture import Picture, drawn


@drawn
def benefit_picture(benefit: Benefit, rate: float = 0.5) -> Picture:
    """Mean error on training and on test patients, without dropout and at this rate: a line for each seed, a large mark
    for the mean."""
    figure, axes_of = panels(3.5, (0.08, 0.16, 0.38, 0.72), (0.57, 0.16, 0.38, 0.72))
    titles = {"train": _("200 training patients"), "test": _("142 test patients")}
    notes = []
    for axes, (part, title) in zip(axes_of, titles.items(), strict=True):
        errors = POINTS * np.array([benefit.error.at(rate=r, part=part).values for r in (0.0, rate)])
        marks = _draw_pairs(axes, errors)
        networks = [_("without dropout"), _("Dropout({rate:.1f})").format(rate=rate)]
        axes.set_xticks([0, 1], networks)
        tidy(axes, title, _("Network"), _("Mean error (points)"))
        note = _("on the {title} the mean error is {without:.0f} points without dropout and {with_it:.0f} with it")
        notes.append(fill(note, title=title, without=errors[0].mean(), with_it=errors[1].mean()))
    side_by_side = {tuple: HandlerTuple(ndivide=None, pad=0.8)}
    names = [_("one seed"), _("mean")]
    axes_of[0].legend(marks, names, handler_map=side_by_side, markerscale=0.7, loc="upper right", frameon=False)
    caption = fill(_("Five seeds, each with its own patients in each part: {notes}."), notes="; ".join(notes))
    return Picture(
        figure, _("Left: error on training patients. Right: on test patients. A line for each seed."), caption
    )


def _draw_pairs(axes: Axes, errors: Floats) -> tuple[Line2D, tuple[Line2D, ...]]:
    """errors: (2, seeds), in points. Returns the marks of a seed and of the means."""
    seeds = axes.plot([0, 1], errors, "-o", color=GREY, linewidth=1, markersize=4)
    means = []
    for place, (colour, marker) in enumerate(((VERMILLION, "s"), (BLUE, "D"))):
        mean = float(errors[place].mean())
        means += axes.plot(place, mean, marker, color=colour, markersize=11, markeredgecolor=INK, zorder=3)
        sideways = -0.09 if place == 0 else 0.09
        aligned = "right" if place == 0 else "left"
        axes.text(place + sideways, mean, f"{mean:.0f}", va="center", ha=aligned, fontweight="bold", color=INK)
    axes.set_xlim(-0.45, 1.45)
    axes.set_ylim(0, 70)
    return seeds[0], tuple(means)


@drawn
def error_curves_picture(histories: Mapping[str, History]) -> Picture:
    """Mean error by epoch as fit reports it, on training and on validation rows, for each named history (four at most).

    A history is what `model.fit(...).history` holds: "mae" and "val_mae", in hundreds of points.
    """
    figure, axes_of = panels(3.5, (0.07, 0.15, 0.41, 0.73), (0.57, 0.15, 0.41, 0.73))
    titles = {"mae": _("Training rows, as fit reports"), "val_mae": _("Validation rows")}
    for axes, (key, title) in zip(axes_of, titles.items(), strict=True):
        curves = {name: POINTS * np.asarray(history[key]) for name, history in histories.items()}
        epoch_lines(axes, curves)
        axes.set_ylim(0, 90)
        tidy(axes, title, _("Epoch"), _("Mean error (points)"))
    axes_of[0].legend(frameon=False, loc="upper right")
    note = _("{name}: {train:.0f} points on training rows, {valid:.0f} on validation rows (lowest {best:.0f})")
    notes = [_last_and_lowest(note, name, history) for name, history in histories.items()]
    caption = fill(_("Mean error after the last epoch. {notes}."), notes="; ".join(notes))
    return Picture(figure, _("Mean error by epoch: training rows on the left, validation rows on the right."), caption)


def _last_and_lowest(note: str, name: str, history: History) -> str:
    train, valid = (POINTS * np.asarray(history[key]) for key in ("mae", "val_mae"))
    return fill(note, name=name, train=train[-1], valid=valid[-1], best=valid.min())

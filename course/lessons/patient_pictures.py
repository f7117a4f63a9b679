"""Drawings of what a network learns about the patients: its mean error by epoch."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.language import _, fill
from course.lessons.lines import History, epoch_lines
from course.lessons.panels import panels, tidy
from course.lessons.patients import POINTS
from course.lessons.picture import Picture, drawn


@drawn
def error_curves_picture(histories: Mapping[str, History]) -> Picture:
    """Mean error by epoch as fit reports it, on training and on validation patients, for each named history (at most
    four).

    A history is what `model.fit(...).history` holds: "mae" and "val_mae", in hundreds of points.
    """
    figure, axes_of = panels(3.5, (0.07, 0.15, 0.41, 0.73), (0.57, 0.15, 0.41, 0.73))
    titles = {"mae": _("Training patients, as fit reports"), "val_mae": _("Validation patients")}
    highest = max(POINTS * max(history[key]) for history in histories.values() for key in titles)
    for axes, (key, title) in zip(axes_of, titles.items(), strict=True):
        curves = {name: POINTS * np.asarray(history[key]) for name, history in histories.items()}
        epoch_lines(axes, curves)
        axes.set_ylim(0, max(90, 1.05 * highest))
        tidy(axes, title, _("Epoch"), _("Mean error (points)"))
    axes_of[0].legend(frameon=False, loc="upper right")
    caption = " ".join(_last_and_lowest(name, history) for name, history in histories.items())
    alt = _("Mean error by epoch: training patients on the left, validation patients on the right.")
    return Picture(figure, alt, caption)


def _last_and_lowest(name: str, history: History) -> str:
    train, valid = (POINTS * np.asarray(history[key]) for key in ("mae", "val_mae"))
    return fill(
        _(
            "{name}: the error on training patients ends at {train:.0f} points, on validation patients at {valid:.0f} "
            "(lowest: {best:.0f}, at epoch {epoch})."
        ),
        name=name[:1].upper() + name[1:],
        train=train[-1],
        valid=valid[-1],
        epoch=int(valid.argmin()) + 1,
        best=valid.min(),
    )

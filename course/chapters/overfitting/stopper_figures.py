"""A drawing of early stopping on the patients: where it stops and which weights it keeps. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.chapters.overfitting.early_stopping import stop_of
from course.chapters.overfitting.stopping import patient_errors
from course.chapters.overfitting.studies import EPOCHS, load_studies
from course.language import _, fill
from course.lessons.palette import BLUE, FAINT, GREY, INK, ORANGE, VERMILLION
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def stopper_picture(patience: int, restore: bool, seed: int) -> Picture:
    """The validation error of one stored run (seed 0–4), the epoch where early stopping ends it, and the one whose
    weights the network then has. patience: at least 1."""
    errors = patient_errors(load_studies(), seed)["validation"]
    stop = stop_of(errors, patience)
    kept = stop.best if restore else stop.ran
    figure, (axes,) = panels(3.6, (0.07, 0.15, 0.91, 0.73))
    epochs = np.arange(1, EPOCHS + 1)
    if stop.ran > stop.best:
        waited: dict[str, Any] = {"facecolor": FAINT, "edgecolor": GREY, "linewidth": 0.8}
        axes.axvspan(
            stop.best + 0.5, stop.ran + 0.5, ymax=0.85, zorder=0, label=_("waiting"), **waited
        )  # below the legend
    axes.plot(epochs[: stop.ran], errors[: stop.ran], "-o", color=BLUE, markersize=4, label=_("validation error"))
    axes.plot(epochs[stop.ran - 1 :], errors[stop.ran - 1 :], ":", color=GREY, label=_("epochs saved"))
    star: dict[str, Any] = {"color": ORANGE, "markersize": 17, "markeredgecolor": INK, "linestyle": "none"}
    axes.plot(stop.best, errors[stop.best - 1], marker="*", label=_("best epoch"), **star)
    square: dict[str, Any] = {
        "markersize": 19,
        "markerfacecolor": "none",
        "markeredgecolor": VERMILLION,
        "linestyle": "none",
    }
    axes.plot(kept, errors[kept - 1], marker="s", markeredgewidth=2, label=_("weights kept"), **square)
    axes.set_xlim(0, EPOCHS + 1)
    axes.set_ylim(35, 92)
    axes.legend(frameon=False, loc="upper right", ncols=5, columnspacing=0.7, handletextpad=0.6, handlelength=1.4)
    tidy(axes, _("Early stopping on the patients"), _("Epoch"), _("Mean error (points)"))
    ended = _("stops after epoch {ran}") if stop.ran < EPOCHS else _("runs all {ran} epochs")
    caption = fill(
        _(
            "Patience {patience}: the best epoch is {best} and training {ended}. The network has the weights of epoch "
            "{kept}, with a validation error of {error:.0f} points; the best was {lowest:.0f}."
        ),
        patience=patience,
        best=stop.best,
        ended=ended.format(ran=stop.ran),
        kept=kept,
        error=errors[kept - 1],
        lowest=errors[stop.best - 1],
    )
    alt = _("The validation error by epoch, with the best epoch, where training stops, and whose weights are kept.")
    return Picture(figure, alt, caption)

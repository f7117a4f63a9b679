"""What this chapter's notebooks import: the data, the pictures and the widgets.

Importing this must never import TensorFlow.
"""

from __future__ import annotations

import numpy as np

from course.language import _
from course.lessons.arrays import Floats
from course.lessons.controls import number_slider
from course.lessons.explorer import Explorer
from course.lessons.lines import epoch_lines
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn

__all__ = ["offset_lab", "offset_picture", "rows"]


def rows(offset: float) -> tuple[Floats, Floats]:
    """200 rows of two inputs with a mean near offset, shape (200, 2), and their targets, shape (200,)."""
    noise = np.random.default_rng(0).normal(size=(200, 2))
    return noise + offset, noise.sum(axis=1)


def losses(x: Floats, y: Floats, steps: int = 30) -> list[float]:
    """The mean squared error before each step of gradient descent (step size 0.05) on a linear unit.

    x: (rows, inputs); y: (rows,).
    """
    weights, bias, found = np.zeros(x.shape[1]), 0.0, []
    for _step in range(steps):
        error = x @ weights + bias - y
        found.append(float(np.mean(error**2)))
        weights -= 0.05 * x.T @ error / len(x)
        bias -= 0.05 * error.mean()
    return found


@drawn
def offset_picture(offset: float) -> Picture:
    """The error by step, for inputs around offset (0–3) as they are and for centred ones."""
    x, y = rows(offset)
    as_they_are, centred = losses(x, y), losses(x - x.mean(axis=0), y)
    figure, (axes,) = panels(3.4, (0.07, 0.18, 0.9, 0.68))
    epoch_lines(axes, {_("Inputs as they are"): as_they_are, _("Centred inputs"): centred})
    axes.legend(frameon=False)
    tidy(axes, _("Error by step"), _("Step"), _("Mean squared error"))
    caption = _("Inputs around {offset:.1f}: the last error is {raw:.2f} as they are, {centred:.2f} when centred.")
    told = caption.format(offset=offset, raw=as_they_are[-1], centred=centred[-1])
    return Picture(figure, _("Two falling lines: the error by step, with and without centring."), told)


def offset_lab() -> Explorer:
    """How far the inputs lie from 0."""
    offset = number_slider(_("Offset of the inputs"), 3.0, low=0.0, high=3.0, step=0.5)
    return Explorer(_("Centring: move the inputs away from 0."), offset_picture, {"offset": offset})

"""Drawings of dropout's relatives: a feature map before and after one training pass.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from course.chapters.dropout import variants
from course.language import _
from course.lessons.arrays import Floats
from course.lessons.palette import INK
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def variants_picture(variant: str, rate: float, pass_number: int = 1) -> Picture:
    """A feature map before and after one training pass of a relative of dropout.

    variant: "standard", "spatial", "gaussian" or "alpha".
    """
    name = _name(variant)
    before = variants.feature_map()
    after = variants.applied(variant, before, rate, pass_number)
    figure, (left, right, scale) = panels(
        3.4, (0.07, 0.16, 0.37, 0.71), (0.53, 0.16, 0.37, 0.71), (0.92, 0.16, 0.015, 0.71)
    )
    _draw_map(left, before, _("Before"))
    shown = _draw_map(right, after, _("{name}, pass {n}").format(name=name, n=pass_number))
    bar = figure.colorbar(shown, cax=scale)
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
        name=name,
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


def _name(variant: str) -> str:
    return {
        "standard": _("Dropout"),
        "spatial": _("SpatialDropout1D: whole channels"),
        "gaussian": _("GaussianDropout: noise, no zeros"),
        "alpha": _("AlphaDropout: for SELU"),
    }[variant]


def _draw_map(axes: Axes, values: Floats, title: str) -> AxesImage:
    """A feature map (positions, channels) as a heatmap, zeros crossed."""
    shown = axes.imshow(values.T, cmap="PuOr", vmin=-4, vmax=4, aspect="auto")
    rows, columns = np.nonzero(values.T == 0.0)
    axes.scatter(columns, rows, s=12, marker="x", color=INK, linewidths=0.8)
    axes.set_yticks(range(0, variants.CHANNELS, 3))
    tidy(axes, title, _("Position"), _("Channel"))
    return shown


def _without_minus_zero(value: float) -> float:
    return round(float(value), 2) + 0.0

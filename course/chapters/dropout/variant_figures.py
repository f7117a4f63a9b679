"""Drawings of dropout's relatives: a feature map before and after one training step.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from course.chapters.dropout import variants
from course.language import _, fill
from course.lessons.arrays import Floats
from course.lessons.palette import INK
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def variants_picture(variant: str, rate: float, step: int = 1) -> Picture:
    """A feature map before and after one training step of a relative of dropout.

    variant: "standard", "spatial", "gaussian" or "alpha".
    """
    before = variants.feature_map()
    after = variants.applied(variant, before, rate, step)
    figure, (left, right, scale) = panels(
        3.6, (0.07, 0.15, 0.37, 0.73), (0.53, 0.15, 0.37, 0.73), (0.92, 0.15, 0.015, 0.73)
    )
    _draw_map(left, before, _("Before"))
    shown = _draw_map(right, after, fill(_("{name}, step {n}"), name=_name(variant), n=step))
    scale.set_label("<colorbar>")  # as Matplotlib calls one that it places itself
    figure.colorbar(shown, cax=scale).ax.set_ylabel(_("Value"))
    alt = _("A feature map as a heatmap, before and after; crosses mark zeros.")
    return Picture(figure, alt, _variants_caption(variant, rate, step))


def _variants_caption(variant: str, rate: float, step: int) -> str:
    before = variants.feature_map()
    after = variants.applied(variant, before, rate, step)
    many = np.stack([variants.applied(variant, before, rate, n) for n in range(1, 101)])
    return fill(
        _(
            "{name}, rate {rate:.2f}, step {n}: {zeros} of {all} values are 0; in {silent} of {channels} channels all "
            "values are 0. Over 100 steps the mean goes from {m0:.2f} to {m1:.2f}, the variance from {v0:.2f} to "
            "{v1:.2f}."
        ),
        name=_name(variant),
        rate=rate,
        n=step,
        zeros=int((after == 0.0).sum()),
        all=after.size,
        silent=int((after == 0.0).all(axis=0).sum()),
        channels=variants.CHANNELS,
        m0=_without_minus_zero(before.mean()),
        m1=_without_minus_zero(many.mean()),
        v0=before.var(),
        v1=many.var(),
    )


def _name(variant: str) -> str:
    return {
        "standard": _("Dropout"),
        "spatial": _("SpatialDropout1D: whole channels"),
        "gaussian": _("GaussianDropout: noise, no zeros"),
        "alpha": _("AlphaDropout: for SELU"),
    }[variant]


def _draw_map(axes: Axes, values: Floats, title: str) -> AxesImage:
    """A feature map (positions, channels) as a heatmap, zeros crossed."""
    positions, channels = values.shape
    corners = (0.5, positions + 0.5, channels + 0.5, 0.5)  # so that both are counted from 1
    shown = axes.imshow(values.T, cmap="PuOr", vmin=-4, vmax=4, aspect="auto", extent=corners)
    columns, rows = np.nonzero(values == 0.0)
    axes.scatter(columns + 1, rows + 1, s=14, marker="x", color=INK, linewidths=0.9)
    axes.set_xticks([1, *range(4, positions + 1, 4)])
    axes.set_yticks([1, *range(4, channels + 1, 3)])
    tidy(axes, title, _("Position"), _("Channel"))
    return shown


def _without_minus_zero(value: float) -> float:
    return round(float(value), 2) + 0.0

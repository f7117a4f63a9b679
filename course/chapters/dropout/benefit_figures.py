"""Drawings of what dropout is worth on the patients: errors with and without it, stored and by epoch.

Pure: numbers in, a Picture out, the same every time. They may not train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.legend_handler import HandlerTuple

from course.chapters.dropout.benefit import PARTS, Benefit, linear_errors
from course.language import _, fill
from course.lessons.arrays import Floats
from course.lessons.lines import History, pair_lines
from course.lessons.palette import GREEN
from course.lessons.panels import panels, tidy
from course.lessons.patient_pictures import error_curves_picture
from course.lessons.patients import POINTS
from course.lessons.picture import Picture, drawn


def network_name(rate: float) -> str:
    """What a picture calls the network with this rate."""
    return f"Dropout({rate:g})" if rate else _("without dropout")


def rate_curves_picture(histories: Mapping[float, History]) -> Picture:
    """Mean error by epoch, as fit reports it, of networks with these rates (four at most)."""
    return error_curves_picture({network_name(rate): history for rate, history in histories.items()})


@drawn
def benefit_picture(benefit: Benefit, rate: float = 0.5) -> Picture:
    """Mean error on training and on test patients, without dropout and at this rate: a line for each seed, a large mark
    for the mean, and a line across for linear regression."""
    figure, axes_of = panels(3.5, (0.08, 0.16, 0.38, 0.72), (0.57, 0.16, 0.38, 0.72))
    titles = {"train": _("200 training patients"), "test": _("142 test patients")}
    errors = {
        part: POINTS * np.array([benefit.error.at(rate=r, part=part).values for r in (0.0, rate)]) for part in PARTS
    }
    linear = {part: float(POINTS * linear_errors().at(part=part).values.mean()) for part in PARTS}
    for axes, (part, title) in zip(axes_of, titles.items(), strict=True):
        marks = pair_lines(axes, errors[part])
        across = axes.axhline(linear[part], color=GREEN, linestyle=":", linewidth=2, zorder=1)
        axes.set_ylim(0, 75)
        axes.set_xticks([0, 1], [network_name(0.0), network_name(rate)])
        tidy(axes, title, _("Network"), _("Mean error (points)"))
    side_by_side = {tuple: HandlerTuple(ndivide=None, pad=0.8)}
    names = [_("one seed"), _("mean"), _("linear regression")]
    axes_of[0].legend(
        (*marks, across), names, handler_map=side_by_side, markerscale=0.7, loc="upper left", frameon=False
    )
    caption = _benefit_caption({part: (errors[part], linear[part]) for part in titles})
    return Picture(
        figure, _("Left: error on training patients. Right: on test patients. A line for each seed."), caption
    )


def _benefit_caption(parts: Mapping[str, tuple[Floats, float]]) -> str:
    """parts: for "train" and "test" the errors (networks, seeds) and the mean error of linear regression."""
    (train, train_linear), (test, test_linear) = parts["train"], parts["test"]
    gains = test[0] - test[1]
    return fill(
        _(
            "Five seeds, each with its own split of the patients. The mean errors on training and test patients are "
            "{train:.0f} and {test:.0f} points without dropout, {train2:.0f} and {test2:.0f} with it, {train3:.0f} and "
            "{test3:.0f} by linear regression. Dropout lowers the test error for {n} of {all} seeds, by {gain:.0f} ± "
            "{spread:.0f} points (mean ± standard deviation)."
        ),
        train=train[0].mean(),
        test=test[0].mean(),
        train2=train[1].mean(),
        test2=test[1].mean(),
        train3=train_linear,
        test3=test_linear,
        n=int((gains > 0).sum()),
        all=len(gains),
        gain=gains.mean(),
        spread=gains.std(ddof=1),
    )

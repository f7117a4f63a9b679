"""A drawing of what dropout is worth on the patients: errors with and without it.

Pure: numbers in, a Picture out, the same every time. It may not train, wait, or touch a widget.
"""

from __future__ import annotations

import numpy as np
from matplotlib.legend_handler import HandlerTuple

from course.chapters.dropout.benefit import Benefit
from course.language import _, fill
from course.lessons.lines import pair_lines
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
        marks = pair_lines(axes, errors)
        axes.set_ylim(0, 70)
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

"""A drawing of what two networks predict that learnt from other patients. Pure: numbers in, a Picture out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course.chapters.bias_variance.studies import PATIENT_AXES, Studies
from course.language import _, fill
from course.lessons.arrays import Floats
from course.lessons.palette import BLUE, GREY, INK
from course.lessons.panels import panels, tidy
from course.lessons.patients import POINTS
from course.lessons.picture import Picture, drawn

SEED = 0  # of the patients that are drawn
RANGE = (0, 400)  # points


@dataclass(frozen=True)
class Hospitals:
    """In points, by seed: how far the two networks' predictions for one patient lie apart, the error of one network,
    and that of their average; means over the test patients."""

    apart: Floats
    error: Floats
    error_of_average: Floats


def hospitals_after(studies: Studies, epoch: int) -> Hospitals:
    """What the stored predictions after that epoch come to."""
    one, other, right = np.moveaxis(POINTS * studies.hospitals.at(epoch=epoch).values, 1, 0)
    errors = [np.abs(each - right).mean(axis=1) for each in (one, other, (one + other) / 2)]
    return Hospitals(np.abs(one - other).mean(axis=1), (errors[0] + errors[1]) / 2, errors[2])


@drawn
def hospitals_picture(studies: Studies) -> Picture:
    """What the network of either hospital predicts for the same test patients of seed 0, after 40 and 10 epochs."""
    figure, axes_of = panels(4.3, (0.08, 0.13, 0.38, 0.76), (0.58, 0.13, 0.38, 0.76))
    notes = []
    for axes, epoch in zip(axes_of, sorted(PATIENT_AXES["epoch"].tolist(), reverse=True), strict=True):
        one, other, _right = POINTS * studies.hospitals.at(epoch=epoch, seed=SEED).values
        axes.plot(RANGE, RANGE, "--", color=INK, linewidth=1.2, label=_("both agree"))
        axes.plot(one, other, "o", color=BLUE, markersize=5, alpha=0.65, markeredgecolor=GREY, label=_("one patient"))
        axes.set_xlim(*RANGE)
        axes.set_ylim(*RANGE)
        tidy(axes, fill(_("After {n} epochs"), n=epoch), _("Hospital A predicts (points)"), _("Hospital B predicts"))
        note = _("after {n} epochs they lie {apart:.0f} points apart")
        notes.append(fill(note, n=epoch, apart=np.abs(one - other).mean()))
    axes_of[0].legend(frameon=False, loc="upper left")
    caption = fill(
        _("Two predictions for each of the 142 test patients of seed 0. On average, {notes}."), notes="; ".join(notes)
    )
    alt = _("For each patient, what hospital B's network predicts against what hospital A's does, early and late.")
    return Picture(figure, alt, caption)


def hospitals_table(studies: Studies) -> None:
    """Prints by epochs how far apart the two networks lie and how large errors are: means ± standard deviations over
    the seeds."""
    headings = [_("epochs"), _("apart"), _("error of one"), _("error of the average")]
    lines = [headings]
    for epoch in sorted(PATIENT_AXES["epoch"].tolist(), reverse=True):
        found = hospitals_after(studies, epoch)
        columns = (found.apart, found.error, found.error_of_average)
        lines.append([str(epoch), *(fill("{:.0f} ± {:.0f}", v.mean(), v.std(ddof=1)) for v in columns)])
    widths = [max(map(len, column)) + 3 for column in zip(*lines, strict=True)]
    for line in lines:
        print("".join(f"{cell:>{width}}" for cell, width in zip(line, widths, strict=True)))

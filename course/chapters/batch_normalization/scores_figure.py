"""A drawing of one employee's scores for the projects of a batch, before and after they are normalised. Pure: numbers
in, a Picture out."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from course.language import _, fill
from course.lessons.arrays import Floats
from course.lessons.palette import BLUE, GREY, INK, SKY, VERMILLION
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn

FIRST_TWO = (1.0, 2.0)  # scores of projects A and B
LONG_RUN_MEAN, LONG_RUN_VARIANCE = 2.0, 2 / 3  # in the register: as of the scores 1, 2 and 3
EPSILON = 0.001
MARKS = {"A": "o", "B": "s", "C": "D"}


def statistics(scores: Floats, mode: str) -> tuple[float, float]:
    """The mean and the spread that normalise: of these scores in mode "batch", the long-run ones in "register"."""
    mean, variance = float(scores.mean()), float(scores.var())
    if mode == "register":
        mean, variance = LONG_RUN_MEAN, LONG_RUN_VARIANCE
    return mean, float(np.sqrt(variance + EPSILON))


@drawn
def scores_picture(companion: float, mode: str) -> Picture:
    """Projects A, B and C on the employee's own scale, and below in spreads from the mean. companion: the score of
    project C. mode: "batch" or "register"."""
    figure, (raw, normalised) = panels(3.9, (0.04, 0.64, 0.93, 0.26), (0.04, 0.15, 0.93, 0.26))
    scores = np.array([*FIRST_TWO, companion])
    mean, spread = statistics(scores, mode)
    told = _("mean of this batch") if mode == "batch" else _("long-run mean")
    _number_line(raw, scores, mean, spread, told)
    raw.set_xlim(-2.6, 12.6)
    tidy(raw, _("Scores on the employee's own scale"), _("Score"), "")
    _number_line(normalised, (scores - mean) / spread, 0.0, 1.0, "")
    normalised.text(1.1, 1.45, _("shaded: mean ± one spread"), color=GREY, fontsize=10, va="center")
    normalised.set_xlim(-4, 10.5 if mode == "register" else 4)
    tidy(normalised, _("The same scores, normalised"), _("Spreads from the mean"), "")
    for axes in (raw, normalised):
        axes.spines[["left"]].set_visible(False)
    message = {
        "batch": _("Project A is {place:.2f} spreads from this batch's mean, {mean:.2f}; one spread is {spread:.2f}."),
        "register": _(
            "Project A is {place:.2f} spreads from the long-run mean, {mean:.2f}; one spread is {spread:.2f}. Its "
            "companions do not matter."
        ),
    }[mode]
    caption = fill(message, place=(scores[0] - mean) / spread, mean=mean, spread=spread)
    alt = _("Two number lines with the scores of three projects, as they came and normalised.")
    return Picture(figure, alt, caption)


def _number_line(axes: Axes, places: Floats, mean: float, spread: float, told: str) -> None:
    axes.axvspan(mean - spread, mean + spread, color=SKY, alpha=0.35, linewidth=0)
    axes.axvline(mean, ymin=0.7, color=GREY, linestyle="--", linewidth=1.5)
    if told:
        axes.text(mean + 0.12, 1.45, told, color=GREY, fontsize=10, va="center")
    for (name, mark), place in zip(MARKS.items(), places, strict=True):
        colour = VERMILLION if name == "A" else BLUE
        axes.plot(place, 0.35, mark, color=colour, markersize=12, markeredgecolor=INK)
        axes.text(place, 0.95, name, ha="center", va="center", fontsize=10, fontweight="bold", color=INK)
    axes.set_ylim(0, 1.8)
    axes.set_yticks([])

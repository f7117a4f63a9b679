"""A drawing of what the student of the analogy knows of the old papers, and of the mock exam. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from course.chapters.overfitting.exam import QUESTIONS, study
from course.language import _, fill
from course.lessons.arrays import Bools
from course.lessons.bars import numbered_bars
from course.lessons.palette import BLUE, GREY, HATCHED, INK, VERMILLION, Fill
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn

IN_A_ROW = 10


@drawn
def exam_picture(rounds: int, misprints: int) -> Picture:
    """Every old question, by how the student answers it after so many rounds (1–40), and the scores. misprints: how
    many of the 100 questions have a wrong answer in the key; they stand in the last rows."""
    known = study(misprints)
    as_in_key = known.as_in_key[rounds - 1]
    figure, (papers, chart) = panels(4.3, (0.08, 0.17, 0.45, 0.6), (0.64, 0.17, 0.35, 0.6))
    _draw_papers(papers, as_in_key, known.misprinted)
    tidy(papers, "", _("Question in the row"), _("Row"))
    title = fill(_("100 old questions, round {rounds}"), rounds=rounds)
    papers.set_title(title, fontsize=11, loc="left", color=INK, y=1.22)
    given, repeated = (int(as_in_key[part].sum()) for part in (~known.misprinted, known.misprinted))
    mock = float(known.mock[rounds - 1])
    bars = {_("right\nanswers\nknown"): (Fill(BLUE), given / (QUESTIONS - misprints))}
    if misprints:
        bars[_("misprints\nrepeated")] = (Fill(VERMILLION, "xx"), repeated / misprints)
    bars[_("right in\nthe mock\nexam")] = (HATCHED, mock)
    looks, shares = zip(*bars.values(), strict=True)
    numbered_bars(chart, [100 * share for share in shares], looks, list(bars), number="{:.0f}")
    chart.set_xlim(-0.5, 2.5)  # bars as wide with two as with three
    chart.set_ylim(0, 110)
    tidy(chart, _("Scores"), "", _("Share (%)"))
    told = _(
        "After round {rounds}, the student knows {given} of {right} right answers in the key and repeats {repeated} of "
        "{misprints} misprints; in the mock exam, {mock:.0%} of the answers are right."
    )
    if not misprints:
        told = _(
            "After round {rounds}, the student knows {given} of {right} answers in the key, which has no misprints; in "
            "the mock exam, {mock:.0%} of the answers are right."
        )
    caption = fill(
        told,
        rounds=rounds,
        given=given,
        right=QUESTIONS - misprints,
        repeated=repeated,
        misprints=misprints,
        mock=mock,
    )
    alt = _("Left: the old questions, each marked by how the student answers it. Right: what is known, and the mock.")
    return Picture(figure, alt, caption)


def _draw_papers(axes: Axes, as_in_key: Bools, misprinted: Bools) -> None:
    """A mark for each question, ten in a row, and above them, in two columns, what the marks mean."""
    row, place = np.divmod(np.arange(QUESTIONS), IN_A_ROW)
    looks: dict[str, tuple[Bools, dict[str, Any]]] = {
        _("right answer known"): (as_in_key & ~misprinted, {"marker": "o", "s": 60, "facecolor": BLUE}),
        _("misprint repeated"): (as_in_key & misprinted, {"marker": "X", "s": 80, "facecolor": VERMILLION}),
        _("differs from the key"): (~as_in_key, {"marker": "o", "s": 60, "facecolor": "white", "edgecolor": GREY}),
    }
    for name, (chosen, look) in looks.items():
        axes.scatter(1 + place[chosen], 1 + row[chosen], label=name, **{"edgecolor": INK, "linewidths": 0.8, **look})
    axes.set_xlim(0.4, IN_A_ROW + 0.6)
    axes.set_ylim(QUESTIONS // IN_A_ROW + 0.6, 0.4)
    axes.set_xticks(range(1, IN_A_ROW + 1))
    axes.set_yticks(range(1, QUESTIONS // IN_A_ROW + 1))
    axes.legend(
        loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, columnspacing=1.0, frameon=False, handletextpad=0.2
    )

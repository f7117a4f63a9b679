"""Drawings of the company: who is present for which project, and what training with absences does to a team.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from course.chapters.dropout import staffing
from course.language import _
from course.lessons.arrays import Bools, Floats
from course.lessons.bars import grouped_bars
from course.lessons.palette import BLUE, FAINT, GREY, HATCHED, INK, ORANGE, SKY, VERMILLION, Fill
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def staffing_picture(rate: float, day: int = 1, project: int = 1, presentation: bool = False) -> Picture:
    """One day at the company: who is present for each of its five projects, and what the projects get.

    rate: chance of staying away, 0 ≤ rate < 1. project: 1–5, the one that is highlighted. presentation: the whole staff
    is in and nobody works harder than usual (inference); otherwise a day of training.
    """
    used_rate = 0.0 if presentation else rate
    present = staffing.attendance(used_rate, day)
    outputs = staffing.delivered(present, used_rate)
    figure, (office, chart) = panels(3.9, (0.09, 0.13, 0.55, 0.74), (0.72, 0.15, 0.26, 0.72))
    _draw_office(office, present, outputs, staffing.effort(used_rate), project - 1)
    title = _("Presentation: everybody is in") if presentation else _("Day {day}: each project has its own absentees")
    tidy(office, title.format(day=day), _("Employee (a neuron)"), _("Project (a sample)"))
    _draw_deliveries(chart, rate, presentation, float(outputs[project - 1]))
    if presentation:
        caption = _(
            "Presentation (inference): all {n} employees are in, effort ×1.00, and every project gets exactly 100. "
            "Over 10,000 training projects at rate {rate:.2f} the mean is {mean:.0f}."
        ).format(n=len(staffing.STAFF), rate=rate, mean=staffing.many_deliveries(rate).mean())
    else:
        caption = _staffing_caption(present[project - 1], float(outputs[project - 1]), rate, day, project)
    alt = _("Left: staff by project, present or away. Right: histogram of what 10,000 projects get.")
    return Picture(figure, alt, caption)


def _staffing_caption(present: Bools, output: float, rate: float, day: int, project: int) -> str:
    away = [name for name, here in zip(staffing.STAFF, present, strict=True) if not here]
    many = staffing.many_deliveries(rate)
    return _(
        "Day {day}, project {project}, rate {rate:.2f}. Away: {away}. The {n} present put in ×{effort:.2f} effort and "
        "the project gets {output:.0f} (full staff: 100). Over 10,000 projects the mean is {mean:.0f}, and nine in ten "
        "lie between {low:.0f} and {high:.0f}."
    ).format(
        day=day,
        project=project,
        rate=rate,
        away=", ".join(away) or _("nobody"),
        n=int(present.sum()),
        effort=staffing.effort(rate),
        output=output,
        mean=many.mean(),
        low=np.quantile(many, 0.05),
        high=np.quantile(many, 0.95),
    )


def _draw_office(axes: Axes, present: Bools, outputs: Floats, effort: float, current: int) -> None:
    rows, columns = np.nonzero(present)
    axes.axhspan(current - 0.45, current + 0.45, color="#FFF3D6", zorder=0)
    axes.scatter(columns, rows, s=150, color=BLUE, edgecolors=INK, linewidths=0.8, zorder=2)
    rows, columns = np.nonzero(~present)
    axes.scatter(columns, rows, s=150, facecolors="white", edgecolors=GREY, linewidths=1, linestyle=":", zorder=2)
    axes.scatter(columns, rows, s=36, marker="x", color=GREY, linewidths=1, zorder=3)
    for row, output in enumerate(outputs):
        weight = "bold" if row == current else "normal"
        text = f"×{effort:.2f}  →  {output:.0f}"
        axes.text(len(staffing.STAFF) - 0.3, row, text, va="center", fontsize=10, fontweight=weight, color=INK)
    axes.set_xlim(-0.6, len(staffing.STAFF) + 2.8)
    axes.set_ylim(len(outputs) - 0.4, -0.6)
    axes.set_xticks(range(len(staffing.STAFF)), staffing.STAFF, fontsize=9)
    axes.set_yticks(range(len(outputs)), [f"{'▸ ' if row == current else ''}{row + 1}" for row in range(len(outputs))])


def _draw_deliveries(axes: Axes, rate: float, presentation: bool, output: float) -> None:
    many = staffing.many_deliveries(rate)
    bins = np.linspace(0.0, max(200.0, float(np.quantile(many, 0.99))), 26).tolist()
    colour, hatch = (FAINT, "//") if presentation else (SKY, "")
    axes.hist(np.clip(many, bins[0], bins[-1]), bins=bins, color=colour, edgecolor="white", hatch=hatch)
    axes.axvline(staffing.FULL_STAFF, 0, 0.78, color=VERMILLION, linewidth=2.5, label=_("full staff: 100"))
    mean_label = _("mean of training: {:.0f}").format(many.mean())
    axes.axvline(many.mean(), 0, 0.78, color=INK, linestyle="--", label=mean_label)
    axes.plot([output], [0], marker="D", markersize=9, color=ORANGE, markeredgecolor=INK, clip_on=False, zorder=5)
    axes.legend(fontsize=9, frameon=False, loc="upper left")
    axes.set_ylim(top=axes.get_ylim()[1] * 1.25)
    axes.locator_params(nbins=4)
    tidy(axes, _("10,000 training projects"), _("Output (◆ this project)"), _("Projects"))


@drawn
def habits_picture(rate: float) -> Picture:
    """How a team shares its work after living with absences at this rate, beside a team that never had any."""
    never, now = staffing.learned_habits(0.0), staffing.learned_habits(rate)
    figure, (left, right) = panels(3.4, (0.07, 0.15, 0.55, 0.72), (0.72, 0.15, 0.26, 0.72))
    shares = {
        _("never an absence"): (HATCHED, 100 * never.shares),
        _("rate {:.2f}").format(rate): (Fill(BLUE), 100 * now.shares),
    }
    grouped_bars(left, shares, staffing.STAFF, width=0.4, number="")
    left.set_ylim(0, 62)
    left.legend(frameon=False)
    tidy(left, _("Team adaptation: who carries the work"), _("Employee"), _("Share of the work (%)"))
    misses = [100 * np.array([team.miss, team.miss_without_first]) for team in (never, now)]
    groups = {"never": (HATCHED, misses[0]), "now": (Fill(BLUE), misses[1])}
    grouped_bars(right, groups, [_("everyone in"), _("Ada away")], number="")
    right.set_ylim(0, 66)
    tidy(right, _("Project robustness"), _("At the presentation"), _("Typical miss (%)"))
    caption = _(
        "Trained at rate {rate:.2f}, Ada carries {share:.0f} % of the work (never an absence: {share0:.0f} %). "
        "If Ada alone is missing later, the typical miss is {lost:.0f} % instead of {lost0:.0f} %; "
        "with everyone in, it is {miss:.0f} % against {miss0:.0f} %."
    ).format(
        rate=rate,
        share=100 * now.shares[0],
        share0=100 * never.shares[0],
        lost=misses[1][1],
        lost0=misses[0][1],
        miss=misses[1][0],
        miss0=misses[0][0],
    )
    return Picture(figure, _("Left: share of the work by employee. Right: typical miss with and without Ada."), caption)

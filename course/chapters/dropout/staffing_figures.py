"""Drawings of the company: who is present for which project, and what training with absences does to a team.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from course.chapters.dropout import staffing
from course.language import _, fill, listed
from course.lessons.arrays import Bools, Floats
from course.lessons.bars import grouped_bars
from course.lessons.palette import BLUE, GREY, HATCHED, INK, ORANGE, SKY, VERMILLION, Fill
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
    figure, (office, chart) = panels(3.7, (0.07, 0.14, 0.53, 0.74), (0.69, 0.14, 0.29, 0.74))
    _draw_office(office, present, outputs, project - 1)
    title = _("Presentation: everybody is in, effort ×1.00") if presentation else _("Day {day}: effort ×{effort:.2f}")
    title = fill(title, day=day, effort=staffing.effort(used_rate))
    tidy(office, title, _("Employee (a neuron)"), _("Project (a sample)"))
    _draw_deliveries(chart, rate, None if presentation else float(outputs[project - 1]))
    if presentation:
        caption = fill(
            _(
                "At the presentation (inference) all {n} employees are in, each at the usual effort, and every project "
                "gets exactly 100 units of work. In training at rate {rate:.2f}, the mean over 10,000 projects is "
                "{mean:.0f}."
            ),
            n=len(staffing.STAFF),
            rate=rate,
            mean=staffing.many_deliveries(rate).mean(),
        )
    else:
        caption = _staffing_caption(present[project - 1], float(outputs[project - 1]), rate, day, project)
    alt = _("Left: staff by project, present or crossed out. Right: how often 10,000 projects get how much.")
    return Picture(figure, alt, caption)


def _staffing_caption(present: Bools, output: float, rate: float, day: int, project: int) -> str:
    away = [name for name, here in zip(staffing.STAFF, present, strict=True) if not here]
    many = staffing.many_deliveries(rate)
    told = _("{names} are away") if len(away) > 1 else _("{names} is away")
    this = fill(
        _(
            "Day {day}, project {project}, rate {rate:.2f}: {away}. With {n} of 10 present, each at {effort:.2f} times "
            "the usual effort, the project gets {n} × 10 × {effort:.2f} = {output:.0f} units of work."
        ),
        day=day,
        project=project,
        rate=rate,
        away=fill(told, names=listed(away)) if away else _("nobody is away"),
        n=int(present.sum()),
        effort=staffing.effort(rate),
        output=output,
    )
    low, high = np.quantile(many, (0.05, 0.95))
    others = _("Over 10,000 projects the mean is {mean:.0f}, and {share:.0%} get {low:.0f} to {high:.0f}.")
    if many.min() == many.max():
        others = _("Each of 10,000 projects gets {mean:.0f}.")
    share = ((many >= low) & (many <= high)).mean()
    return f"{this} {fill(others, mean=many.mean(), share=share, low=low, high=high)}"


def _draw_office(axes: Axes, present: Bools, outputs: Floats, current: int) -> None:
    rows, columns = np.nonzero(present)
    axes.axhspan(current - 0.45, current + 0.45, color="#FFF3D6", zorder=0)
    axes.scatter(columns, rows, s=150, color=BLUE, edgecolors=INK, linewidths=0.8, zorder=2)
    rows, columns = np.nonzero(~present)
    axes.scatter(columns, rows, s=150, facecolors="white", edgecolors=GREY, linewidths=1, linestyle=":", zorder=2)
    axes.scatter(columns, rows, s=70, marker="x", color=GREY, linewidths=1.6, zorder=3)
    for row, output in enumerate(outputs):
        weight = "bold" if row == current else "normal"
        axes.text(len(staffing.STAFF) - 0.2, row, f"→ {output:.0f}", va="center", fontweight=weight, color=INK)
    axes.set_xlim(-0.6, len(staffing.STAFF) + 1.0)
    axes.set_ylim(len(outputs) - 0.4, -0.6)
    axes.set_xticks(range(len(staffing.STAFF)), staffing.STAFF)
    axes.set_yticks(range(len(outputs)), [f"{'▸ ' if row == current else ''}{row + 1}" for row in range(len(outputs))])


def _draw_deliveries(axes: Axes, rate: float, output: float | None) -> None:
    """One bar for each number of people present, at what the project then gets in training; output: of the project
    whose bar is marked, None for no mark."""
    many = staffing.many_deliveries(rate)
    step = staffing.CONTRIBUTION * staffing.effort(rate)
    places, counts = np.unique(many, return_counts=True)
    shares = counts / len(many)
    axes.bar(places, shares, width=0.7 * step, color=SKY, edgecolor=INK, linewidth=0.6)
    if output is not None:
        height = float(shares[np.isclose(places, output)].sum())
        axes.bar([output], [height], width=0.7 * step, color=ORANGE, edgecolor=INK, hatch="//", label=_("this project"))
    axes.axvline(many.mean(), ymax=0.72, color=VERMILLION, linewidth=2, label=fill(_("mean: {:.0f}"), many.mean()))
    axes.legend(frameon=False, loc="upper right")
    axes.set_xlim(-0.6 * step, max(200.0, float(np.quantile(many, 0.995)) + 0.6 * step, (output or 0.0) + 0.6 * step))
    highest = float(shares.max())
    axes.set_ylim(0.0, 1.45 * highest)  # room for the legend
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ticks = np.asarray(MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(0.0, highest))
    axes.set_yticks(ticks[ticks <= min(1.0, 1.1 * highest)])
    tidy(axes, _("In training: 10,000 projects"), _("What a project gets (units)"), _("Share of projects"))


@drawn
def habits_picture(rate: float) -> Picture:
    """How a team shares its work after living with absences at this rate, beside a team that never had any."""
    never, now = staffing.learned_habits(0.0), staffing.learned_habits(rate)
    figure, (left, right) = panels(3.5, (0.07, 0.15, 0.55, 0.73), (0.72, 0.15, 0.26, 0.73))
    shares = {
        _("never an absence (rate 0)"): (HATCHED, 100 * never.shares),
        fill(_("trained at rate {:.2f}"), rate): (Fill(BLUE), 100 * now.shares),
    }
    grouped_bars(left, shares, staffing.STAFF, width=0.4, number="")
    left.set_ylim(0, 64)
    left.legend(frameon=False)
    tidy(left, _("Team adaptation: whose estimate counts"), _("Employee"), _("Share of the weight (%)"))
    misses = [100 * np.array([team.miss, team.miss_without_first]) for team in (never, now)]
    groups = {"never": (HATCHED, misses[0]), "now": (Fill(BLUE), misses[1])}
    grouped_bars(right, groups, [_("everyone in"), _("Ada away")], number="{:.0f}")
    right.set_ylim(0, 100)
    tidy(right, _("Project robustness"), _("At the presentation"), _("Typical miss (% of a typical cost)"))
    caption = fill(
        _(
            "A team trained at rate {rate:.2f} gives Ada {share:.0f} % of the weight, one without absences "
            "{share0:.0f} %. Their typical misses without Ada are {lost:.0f} % and {lost0:.0f} %, with everyone in "
            "{miss:.0f} % and {miss0:.0f} %."
        ),
        rate=rate,
        share=100 * now.shares[0],
        share0=100 * never.shares[0],
        lost=misses[1][1],
        lost0=misses[0][1],
        miss=misses[1][0],
        miss0=misses[0][0],
    )
    return Picture(
        figure, _("Left: share of the weight by employee. Right: typical miss with and without Ada."), caption
    )

"""Drawings of the sweep over rate and width: what becomes of wrong labels, a heatmap.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from course.chapters.dropout.sweep import CHOSEN_BY, Sweep
from course.language import _, fill, number, numbers
from course.lessons.arrays import Floats
from course.lessons.lines import mean_line
from course.lessons.palette import BLUE, GREY, INK, PLAIN, VERMILLION, Fill
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def label_noise_picture(sweep: Sweep, rate: float, width: int = 256) -> Picture:
    """At one rate of the sweep: what becomes of the wrong labels (a dot per seed), and the test accuracy."""
    here = int(np.argmin(np.abs(sweep.rates - rate)))
    repeats, right = (sweep.at_width(key, width)[here] for key in ("memorised", "put_right"))
    neither = np.maximum(0.0, 1 - repeats - right)
    test = sweep.at_width("test", width)
    figure, (left, chart) = panels(3.5, (0.07, 0.16, 0.43, 0.71), (0.59, 0.16, 0.39, 0.71))
    _draw_answers(left, (repeats, right, neither))
    tidy(
        left, fill(_("Wrong labels, at rate {rate:.1f}"), rate=rate), _("Answer of the network"), _("Share of the 150")
    )
    mean_line(chart, sweep.rates, test)
    chart.plot(sweep.rates[here], test[here].mean(), "D", color=VERMILLION, markersize=9)
    chart.set_ylim(0, 1)
    tidy(chart, _("Test accuracy (diamond: this rate)"), _("Dropout rate"), _("Accuracy"))
    caption = fill(
        _(
            "Rate {rate:.1f}, mean of {n} seeds: {wrong:.0%} of the wrong labels repeated, {right:.0%} corrected, "
            "{rest:.0%} neither; test accuracy {test:.0%} (without dropout {test0:.0%})."
        ),
        rate=rate,
        n=len(sweep.seeds),
        wrong=repeats.mean(),
        right=right.mean(),
        rest=neither.mean(),
        test=test[here].mean(),
        test0=test[0].mean(),
    )
    return Picture(figure, _("Left: what becomes of the wrong labels. Right: accuracy against rate."), caption)


def _draw_answers(axes: Axes, shares: Sequence[Floats]) -> None:
    """Bars for wrong labels repeated, put right, neither; each of shape (seeds,), with a dot per seed."""
    fills = (Fill(VERMILLION, "//"), PLAIN, Fill("#EEEEEE", ".."))
    for place, (values, look) in enumerate(zip(shares, fills, strict=True)):
        axes.bar(place, values.mean(), 0.62, color=look.colour, hatch=look.hatch, edgecolor=INK, linewidth=0.7)
        axes.plot(np.full(len(values), place), values, "o", color=INK, markersize=4)
        axes.text(place, values.max() + 0.02, f"{values.mean():.0%}", ha="center", va="bottom", fontsize=10)
    axes.set_xticks(range(3), [_("wrong label"), _("right digit"), _("neither")])
    axes.set_xlim(-0.5, 2.5)
    axes.set_ylim(0, 1.12)


@dataclass(frozen=True)
class Rerun:
    """One point trained by the learner: with which labels (a key of CHOSEN_BY), where, and its validation accuracy."""

    key: str
    width: int
    rate: float
    seed: int
    accuracy: float


@drawn
def heatmap_picture(sweep: Sweep, key: str, width: int, rate: float, reruns: Sequence[Rerun] = ()) -> Picture:
    """Left: validation accuracy (mean of the seeds) by width and rate, the place at width and rate framed. Right: that
    width's dots, one per seed, with the learner's own as stars.

    key: "test" (30 % wrong labels), "test_clean" or "test_stopped" (early stopping): what the choice is then tested on.
    """
    figure, (left, right) = panels(3.7, (0.07, 0.15, 0.53, 0.73), (0.68, 0.15, 0.3, 0.73))
    _draw_means(left, sweep, key, width, rate)
    mine = [run for run in reruns if (run.key, run.width) == (key, width)]
    values = sweep.at_width(CHOSEN_BY[key], width)
    _draw_seeds(right, sweep.rates, values, mine)
    tidy(right, fill(_("{width} neurons: a dot per seed"), width=width), _("Dropout rate"), _("Validation accuracy"))
    here = values[int(np.argmin(np.abs(sweep.rates - rate)))]
    caption = fill(
        _(
            "{width} neurons, by validation: {choice}. Framed: rate {here:.1f}, validation {mean:.3f}, its seeds "
            "{low:.3f} to {high:.3f}."
        ),
        width=width,
        choice=_choice_note(sweep, key, width),
        here=rate,
        mean=here.mean(),
        low=here.min(),
        high=here.max(),
    )
    if mine:
        last = mine[-1]
        note = _("Trained here just now: {width} neurons, rate {rate:.1f}, seed {seed}: {accuracy:.3f}.")
        caption += " " + fill(note, width=last.width, rate=last.rate, seed=last.seed, accuracy=last.accuracy)
    alt = _("Left: validation accuracy by width and rate. Right: each seed's accuracy at one width.")
    return Picture(figure, alt, caption)


def _choice_note(sweep: Sweep, key: str, width: int) -> str:
    """The rate that validation prefers, the rates that differ by less than the spread, and the test accuracy."""
    best, others = sweep.best_rate_by_validation(width, key), sweep.as_good(width, key)
    near = numbers((rate for rate in others if rate != best), ".1f") or _("none")
    note = _("best rate {best:.1f} (no clear difference: {near}), test {test:.3f}")
    return fill(note, best=best, near=near, test=sweep.mean(key, width, best))


def _draw_means(axes: Axes, sweep: Sweep, key: str, width: int, rate: float) -> None:
    """The heatmap of mean validation accuracies: ★ the best of its row, ≈ where the difference is below the spread."""
    means = sweep.results[CHOSEN_BY[key]].mean("seed").values
    axes.imshow(means, cmap="cividis", vmin=0.3, vmax=1.0, aspect="auto")
    for i, row_width in enumerate(sweep.widths.tolist()):
        near = sweep.as_good(row_width, key)
        for j, place in enumerate(sweep.rates):
            mark = "★" if j == means[i].argmax() else "≈" if place in near else ""
            colour = "white" if means[i, j] < 0.7 else INK
            text = number(means[i, j], ".2f").lstrip("0") + f"\n{mark}"
            weight = "bold" if mark == "★" else "normal"
            axes.text(j, i, text, ha="center", va="center", fontsize=10, color=colour, fontweight=weight)
    row, column = sweep.widths.tolist().index(width), int(np.argmin(np.abs(sweep.rates - rate)))
    frame = Rectangle((column - 0.48, row - 0.48), 0.96, 0.96, fill=False, edgecolor=VERMILLION, linewidth=3)
    axes.add_patch(frame)
    axes.set_xticks(range(len(sweep.rates)), [number(rate, ".1f") for rate in sweep.rates])
    axes.set_yticks(range(len(sweep.widths)), [str(width) for width in sweep.widths])
    title = _("Validation accuracy (★ best of its row, ≈ no clear difference)")
    tidy(axes, title, _("Dropout rate"), _("Units per layer"))


def _draw_seeds(axes: Axes, rates: Floats, values: Floats, reruns: Sequence[Rerun]) -> None:
    """The mean over seeds as a line, each seed as a dot, the learner's own runs as stars. values: (rates, seeds)."""
    axes.plot(rates, values.mean(axis=1), "-", color=GREY)
    axes.plot(np.repeat(rates, values.shape[1]), values.ravel(), "o", color=BLUE, markersize=4, alpha=0.7)
    axes.plot([run.rate for run in reruns], [run.accuracy for run in reruns], "*", color=VERMILLION, markersize=13)
    axes.set_ylim(0.0 if values.min() < 0.5 else 0.5, 1.0)

"""Drawings of the sweep over rate and width: accuracy against rate, what becomes of wrong labels, a heatmap.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from course.chapters.dropout.sweep import Sweep
from course.language import _
from course.lessons.arrays import Floats
from course.lessons.lines import mean_line, mean_lines
from course.lessons.palette import BLUE, GREY, INK, PLAIN, VERMILLION, Fill
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def sweep_picture(sweep: Sweep, key: str = "test", widths: Sequence[int] = (32, 128, 512)) -> Picture:
    """Accuracy against rate, one line per width through the mean of the seeds and one dot per seed.

    key: "test" (30 % wrong labels), "test_clean" or "test_stopped" (early stopping).
    """
    figure, (axes,) = panels(3.7, (0.07, 0.15, 0.9, 0.73))
    results = {_("{width} units per layer").format(width=width): sweep.at_width(key, width) for width in widths}
    mean_lines(axes, sweep.rates, results)
    axes.set_xticks(sweep.rates)
    axes.set_ylim(0.0, 1.0)
    axes.legend(frameon=False, loc="lower left")
    title = {
        "test": _("30 % of the training labels wrong"),
        "test_clean": _("All training labels right"),
        "test_stopped": _("30 % wrong, stopped at the best validation epoch"),
    }[key]
    tidy(axes, title, _("Dropout rate"), _("Accuracy on 1,000 test digits"))
    notes = []
    for width, (label, values) in zip(widths, results.items(), strict=True):
        note = _("{label}: best {best:.2f} at rate {rate:.1f}")
        best = values.mean(axis=1).max()
        notes.append(note.format(label=label, best=best, rate=sweep.best_rate(width, key)))
    caption = _("Mean of {n} seeds, one dot per seed. {notes}.").format(n=len(sweep.seeds), notes="; ".join(notes))
    return Picture(figure, _("Test accuracy against dropout rate for networks of different width."), caption)


@drawn
def label_noise_picture(sweep: Sweep, rate: float, width: int = 256) -> Picture:
    """At one rate of the sweep: what becomes of the wrong labels (a dot per seed), and how the fair test goes."""
    here = int(np.argmin(np.abs(sweep.rates - rate)))
    repeats, right = (sweep.at_width(key, width)[here] for key in ("memorised", "put_right"))
    neither = np.maximum(0.0, 1 - repeats - right)
    test = sweep.at_width("test", width)
    figure, (left, chart) = panels(3.5, (0.07, 0.16, 0.4, 0.71), (0.56, 0.16, 0.42, 0.71))
    _draw_answers(left, (repeats, right, neither))
    tidy(
        left, _("Wrong labels, at rate {rate:.1f}").format(rate=rate), _("Answer of the network"), _("Share of the 150")
    )
    mean_line(chart, sweep.rates, test)
    chart.plot(sweep.rates[here], test[here].mean(), "D", color=VERMILLION, markersize=9)
    chart.set_ylim(0, 1)
    tidy(chart, _("Fair test (diamond: this rate)"), _("Dropout rate"), _("Accuracy"))
    caption = _(
        "Rate {rate:.1f}, mean of {n} seeds: {lie:.0%} of the lies repeated, {right:.0%} put right, {rest:.0%} "
        "neither; {test:.0%} right on the fair test (without dropout {test0:.0%})."
    ).format(
        rate=rate,
        n=len(sweep.seeds),
        lie=repeats.mean(),
        right=right.mean(),
        rest=neither.mean(),
        test=test[here].mean(),
        test0=test[0].mean(),
    )
    return Picture(figure, _("Left: what becomes of the lies. Right: accuracy against rate."), caption)


def _draw_answers(axes: Axes, shares: Sequence[Floats]) -> None:
    """Bars for wrong labels repeated, put right, neither; each of shape (seeds,), with a dot per seed."""
    fills = (Fill(VERMILLION, "//"), PLAIN, Fill("#EEEEEE", ".."))
    for place, (values, fill) in enumerate(zip(shares, fills, strict=True)):
        axes.bar(place, values.mean(), 0.62, color=fill.colour, hatch=fill.hatch, edgecolor=INK, linewidth=0.7)
        axes.plot(np.full(len(values), place), values, "o", color=INK, markersize=4)
        axes.text(place, values.max() + 0.02, f"{values.mean():.0%}", ha="center", va="bottom", fontsize=10)
    axes.set_xticks(range(3), [_("repeats the lie"), _("right digit"), _("neither")])
    axes.set_xlim(-0.5, 2.5)
    axes.set_ylim(0, 1.12)


@dataclass(frozen=True)
class Rerun:
    """One point trained by the learner: with which labels (a key of the sweep), where, and its test accuracy (0–1)."""

    key: str
    width: int
    rate: float
    seed: int
    accuracy: float


@drawn
def heatmap_picture(sweep: Sweep, key: str, width: int, rate: float, reruns: Sequence[Rerun] = ()) -> Picture:
    """The sweep as a heatmap (mean of the seeds), and one width's dots, one per seed, with the learner's own as stars.
    The place at width and rate is framed.

    key: "test" (30 % wrong labels), "test_clean" or "test_stopped" (early stopping).
    """
    figure, (left, right) = panels(3.7, (0.07, 0.15, 0.5, 0.73), (0.64, 0.15, 0.34, 0.73))
    row, here = int(np.flatnonzero(sweep.widths == width)[0]), int(np.argmin(np.abs(sweep.rates - rate)))
    _draw_means(left, sweep, key, row, here)
    mine = [run for run in reruns if (run.key, run.width) == (key, width)]
    values = sweep.at_width(key, width)
    _draw_seeds(right, sweep.rates, values, mine)
    tidy(right, _("{width} units: a dot per seed").format(width=width), _("Dropout rate"), _("Accuracy"))
    best = int(values.mean(axis=1).argmax())
    caption = _(
        "{width} units a layer: best mean {best:.3f} at rate {rate:.1f}, its seeds {low:.3f} to {high:.3f}. "
        "Framed: rate {here:.1f}, mean {mean:.3f}."
    ).format(
        here=sweep.rates[here],
        mean=values[here].mean(),
        width=width,
        best=values[best].mean(),
        rate=sweep.rates[best],
        low=values[best].min(),
        high=values[best].max(),
    )
    if mine:
        last = mine[-1]
        note = _("Trained here just now: {width} units, rate {rate:.1f}, seed {seed}: {accuracy:.3f}.")
        caption += " " + note.format(width=last.width, rate=last.rate, seed=last.seed, accuracy=last.accuracy)
    return Picture(figure, _("Left: accuracy by width and rate. Right: each seed's accuracy at one width."), caption)


def _draw_means(axes: Axes, sweep: Sweep, key: str, row: int, column: int) -> None:
    """The heatmap of means over seeds, a row per width; the place at row and column is framed."""
    means = sweep.results[key].mean("seed").values
    axes.imshow(means, cmap="cividis", vmin=0.3, vmax=1.0, aspect="auto")
    for i, j in np.ndindex(*means.shape):
        best = j == means[i].argmax()
        colour, weight = "white" if means[i, j] < 0.7 else INK, "bold" if best else "normal"
        text = f"{means[i, j]:.2f}".lstrip("0") + ("\n★" if best else "")
        axes.text(j, i, text, ha="center", va="center", fontsize=9, color=colour, fontweight=weight)
    frame = Rectangle((column - 0.48, row - 0.48), 0.96, 0.96, fill=False, edgecolor=VERMILLION, linewidth=3)
    axes.add_patch(frame)
    axes.set_xticks(range(len(sweep.rates)), [f"{rate:.1f}" for rate in sweep.rates])
    axes.set_yticks(range(len(sweep.widths)), [str(width) for width in sweep.widths])
    tidy(axes, _("Mean test accuracy (★ best of its row)"), _("Dropout rate"), _("Units per layer"))


def _draw_seeds(axes: Axes, rates: Floats, values: Floats, reruns: Sequence[Rerun]) -> None:
    """The mean over seeds as a line, each seed as a dot, the learner's own runs as stars. values: (rates, seeds)."""
    axes.plot(rates, values.mean(axis=1), "-", color=GREY)
    axes.plot(np.repeat(rates, values.shape[1]), values.ravel(), "o", color=BLUE, markersize=4, alpha=0.7)
    axes.plot([run.rate for run in reruns], [run.accuracy for run in reruns], "*", color=VERMILLION, markersize=13)
    axes.set_ylim(0.0 if values.min() < 0.5 else 0.5, 1.0)

"""Drawings of one dropout layer: a batch's masks, mean and variance, two conventions, the way back.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from course.chapters.dropout import moments
from course.chapters.dropout.picture import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    SKY,
    VERMILLION,
    Picture,
    blank_figure,
    drawn,
    tidy,
)
from course.chapters.dropout.studies import RULES, Studies
from course.language import _


@drawn
def batch_masks_picture(way: str, rate: float, pass_number: int = 1) -> Picture:
    """A batch of 16 samples × 24 units as a heatmap, and how many units each sample keeps.

    way: "own" (dropout), "shared" (one mask for all) or "quota" (an exact number dropped).
    """
    kept = moments.batch_kept(way, rate, pass_number)
    per_row, expected = kept.sum(axis=1), moments.UNITS * (1 - rate)
    figure = blank_figure(9.6, 3.9)
    axes, counts = figure.add_axes((0.07, 0.14, 0.6, 0.74)), figure.add_axes((0.74, 0.14, 0.24, 0.74))
    edges = (np.arange(moments.UNITS + 1) - 0.5, np.arange(moments.BATCH + 1) - 0.5)
    filled = ListedColormap(["white", BLUE])
    axes.pcolormesh(*edges, kept, cmap=filled, vmin=0, vmax=1, edgecolors=FAINT, linewidth=0.7)
    axes.set_ylim(moments.BATCH - 0.5, -0.5)
    rows, columns = np.nonzero(~kept)
    axes.scatter(columns, rows, s=16, marker="x", color=GREY, linewidths=0.9)
    for panel in (axes, counts):
        panel.set_yticks(range(0, moments.BATCH, 5))
    axes.set_xticks(range(0, moments.UNITS, 5))
    counts.set_xticks(range(0, moments.UNITS + 1, 8))
    names = {"own": _("A mask for every sample"), "shared": _("One mask for all"), "quota": _("An exact number")}
    tidy(axes, _("{way}, pass {n}").format(way=names[way], n=pass_number), _("Unit"), _("Sample"))
    counts.barh(range(moments.BATCH), per_row, color=SKY, edgecolor=INK, linewidth=0.6)
    counts.axvline(expected, color=VERMILLION, linewidth=2, linestyle="--")
    counts.set_ylim(moments.BATCH - 0.5, -0.5)
    counts.set_xlim(0, moments.UNITS)
    tidy(counts, _("Kept (dashed: expected)"), _("Units kept of {n}").format(n=moments.UNITS), _("Sample"))
    distinct = len({tuple(row) for row in kept})
    caption = _(
        "{way}, rate {rate:.2f}, pass {n}: different masks among {batch} samples: {distinct}; {low} to {high} of "
        "{units} units kept per sample (expected {expected:.1f})."
    ).format(
        way=names[way],
        rate=rate,
        n=pass_number,
        distinct=distinct,
        batch=moments.BATCH,
        low=per_row.min(),
        high=per_row.max(),
        units=moments.UNITS,
        expected=expected,
    )
    return Picture(figure, _("Left: kept (filled) and dropped (crossed) units of a batch. Right: units kept."), caption)


@drawn
def moments_picture(rate: float, draws: int, value: float = 3.0) -> Picture:
    """Left: the mean over many draws of one dropped value. Right: mean and variance of a layer before and after."""
    means = moments.running_mean(rate, value, draws)
    before_mean, before_var, after_mean, after_var = moments.layer_moments(rate)
    expected = moments.variance_after(1.0, 1.0, rate)
    figure = blank_figure(9.6, 3.7)
    left, right = figure.add_axes((0.07, 0.15, 0.52, 0.73)), figure.add_axes((0.67, 0.15, 0.31, 0.73))
    left.axhline(value, color=VERMILLION, linewidth=2, linestyle="--", label=_("x = {x:g}").format(x=value))
    left.plot(np.arange(1, draws + 1), means, color=BLUE, linewidth=1.6, label=_("mean so far"))
    left.plot(draws, means[-1], "o", color=BLUE)
    left.set_xscale("log")
    left.set_xticks([1, 10, 100, 1_000, 10_000], ["1", "10", "100", "1,000", "10,000"])
    left.minorticks_off()
    left.set_xlim(0.9, moments.MOST_DRAWS * 1.2)
    left.set_ylim(0, max(2.2 * value, 1.15 * float(means.max())))
    left.legend(frameon=False, loc="upper right")
    tidy(left, _("One value, dropped again and again"), _("Draws"), _("Mean of the outputs"))
    groups = ((before_mean, before_var), (after_mean, after_var))
    for shift, values, colour, hatch, label in (
        (-0.2, groups[0], "white", "//", _("before")),
        (0.2, groups[1], SKY, "", _("after dropout")),
    ):
        right.bar(np.arange(2) + shift, values, 0.38, color=colour, hatch=hatch, edgecolor=INK, label=label)
        for place, number in enumerate(values):
            right.text(place + shift, number, f"{number:.2f}", ha="center", va="bottom", fontsize=9)
    right.set_xticks([0, 1], [_("mean"), _("variance")])
    right.set_ylim(0, 1.3 * max(3.0, expected))
    right.legend(frameon=False, loc="upper left")
    tidy(right, _("A layer with mean 1, variance 1"), _("Quantity"), _("Value"))
    caption = _(
        "Rate {rate:.2f}. After {draws:,} draws the mean of the outputs is {mean:.2f}, and x is {x:.2f}. In a layer of "
        "20,000 values the mean goes from {m0:.2f} to {m1:.2f}, the variance from {v0:.2f} to {v1:.2f} "
        "(by the formula {v:.2f})."
    ).format(
        rate=rate,
        draws=draws,
        mean=means[-1],
        x=value,
        m0=before_mean,
        m1=after_mean,
        v0=before_var,
        v1=after_var,
        v=expected,
    )
    return Picture(figure, _("Left: a running mean that settles at x. Right: mean kept, variance grown."), caption)


@drawn
def conventions_picture(studies: Studies, rate: float) -> Picture:
    """Left: what each convention hands on, on average, in training and in inference, for a value of 3. Right: what the
    three rules do to a network that was trained with inverted dropout at this rate (accuracy, confidence, loss)."""
    keep, value = moments.keep_of(rate), 3.0
    handed_on = {_("inverted"): (value, value), _("classic"): (value * keep,) * 2, _("wrong"): (value, value * rate)}
    figure = blank_figure(9.6, 3.6)
    left = figure.add_axes((0.06, 0.17, 0.29, 0.7))
    for shift, place, colour, hatch, label in (
        (-0.2, 0, SKY, "", _("training")),
        (0.2, 1, "white", "//", _("inference")),
    ):
        heights = [pair[place] for pair in handed_on.values()]
        left.bar(np.arange(3) + shift, heights, 0.38, color=colour, hatch=hatch, edgecolor=INK, label=label)
        for spot, height in enumerate(heights):
            left.text(spot + shift, height, f"{height:.2f}", ha="center", va="bottom", fontsize=8)
    left.set_xticks(range(3), list(handed_on))
    left.set_ylim(0, 4.4)
    left.set_yticks(range(5))
    left.legend(frameon=False, ncols=2, loc="upper center")
    tidy(left, _("Average of a value of 3"), _("Convention"), _("Handed on"))
    scores = studies.rule_scores(rate)
    panels = (("accuracy", _("Accuracy"), 1.2), ("confidence", _("Confidence"), 1.2), ("nll", _("Loss (nats)"), 2.7))
    for spot, (key, title, top) in enumerate(panels):
        axes = figure.add_axes((0.425 + 0.203 * spot, 0.17, 0.14, 0.7))
        _rule_bars(axes, [scores[rule][key] for rule in RULES], [1.0, keep, rate])
        axes.set_ylim(0, top)
        axes.set_yticks(np.linspace(0, np.floor(top), 3))
        tidy(axes, title, _("Hidden values"), "")
        axes.set_ylabel(title)
    right, classic, wrong = (scores[rule] for rule in RULES)
    caption = _(
        "Rate {rate:.1f}, network trained with inverted dropout on right labels. Left alone (×1): accuracy {a1:.3f}, "
        "confidence {c1:.3f}, loss {l1:.3f}. × keep = {keep:.1f}: {a2:.3f}, {c2:.3f}, {l2:.3f}. × rate = {rate:.1f}: "
        "{a3:.3f}, {c3:.3f}, {l3:.3f}."
    ).format(
        rate=rate,
        keep=keep,
        **{
            f"{letter}{n}": s[key]
            for n, s in enumerate((right, classic, wrong), 1)
            for letter, key in zip("acl", s, strict=True)
        },
    )
    return Picture(figure, _("Bars: three rules in training and inference, and their price."), caption)


def _rule_bars(axes: Axes, values: list[float], factors: list[float]) -> None:
    for place, (value, colour, hatch) in enumerate(
        zip(values, (SKY, ORANGE, VERMILLION), ("", "..", "//"), strict=True)
    ):
        axes.bar(place, value, 0.65, color=colour, hatch=hatch, edgecolor=INK)
        axes.text(place, value, f"{value:.2f}", ha="center", va="bottom", fontsize=8)
    axes.set_xticks(range(3), [f"×{factor:.1f}" for factor in factors])


@drawn
def backward_picture(rate: float, batch: int, step: int = 1) -> Picture:
    """Where the gradient arrives: a row per sample, a column per unit, and below them the whole batch."""
    found = moments.batch_gradients(rate, batch, step)
    units = found.kept.shape[1]
    figure = blank_figure(9.6, 4.0)
    axes, bars = figure.add_axes((0.07, 0.13, 0.5, 0.76)), figure.add_axes((0.66, 0.13, 0.32, 0.76))
    axes.imshow(found.per_sample, cmap="Blues", vmin=0, vmax=max(6.0, found.per_sample.max()), aspect="auto")
    for row, column in np.ndindex(*found.kept.shape):
        kept, size = found.kept[row, column], found.per_sample[row, column]
        axes.text(
            column,
            row,
            f"{size:.1f}" if kept else "× 0",
            ha="center",
            va="center",
            fontsize=9,
            color="white" if kept and size > 0.55 * max(6.0, found.per_sample.max()) else (INK if kept else VERMILLION),
        )
    axes.set_xticks(range(units), [str(n + 1) for n in range(units)])
    axes.set_yticks(range(batch), [str(n + 1) for n in range(batch)])
    tidy(axes, _("Gradient through each sample (× 0: dropped)"), _("Neuron"), _("Sample"))
    frozen = found.whole == 0
    bars.bar(range(units), found.whole, 0.7, color=SKY, edgecolor=INK)
    for place in map(int, np.flatnonzero(frozen)):
        bars.text(place, 0.05, _("none"), ha="center", va="bottom", rotation=90, color=VERMILLION, fontweight="bold")
    bars.set_xticks(range(units), [str(n + 1) for n in range(units)])
    bars.set_ylim(0, max(4.0, 1.1 * float(found.whole.max())))
    tidy(bars, _("Gradient of the whole batch"), _("Neuron"), _("Size"))
    numbers = ", ".join(str(n + 1) for n in np.flatnonzero(frozen))
    told = (
        _("No gradient at all for neuron {numbers}: dropped for every sample.").format(numbers=numbers)
        if numbers
        else _("Every neuron gets a gradient from some sample.")
    )
    caption = _(
        "Step {step}, batch of {batch}, rate {rate:.2f}: {zeros} of {all} places are dropped. {told} "
        "Chance that a given neuron gets none: {chance:.2g}."
    ).format(
        step=step,
        batch=batch,
        rate=rate,
        zeros=int((~found.kept).sum()),
        all=found.kept.size,
        told=told,
        chance=rate**batch,
    )
    return Picture(
        figure, _("Left: gradient by sample and neuron, zero where dropped. Right: the batch's sum."), caption
    )

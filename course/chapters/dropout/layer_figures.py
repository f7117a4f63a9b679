"""Drawings of one dropout layer: a batch's masks, mean and variance, where the gradient arrives.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from numpy.typing import NDArray

from course.chapters.dropout import layer
from course.language import _, fill, number
from course.lessons.arrays import Bools, Floats
from course.lessons.bars import grouped_bars
from course.lessons.palette import BLUE, FAINT, GREY, HATCHED, INK, PLAIN, SKY, VERMILLION
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def batch_masks_picture(way: str, rate: float, step: int = 1) -> Picture:
    """A batch of 16 samples × 24 units, and how many units each sample keeps.

    way: "own" (dropout), "shared" (one mask for all) or "quota" (an exact number dropped).
    """
    kept = layer.batch_kept(way, rate, step)
    per_row, expected = kept.sum(axis=1), layer.UNITS * (1 - rate)
    names = {"own": _("A mask for every sample"), "shared": _("One mask for all"), "quota": _("An exact number")}
    figure, (axes, counts) = panels(3.9, (0.07, 0.14, 0.57, 0.76), (0.72, 0.14, 0.26, 0.76))
    draw_mask(axes, kept)
    tidy(axes, fill(_("{way}, step {n}"), way=names[way], n=step), _("Neuron"), _("Sample"))
    _draw_counts(counts, per_row, expected)
    caption = fill(
        _(
            "{way}, rate {rate:.2f}, step {n}: {distinct} different masks among {batch} samples. "
            "Each sample keeps {range} of {units} neurons; {expected:.1f} are expected."
        ),
        way=names[way],
        rate=rate,
        n=step,
        distinct=len({tuple(row) for row in kept}),
        batch=layer.BATCH,
        range=_from_to(per_row),
        units=layer.UNITS,
        expected=expected,
    )
    alt = _("Left: kept (filled) and dropped (crossed) neurons of a batch. Right: neurons kept for each sample.")
    return Picture(figure, alt, caption)


@drawn
def masks_picture(masks: Mapping[str, NDArray[np.floating]]) -> Picture:
    """One or two batches of masks side by side, each of shape (samples, units): kept filled, dropped crossed."""
    width = 0.94 / len(masks)
    boxes = [(0.06 + place * width, 0.16, width - 0.07, 0.72) for place in range(len(masks))]
    figure, axes_of = panels(3.4, *boxes)
    notes = []
    for axes, (name, mask) in zip(axes_of, masks.items(), strict=True):
        draw_mask(axes, mask > 0)
        tidy(axes, name, _("Neuron"), _("Sample"))
        same = bool((mask == mask[0]).all())
        told = _("{name}: {range} neurons kept, the same mask for every sample.")
        if not same:
            told = _("{name}: {range} neurons kept, and the masks differ from sample to sample.")
        notes.append(fill(told, name=name, range=_from_to(np.count_nonzero(mask, axis=1))))
    alt = _("Masks of a batch: a filled square is a neuron kept for that sample, a cross a dropped one.")
    return Picture(figure, alt, " ".join(notes))


def _from_to(counts: NDArray[np.integer]) -> str:
    """ "9 to 13", or one number where all are alike."""
    low, high = int(counts.min()), int(counts.max())
    return str(low) if low == high else fill(_("{low} to {high}"), low=low, high=high)


def draw_mask(axes: Axes, kept: Bools) -> None:
    """Kept units filled, dropped ones crossed; a row per sample. Both are counted from 1."""
    samples, units = kept.shape
    edges = (np.arange(units + 1) + 0.5, np.arange(samples + 1) + 0.5)
    filled = ListedColormap(["white", BLUE])
    axes.pcolormesh(*edges, kept, cmap=filled, vmin=0, vmax=1, edgecolors=FAINT, linewidth=0.7)
    rows, columns = np.nonzero(~kept)
    axes.scatter(columns + 1, rows + 1, s=16, marker="x", color=GREY, linewidths=0.9)
    axes.set_ylim(samples + 0.5, 0.5)
    axes.set_xticks([1, *range(4, units + 1, 4)])
    axes.set_yticks([1, *range(4, samples + 1, 4)])


def _draw_counts(axes: Axes, per_row: NDArray[np.integer], expected: float) -> None:
    """Units kept as a bar for each sample, and the expected number as a dashed line."""
    samples = np.arange(1, len(per_row) + 1)
    axes.barh(samples, per_row, color=SKY, edgecolor=INK, linewidth=0.6)
    axes.axvline(expected, color=VERMILLION, linewidth=2, linestyle="--")
    axes.set_ylim(len(per_row) + 0.5, 0.5)
    axes.set_xlim(0, layer.UNITS)
    axes.set_xticks(range(0, layer.UNITS + 1, 8))
    axes.set_yticks([1, *range(4, len(per_row) + 1, 4)])
    tidy(axes, _("Kept (dashed: expected)"), fill(_("Neurons kept of {n}"), n=layer.UNITS), _("Sample"))


@drawn
def moments_picture(rate: float, draws: int, value: float = 3.0) -> Picture:
    """Left: the mean over many draws of one value that is dropped or scaled. Right: mean and variance of a layer."""
    means = layer.running_mean(rate, value, draws)
    before_mean, before_var, after_mean, after_var = layer.layer_moments(rate)
    expected = layer.variance_after(1.0, 1.0, rate)
    figure, (left, right) = panels(3.7, (0.07, 0.15, 0.52, 0.73), (0.67, 0.15, 0.31, 0.73))
    _draw_running_mean(left, value, means)
    groups = {
        _("before"): (HATCHED, [before_mean, before_var]),
        _("after dropout"): (PLAIN, [after_mean, after_var]),
    }
    grouped_bars(right, groups, [_("mean"), _("variance")])
    right.set_ylim(0, 1.3 * max(3.0, expected))
    right.legend(frameon=False, loc="upper left")
    tidy(right, _("A layer with mean 1, variance 1"), _("Quantity"), _("Value"))
    caption = fill(
        _(
            "Rate {rate:.2f}. The value x is {x:.2f}; after {draws:,} draws the mean of the outputs is {mean:.2f}. "
            "In a layer of 20,000 values the mean goes from {m0:.2f} to {m1:.2f} and the variance from {v0:.2f} to "
            "{v1:.2f} (formula: {v:.2f})."
        ),
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
    return Picture(
        figure, _("Left: a running mean that settles at x. Right: the mean stays, the variance grows."), caption
    )


def _draw_running_mean(axes: Axes, value: float, means: Floats) -> None:
    """The mean over the first 1, 2, … draws, on a logarithmic axis, and the value that it settles at."""
    draws = len(means)
    axes.axhline(value, color=VERMILLION, linewidth=2, linestyle="--", label=fill(_("x = {x:g}"), x=value))
    axes.plot(np.arange(1, draws + 1), means, color=BLUE, linewidth=1.6, label=_("mean so far"))
    axes.plot(draws, means[-1], "o", color=BLUE)
    axes.set_xscale("log")
    axes.set_xticks([ten for ten in (1, 10, 100, 1_000, 10_000) if ten <= max(10, draws)])
    axes.xaxis.set_major_formatter(lambda value, _place: number(value, ",.0f"))
    axes.minorticks_off()
    axes.set_xlim(0.9, max(10, 1.3 * draws))
    axes.set_ylim(0, max(2.2 * value, 1.15 * float(means.max())))
    axes.legend(frameon=False, loc="lower right")
    tidy(axes, _("One value, many draws"), _("Draws"), _("Mean of the outputs"))


@drawn
def backward_picture(rate: float, batch: int, step: int = 1) -> Picture:
    """Where the gradient arrives: a row per sample, a column per unit, and below them the whole batch."""
    found = layer.batch_gradients(rate, batch, step)
    frozen = found.whole == 0
    figure, (axes, bars) = panels(4.0, (0.07, 0.13, 0.5, 0.76), (0.66, 0.13, 0.32, 0.76))
    _draw_gradients(axes, found)
    _draw_batch_gradient(bars, found.whole, frozen)
    numbers = ", ".join(str(n + 1) for n in np.flatnonzero(frozen))
    told = (
        fill(_("Neuron {numbers} gets no gradient: it was dropped for every sample."), numbers=numbers)
        if numbers
        else _("Every neuron gets a gradient from some sample.")
    )
    caption = fill(
        _(
            "Step {step}, batch of {batch}, rate {rate:.2f}: {zeros} of {all} places are dropped. {told} "
            "The probability that a given neuron gets none is {chance:.2g}."
        ),
        step=step,
        batch=batch,
        rate=rate,
        zeros=int((~found.kept).sum()),
        all=found.kept.size,
        told=told,
        chance=rate**batch,
    )
    return Picture(
        figure, _("Left: gradient by sample and neuron, crossed where dropped. Right: the sum over the batch."), caption
    )


def _draw_gradients(axes: Axes, found: layer.BatchGradients) -> None:
    """Each sample's gradient by neuron as a heatmap; ink in white on dark cells, so that it can be read."""
    top = max(6.0, found.per_sample.max())
    axes.imshow(found.per_sample, cmap="Blues", vmin=0, vmax=top, aspect="auto")
    for row, column in np.ndindex(*found.kept.shape):
        size = found.per_sample[row, column]
        text, colour = fill("{:.2f}", size), "white" if size > 0.55 * top else INK
        if not found.kept[row, column]:
            text, colour = "✕", VERMILLION
        axes.text(column, row, text, ha="center", va="center", fontsize=10, color=colour)
    samples, units = found.kept.shape
    axes.set_xticks(range(units), [str(n + 1) for n in range(units)])
    axes.set_yticks(range(samples), [str(n + 1) for n in range(samples)])
    tidy(axes, _("Gradient through each sample (✕: dropped)"), _("Neuron"), _("Sample"))


def _draw_batch_gradient(axes: Axes, whole: Floats, frozen: Bools) -> None:
    """The batch's gradient by neuron; "none" where no sample lets any through."""
    units = len(whole)
    axes.bar(range(units), whole, 0.7, color=SKY, edgecolor=INK)
    for place in map(int, np.flatnonzero(frozen)):
        axes.text(place, 0.05, _("none"), ha="center", va="bottom", rotation=90, color=VERMILLION, fontweight="bold")
    axes.set_xticks(range(units), [str(n + 1) for n in range(units)])
    axes.set_ylim(0, max(4.0, 1.1 * float(whole.max())))
    tidy(axes, _("Gradient of the whole batch"), _("Neuron"), _("Size"))

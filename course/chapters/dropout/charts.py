"""The chapter's charts of results: learning curves, the rate sweep, the rules for inference.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from course.chapters.dropout.picture import (
    BLUE,
    GREEN,
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
from course.chapters.dropout.sweep import Sweep
from course.language import _

LINES = ((VERMILLION, "-", "o"), (BLUE, "--", "s"), (GREEN, "-.", "^"), (ORANGE, ":", "D"))
History = Mapping[str, Sequence[float]]


@drawn
def curves_picture(histories: Mapping[str, History]) -> Picture:
    """Learning curves side by side: accuracy as fit reports it, and on validation rows, for each named history.

    A history is what `model.fit(...).history` holds: "accuracy" and "val_accuracy", one value (0–1) per epoch.
    """
    figure = blank_figure(9.6, 3.7)
    notes = []
    panels = (
        ("accuracy", _("As fit reports it (training labels, 30 % wrong)")),
        ("val_accuracy", _("Validation rows (right labels)")),
    )
    for place, (key, title) in enumerate(panels):
        axes = figure.add_axes((0.07 + 0.5 * place, 0.15, 0.41, 0.72))
        for (name, history), (colour, style, marker) in zip(histories.items(), LINES, strict=False):
            epochs = np.arange(1, len(history[key]) + 1)
            axes.plot(epochs, history[key], style, color=colour, marker=marker, markevery=5, label=name)
            best = int(np.argmax(history[key]))
            note = _("{title}, {name}: {last:.2f}, best {best:.2f} at epoch {epoch}")
            values = {"last": history[key][-1], "best": history[key][best], "epoch": best + 1}
            notes.append(note.format(title=title, name=name, **values))
        axes.set_ylim(0, 1.03)
        axes.legend(frameon=False, loc="lower right")
        tidy(axes, title, _("Epoch"), _("Accuracy"))
    caption = _("After the last epoch. {notes}.").format(notes="; ".join(notes))
    return Picture(figure, _("Learning curves with and without dropout."), caption)


@drawn
def sweep_picture(sweep: Sweep, key: str = "test", widths: Sequence[int] = (32, 128, 512)) -> Picture:
    """Accuracy against rate, one line per width through the mean of the seeds and one dot per seed.

    key: "test" (30 % wrong labels), "test_clean" or "test_stopped" (early stopping).
    """
    figure = blank_figure(9.6, 3.7)
    axes = figure.add_axes((0.07, 0.15, 0.9, 0.73))
    notes = []
    for width, (colour, style, marker) in zip(widths, LINES, strict=False):
        values = getattr(sweep, key)[sweep.widths == width][0]
        label = _("{width} units per layer").format(width=width)
        axes.plot(sweep.rates, values.mean(axis=1), style, color=colour, marker=marker, label=label)
        axes.plot(sweep.rates, values, ".", color=colour, alpha=0.45, markersize=5)
        best = sweep.best_rate(width, key)
        notes.append(
            _("{label}: best {best:.2f} at rate {rate:.1f}").format(
                label=label, best=values.mean(axis=1).max(), rate=best
            )
        )
    axes.set_xticks(sweep.rates)
    axes.set_ylim(0.0, 1.0)
    axes.legend(frameon=False, loc="lower left")
    title = {
        "test": _("30 % of the training labels wrong"),
        "test_clean": _("All training labels right"),
        "test_stopped": _("30 % wrong, stopped at the best validation epoch"),
    }[key]
    tidy(axes, title, _("Dropout rate"), _("Accuracy on 1,000 test digits"))
    caption = _("Mean of {n} seeds, one dot per seed. {notes}.").format(n=len(sweep.seeds), notes="; ".join(notes))
    return Picture(figure, _("Test accuracy against dropout rate for networks of different width."), caption)


@drawn
def lies_at_picture(sweep: Sweep, rate: float, width: int = 256) -> Picture:
    """At one rate of the sweep: what becomes of the wrong labels (a dot per seed), and how the fair test goes."""
    here = int(np.argmin(np.abs(sweep.rates - rate)))
    of_width = sweep.widths == width
    repeats, right = sweep.memorised[of_width][0][here], sweep.put_right[of_width][0][here]
    test = sweep.test[of_width][0]
    figure = blank_figure(9.6, 3.5)
    left, chart = figure.add_axes((0.07, 0.16, 0.4, 0.71)), figure.add_axes((0.56, 0.16, 0.42, 0.71))
    neither = np.maximum(0.0, 1 - repeats - right)
    bars = ((repeats, VERMILLION, "//"), (right, SKY, ""), (neither, "#EEEEEE", ".."))
    for place, (values, colour, hatch) in enumerate(bars):
        left.bar(place, values.mean(), 0.62, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.7)
        left.plot(np.full(len(values), place), values, "o", color=INK, markersize=4)
        left.text(place, values.max() + 0.02, f"{values.mean():.0%}", ha="center", va="bottom", fontsize=10)
    left.set_xticks(range(3), [_("repeats the lie"), _("right digit"), _("neither")])
    left.set_xlim(-0.5, 2.5)
    left.set_ylim(0, 1.12)
    tidy(
        left, _("Wrong labels, at rate {rate:.1f}").format(rate=rate), _("Answer of the network"), _("Share of the 150")
    )
    chart.plot(sweep.rates, test.mean(axis=1), "-", color=BLUE)
    chart.plot(sweep.rates, test, ".", color=BLUE, alpha=0.45, markersize=5)
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


@drawn
def epochs_picture(curve: Mapping[str, NDArray[np.floating]], rate: float, labels: str) -> Picture:
    """Accuracy by epoch: "fit" (thinned networks, averaged while they learn), "evaluate" (the full network on the same
    training rows) and "validation". labels: "lies" or "right"; it is only named in the title."""
    figure = blank_figure(9.6, 3.6)
    axes = figure.add_axes((0.07, 0.15, 0.9, 0.73))
    names = {
        "fit": _("training rows, as fit reports"),
        "evaluate": _("training rows, evaluate"),
        "validation": _("validation rows"),
    }
    epochs = np.arange(1, len(curve["fit"]) + 1)
    for (key, name), (colour, style, marker) in zip(names.items(), LINES, strict=False):
        axes.plot(epochs, curve[key], style, color=colour, marker=marker, markevery=4, label=name)
    axes.set_ylim(0.0, 1.03)
    axes.legend(frameon=False, loc="lower right")
    told = {"lies": _("30 % of the labels wrong"), "right": _("all labels right")}[labels]
    tidy(axes, _("Rate {rate:.1f}, {labels}").format(rate=rate, labels=told), _("Epoch"), _("Accuracy"))
    caption = _(
        "Rate {rate:.1f}, {labels}. After epoch 10: fit reports {f10:.2f}, evaluate {e10:.2f}, validation {v10:.2f}. "
        "After epoch {n}: {f:.2f}, {e:.2f}, {v:.2f}."
    ).format(
        rate=rate,
        labels=told,
        n=len(epochs),
        **{f"{key[0]}10": curve[key][9] for key in names},
        **{key[0]: curve[key][-1] for key in names},
    )
    return Picture(figure, _("Three curves: fit's own accuracy, evaluate on the same rows, validation."), caption)


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
    means = getattr(sweep, key).mean(axis=-1)
    row = int(np.flatnonzero(sweep.widths == width)[0])
    values = getattr(sweep, key)[row]
    figure = blank_figure(9.6, 3.7)
    left, right = figure.add_axes((0.07, 0.15, 0.5, 0.73)), figure.add_axes((0.64, 0.15, 0.34, 0.73))
    left.imshow(means, cmap="cividis", vmin=0.3, vmax=1.0, aspect="auto")
    for i, j in np.ndindex(*means.shape):
        best = j == means[i].argmax()
        colour = "white" if means[i, j] < 0.7 else INK
        weight = "bold" if best else "normal"
        text = f"{means[i, j]:.2f}".lstrip("0") + ("\n★" if best else "")
        left.text(j, i, text, ha="center", va="center", fontsize=9, color=colour, fontweight=weight)
    here = int(np.argmin(np.abs(sweep.rates - rate)))
    left.add_patch(Rectangle((here - 0.48, row - 0.48), 0.96, 0.96, fill=False, edgecolor=VERMILLION, linewidth=3))
    left.set_xticks(range(len(sweep.rates)), [f"{rate:.1f}" for rate in sweep.rates])
    left.set_yticks(range(len(sweep.widths)), [f"{width:.0f}" for width in sweep.widths])
    tidy(left, _("Mean test accuracy (★ best of its row)"), _("Dropout rate"), _("Units per layer"))
    right.plot(sweep.rates, values.mean(axis=1), "-", color=GREY)
    right.plot(np.repeat(sweep.rates, values.shape[1]), values.ravel(), "o", color=BLUE, markersize=4, alpha=0.7)
    mine = [run for run in reruns if (run.key, run.width) == (key, width)]
    right.plot([run.rate for run in mine], [run.accuracy for run in mine], "*", color=VERMILLION, markersize=13)
    right.set_ylim(0.0 if values.min() < 0.5 else 0.5, 1.0)
    tidy(right, _("{width} units: a dot per seed").format(width=width), _("Dropout rate"), _("Accuracy"))
    best = int(values.mean(axis=1).argmax())
    caption = _(
        "{width} units a layer: best mean {best:.3f} at rate {rate:.1f}, its seeds {low:.3f} to {high:.3f}. "
        "Framed: rate {here:.1f}, mean {mean:.3f}."
    ).format(
        here=sweep.rates[here],
        mean=means[row, here],
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


@drawn
def rules_picture(rules: Mapping[str, Mapping[str, float]]) -> Picture:
    """Rules for inference compared; each has "accuracy", "confidence" (mean top probability) and "nll" (nats)."""
    figure = blank_figure(9.6, 3.2)
    panels = (("accuracy", _("Accuracy")), ("confidence", _("Mean confidence")), ("nll", _("Loss (NLL, nats)")))
    hatches = ("", "..", "//", "xx")
    names = list(rules)
    for place, (key, title) in enumerate(panels):
        axes = figure.add_axes((0.07 + 0.32 * place, 0.17, 0.25, 0.69))
        values = [rules[name][key] for name in names]
        for i, value in enumerate(values):
            axes.bar(i, value, 0.6, color=(SKY, ORANGE, VERMILLION, GREY)[i % 4], hatch=hatches[i % 4], edgecolor=INK)
            axes.text(i, value, f"{value:.3f}", ha="center", va="bottom", fontsize=9)
        axes.set_xticks(range(len(names)), names)
        axes.set_ylim(0, 1.15 * max(1.0, *values))
        tidy(axes, title, _("Hidden values at inference"), title)
    notes = "; ".join(
        _("{name}: accuracy {accuracy:.3f}, confidence {confidence:.3f}, NLL {nll:.3f}").format(
            name=name, **rules[name]
        )
        for name in names
    )
    return Picture(figure, _("Three bar charts comparing rules for inference."), notes + ".")


def rule_scores(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> dict[str, float]:
    """Accuracy, mean top probability and mean negative log likelihood of predictions (rows, classes)."""
    picked = probabilities[np.arange(len(labels)), labels]
    return {
        "accuracy": float((probabilities.argmax(axis=1) == labels).mean()),
        "confidence": float(probabilities.max(axis=1).mean()),
        "nll": float(-np.log(np.maximum(picked, 1e-12)).mean()),
    }

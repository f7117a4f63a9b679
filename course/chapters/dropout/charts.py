"""The chapter's charts of results: learning curves, the rate sweep, the rules for inference.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
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
def lies_picture(sweep: Sweep, width: int = 256) -> Picture:
    """What the trained network says where it was lied to: repeats the lie, gives the right digit, or neither."""
    repeats = sweep.memorised[sweep.widths == width][0].mean(axis=1)
    right = sweep.put_right[sweep.widths == width][0].mean(axis=1)
    figure = blank_figure(9.6, 3.5)
    axes = figure.add_axes((0.07, 0.16, 0.9, 0.71))
    parts = (
        (repeats, VERMILLION, "//", _("repeats the lie")),
        (right, SKY, "", _("gives the right digit")),
        (1 - repeats - right, "#EEEEEE", "..", _("says something else")),
    )
    bottom = np.zeros(len(sweep.rates))
    for values, colour, hatch, label in parts:
        axes.bar(
            sweep.rates, values, 0.07, bottom, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.6, label=label
        )
        bottom += values
    axes.set_xticks(sweep.rates)
    axes.set_ylim(0, 1.22)
    axes.legend(frameon=False, ncols=3, loc="upper center")
    tidy(axes, _("Asked about the mislabelled training digits"), _("Dropout rate"), _("Share of the 150 wrong labels"))
    note = _("rate {rate:.1f}: {lie:.0%} repeated, {right:.0%} put right")
    notes = [note.format(rate=r, lie=repeats[i], right=right[i]) for i, r in enumerate(sweep.rates)]
    alt = _("Bars by rate: share of wrong training labels repeated, put right, or neither.")
    return Picture(figure, alt, "; ".join(notes) + ".")


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

"""Lines: curves by epoch, and means over seeds with a dot for each seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from course.language import _, fill
from course.lessons.arrays import Floats
from course.lessons.palette import BLUE, GREY, INK, LINE_STYLES, VERMILLION, LineStyle
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn

History = Mapping[str, Sequence[float]]


def epoch_lines(
    axes: Axes,
    curves: Mapping[str, Sequence[float] | Floats],
    mark_every: int = 5,
    styles: Sequence[LineStyle] = LINE_STYLES,
) -> None:
    """A line for each named curve (at most four), one value per epoch from epoch 1, with a marker every few epochs."""
    for (name, values), style in zip(curves.items(), styles, strict=False):
        epochs = np.arange(1, len(values) + 1)
        (line,) = axes.plot(epochs, values, style.dashes, color=style.colour, marker=style.marker, label=name)
        line.set_markevery(mark_every)


def mean_lines(axes: Axes, x: Floats, results: Mapping[str, Floats], styles: Sequence[LineStyle] = LINE_STYLES) -> None:
    """For each name (at most four) a line through the means and a dot per seed.

    x: (points,); results: (points, seeds).
    """
    for (name, values), style in zip(results.items(), styles, strict=False):
        axes.plot(x, values.mean(axis=1), style.dashes, color=style.colour, marker=style.marker, label=name)
        axes.plot(x, values, ".", color=style.colour, alpha=0.45, markersize=5)


def mean_line(axes: Axes, x: Floats, values: Floats) -> None:
    """One plain line through the means and a dot per seed. x: (points,); values: (points, seeds)."""
    axes.plot(x, values.mean(axis=1), "-", color=BLUE)
    axes.plot(x, values, ".", color=BLUE, alpha=0.45, markersize=5)


def pair_lines(axes: Axes, pairs: Floats) -> tuple[Line2D, tuple[Line2D, ...]]:
    """A line for each seed from its first value to its second, and a large mark, with its number, for each mean.

    pairs: (2, seeds). Returns the marks of a seed and of the means, for a legend.
    """
    seeds = axes.plot([0, 1], pairs, "-o", color=GREY, linewidth=1, markersize=4)
    means = []
    for place, (colour, marker) in enumerate(((VERMILLION, "s"), (BLUE, "D"))):
        mean = float(pairs[place].mean())
        means += axes.plot(place, mean, marker, color=colour, markersize=11, markeredgecolor=INK, zorder=3)
        sideways = -0.09 if place == 0 else 0.09
        aligned = "right" if place == 0 else "left"
        axes.text(place + sideways, mean, f"{mean:.0f}", va="center", ha=aligned, fontweight="bold", color=INK)
    axes.set_xlim(-0.45, 1.45)
    return seeds[0], tuple(means)


@drawn
def learning_curves(histories: Mapping[str, History], titles: Mapping[str, str], alt: str) -> Picture:
    """Accuracy (0–1) by epoch, a panel for each key of titles and in it a line for each named history (at most four).

    histories: what `model.fit(...).history` holds, by name. titles: of the panels, by the key of the history that each
    shows (two at most), such as "accuracy" and "val_accuracy". alt: describes the picture in a sentence.
    """
    boxes = [(0.07 + 0.5 * place, 0.15, 0.41, 0.72) for place in range(len(titles))]
    figure, axes_of = panels(3.7, *boxes)
    notes = []
    for axes, (key, title) in zip(axes_of, titles.items(), strict=True):
        curves = {name: history[key] for name, history in histories.items()}
        epoch_lines(axes, curves)
        notes += [_last_and_best(title, name, values) for name, values in curves.items()]
        axes.set_ylim(0, 1.03)
        axes.legend(frameon=False, loc="lower right")
        tidy(axes, title, _("Epoch"), _("Accuracy"))
    caption = fill(_("After the last epoch. {notes}."), notes="; ".join(notes))
    return Picture(figure, alt, caption)


def _last_and_best(title: str, name: str, values: Sequence[float]) -> str:
    best = int(np.argmax(values))
    note = _("{title}, {name}: {last:.2f}, best {best:.2f} at epoch {epoch}")
    return fill(note, title=title, name=name, last=values[-1], best=values[best], epoch=best + 1)

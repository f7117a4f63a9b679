"""A drawing of where a network's border runs between two half-moons. Pure: numbers in, a Picture out."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from course.chapters.overfitting.borders import ACROSS, STRAIGHT, UP, load_borders, moons_of
from course.chapters.overfitting.moons import draw_moons, mislabel
from course.language import _, fill
from course.lessons.arrays import Bools
from course.lessons.bars import numbered_bars
from course.lessons.palette import BLUE, HATCHED, INK, ORANGE, PLAIN
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn

REGION_COLOURS = ["#D6EAF6", "#FBE7BE"]  # pale blue and pale orange
REGIONS = ListedColormap(REGION_COLOURS)
SEED = 0


@drawn
def border_picture(rows: int, width: int, epoch: int) -> Picture:
    """The two regions of a network after so many epochs, its training points, and how often it is right.

    rows, width, epoch: of those stored; width 0 has no hidden layer.
    """
    figure, (plane, chart) = panels(3.9, (0.08, 0.14, 0.55, 0.74), (0.73, 0.14, 0.25, 0.4))
    stored = load_borders()
    place = {"rows": rows, "width": width, "epoch": epoch}
    of_moon_1 = stored.maps.at(**place).values
    plane.contourf(ACROSS, UP, of_moon_1, levels=[-0.01, 0.5, 1.01], cmap=REGIONS, zorder=0)
    if of_moon_1.min() < 0.5 < of_moon_1.max():
        plane.contour(ACROSS, UP, of_moon_1, levels=[0.5], colors=INK, linewidths=1.2, zorder=1)
    x, y, *_validation = moons_of(rows, SEED)
    wrong = mislabelled(rows)
    for moon, (colour, marker) in enumerate(((BLUE, "o"), (ORANGE, "s"))):
        for (across, up), shape, size in ((x[(y == moon) & ~wrong].T, marker, 16), (x[(y == moon) & wrong].T, "X", 34)):
            plane.scatter(across, up, s=size, color=colour, marker=shape, edgecolors=INK, linewidths=0.5, zorder=2)
    plane.set_xlim(ACROSS[0], ACROSS[-1])
    plane.set_ylim(UP[0], UP[-1])
    tidy(plane, fill(_("{rows} training points"), rows=rows), _("Input 1"), _("Input 2"))
    _draw_legend(figure)
    train, validation = stored.scores.at(**place, seed=SEED).values
    _draw_scores(chart, train, validation)
    network = _("a network without hidden layers") if width == STRAIGHT else _("two hidden layers of {n} neurons")
    caption = fill(
        _(
            "{network}, {rows} training points, epoch {epoch:,}: right on {train:.0%} of the training labels, wrong "
            "ones included, and on {validation:.0%} of 1,000 validation points."
        ),
        network=network.format(n=width).capitalize(),
        rows=rows,
        epoch=epoch,
        train=train,
        validation=validation,
    )
    return Picture(
        figure, _("Left: two half-moons of points and the network's border between them. Right: accuracies."), caption
    )


def mislabelled(rows: int) -> Bools:
    """Which of seed 0's training points have a wrong label."""
    rng = np.random.default_rng(SEED)
    _x, moon = draw_moons(rows, rng)
    _x_val, _y_val = draw_moons(len(moons_of(rows, SEED)[3]), rng)
    return np.asarray(mislabel(moon, rng) != moon)


def _draw_legend(figure: Figure) -> None:
    """Beside the plane: what its marks, areas and line mean."""
    point: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK, "markeredgewidth": 0.5}
    points = [Line2D([], [], color=colour, marker=marker, **point) for colour, marker in ((BLUE, "o"), (ORANGE, "s"))]
    crosses = tuple(Line2D([], [], color=colour, marker="X", markersize=8, **point) for colour in (BLUE, ORANGE))
    areas = tuple(Patch(facecolor=colour, edgecolor=INK, linewidth=0.5) for colour in REGION_COLOURS)
    meanings: dict[str, Any] = {
        _("label: upper moon"): points[0],
        _("label: lower moon"): points[1],
        _("wrong labels"): crosses,
        _("the network's answers"): areas,
        _("border between them"): Line2D([], [], color=INK, linewidth=1.2),
    }
    figure.legend(
        list(meanings.values()),
        list(meanings),
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0.4)},
        loc="upper left",
        bbox_to_anchor=(0.67, 0.99),
        frameon=False,
        handlelength=2.4,
    )


def _draw_scores(axes: Axes, train: float, validation: float) -> None:
    numbered_bars(axes, [train, validation], [PLAIN, HATCHED], [_("training"), _("validation")])
    axes.set_ylim(0, 1.1)
    tidy(axes, _("Accuracy"), "", "")

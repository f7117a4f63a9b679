"""Drawings of dropout inside a network: one pass through the small network.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from course.chapters.dropout import thinned_network
from course.language import _, fill, number, numbers
from course.lessons.arrays import Floats
from course.lessons.palette import BLUE, GREY, INK
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def network_picture(sample: int, rate: float, training: bool = True, step: int = 1) -> Picture:
    """The 6-8-8-3 network during one forward pass of sample 1–4: dropped units are crossed out, their edges fade, and
    the title says what survivors are multiplied by. rate: 0 ≤ rate < 1; training: False is inference, where nothing is
    dropped."""
    state = thinned_network.forward(sample, rate, training, step)
    figure, (axes,) = panels(4.6, (0.03, 0.12, 0.94, 0.79))
    places = [_places(size) for size in thinned_network.SIZES]
    for depth, (here, there) in enumerate(pairwise(places)):
        _draw_edges(axes, depth, here, there, state)
    for depth, column in enumerate(places):
        _draw_units(axes, depth, column, state)
    axes.set_xlim(-0.35, 3.35)
    axes.set_ylim(-0.6, 7.6)
    names = [_("6 inputs"), _("hidden layer 1, dropout"), _("hidden layer 2, dropout"), _("3 classes")]
    axes.set_xticks(range(4), names)
    axes.set_yticks([])
    if training:
        title = _("Training step {n}, sample {sample}, rate {rate:.2f}: survivors ×{scale:.2f}")
    else:
        title = _("Inference, sample {sample}: all values ×1.00")
    tidy(
        axes,
        fill(title, n=step, sample=sample, rate=rate, scale=state.scale),
        _("In each circle: the value passed on; on the right: the probability"),
        "",
    )
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    alt = _("A network of 6, 8, 8 and 3 units; dropped units are crossed out and their edges faded.")
    return Picture(figure, alt, _network_caption(state, sample, rate, training, step))


def _network_caption(state: thinned_network.PassState, sample: int, rate: float, training: bool, step: int) -> str:
    probabilities = numbers(state.values[-1], ".2f")
    if not training:
        return fill(
            _(
                "Inference, sample {sample}: all 16 hidden neurons take part and pass on their values unchanged "
                "(×1.00), whatever the rate. The class probabilities are {probabilities}."
            ),
            sample=sample,
            probabilities=probabilities,
        )
    first, second = (", ".join(map(str, units)) or _("none") for units in state.dropped)
    return fill(
        _(
            "Training step {n}, sample {sample}, rate {rate:.2f}. Dropped, counted from the top: {first} in hidden "
            "layer 1; {second} in hidden layer 2. The survivors are multiplied by {scale:.2f}. The class probabilities "
            "are {probabilities}."
        ),
        n=step,
        sample=sample,
        rate=rate,
        first=first,
        second=second,
        scale=state.scale,
        probabilities=probabilities,
    )


def _places(size: int) -> Floats:
    """Heights of a layer's units, the first on top, the column centred."""
    return np.asarray(3.5 + (np.arange(size)[::-1] - (size - 1) / 2) * (1.0 if size > 3 else 1.7), dtype=np.float64)


def _draw_edges(axes: Axes, depth: int, here: Floats, there: Floats, state: thinned_network.PassState) -> None:
    alive = state.kept[depth][:, None] & state.kept[depth + 1][None, :]
    strength = np.abs(state.values[depth][:, None] * thinned_network.weights()[depth])
    widths = 0.25 + 2.2 * np.minimum(strength, 1.0)
    for wanted, colour, style in ((False, GREY, ":"), (True, GREY, "-")):
        pairs = np.argwhere(alive == wanted)
        lines = [((depth, here[i]), (depth + 1, there[j])) for i, j in pairs]
        thick = [widths[i, j] if wanted else 0.5 for i, j in pairs]
        axes.add_collection(LineCollection(lines, colors=colour, linewidths=thick, linestyles=style, zorder=1))


def _draw_units(axes: Axes, depth: int, heights: Floats, state: thinned_network.PassState) -> None:
    kept, values = state.kept[depth], state.values[depth]
    x = np.full(len(heights), depth)
    axes.scatter(x[kept], heights[kept], s=700, color="#CFE6F5", edgecolors=BLUE, linewidths=1.6, zorder=2)
    axes.scatter(x[~kept], heights[~kept], s=700, c="white", edgecolors=GREY, linewidths=1, linestyle=":", zorder=2)
    axes.scatter(x[~kept], heights[~kept], s=170, marker="x", color=GREY, linewidths=2, zorder=3)
    for height, value in zip(heights[kept], values[kept], strict=True):
        text = number(value, ".2f" if value < 9.995 else ".1f")
        axes.text(depth, height, text, ha="center", va="center", fontsize=10, color=INK, zorder=4)

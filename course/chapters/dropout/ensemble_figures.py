"""Drawings of the ensemble claim: the averages over all thinned networks, beside the scaled network.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course.chapters.dropout.ensemble import EnsembleAverages
from course.language import _
from course.lessons.arrays import Ints
from course.lessons.bars import grouped_bars, numbered_bars
from course.lessons.metrics import accuracy
from course.lessons.palette import BLUE, HATCHED, ORANGE, Fill
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def ensemble_picture(averages: EnsembleAverages, labels: Sequence[int] | Ints, row: int, rate: float) -> Picture:
    """Left: three predictions for one row (0, 1, …). Right: how far each average lies from the scaled network, over all
    rows, and how often each of the three is right. rate: of the masks; labels: the right digits."""
    fills = (Fill(BLUE), Fill(ORANGE, ".."), HATCHED)
    predictions = (averages.geometric, averages.arithmetic, averages.scaled)
    names = (_("geometric mean"), _("arithmetic mean"), _("scaled network"))
    right_ones = np.asarray(labels)
    figure, (left, right) = panels(3.7, (0.07, 0.15, 0.58, 0.73), (0.74, 0.15, 0.24, 0.73))
    classes = [str(n) for n in range(averages.scaled.shape[1])]
    groups = {name: (fill, values[row]) for name, fill, values in zip(names, fills, predictions, strict=True)}
    grouped_bars(left, groups, classes, width=0.26, spacing=0.27, number="", outline=0.7)
    left.set_ylim(0, 1.12)
    left.legend(frameon=False, loc="upper center", ncols=3, fontsize=9)
    tidy(left, _("A test digit that shows {n}").format(n=right_ones[row]), _("Class"), _("Probability"))
    accuracies = [accuracy(values, right_ones) for values in predictions]
    short_names = [_("geom."), _("arithm."), _("scaled")]
    numbered_bars(right, accuracies, fills, short_names, number="{:.3f}", outline=0.7)
    right.set_ylim(0, 1.1)
    tidy(right, _("Right, of {n} digits").format(n=len(right_ones)), _("Prediction"), _("Accuracy"))
    geometric, arithmetic = (np.abs(values - averages.scaled) for values in (averages.geometric, averages.arithmetic))
    caption = _(
        "All 256 thinned networks at rate {rate:.1f}. Largest difference from the scaled network over {n} digits: "
        "geometric mean {g:.1e}, arithmetic mean {a:.2f}. Right: geometric {g_right:.3f}, arithmetic {a_right:.3f}, "
        "scaled {s_right:.3f}."
    ).format(
        rate=rate,
        n=len(right_ones),
        g=geometric.max(),
        a=arithmetic.max(),
        g_right=accuracies[0],
        a_right=accuracies[1],
        s_right=accuracies[2],
    )
    return Picture(figure, _("Left: three predictions for a digit. Right: how often each is right."), caption)

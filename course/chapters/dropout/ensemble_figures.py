"""Drawings of the ensemble claim: the averages over all thinned networks, beside the scaled network.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course.chapters.dropout.ensemble import EnsembleAverages
from course.language import _, fill, numbers
from course.lessons.arrays import Ints
from course.lessons.bars import grouped_bars, numbered_bars
from course.lessons.metrics import accuracy
from course.lessons.palette import BLUE, HATCHED, ORANGE, Fill
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def ensemble_picture(averages: EnsembleAverages, labels: Sequence[int] | Ints, row: int, rate: float) -> Picture:
    """Left: three predictions for one row (0, 1, …). Right: how often each of the three is right over all rows.
    rate: of the masks; labels: the right digits."""
    fills = (Fill(BLUE), Fill(ORANGE, ".."), HATCHED)
    predictions = (averages.geometric, averages.arithmetic, averages.scaled)
    names = (_("geometric mean"), _("arithmetic mean"), _("scaled network"))
    right_ones = np.asarray(labels)
    figure, (left, right) = panels(3.7, (0.07, 0.15, 0.58, 0.73), (0.74, 0.15, 0.25, 0.73))
    classes = [str(n) for n in range(averages.scaled.shape[1])]
    groups = {name: (fill, values[row]) for name, fill, values in zip(names, fills, predictions, strict=True)}
    grouped_bars(left, groups, classes, width=0.26, spacing=0.27, number="", outline=0.7)
    left.set_ylim(0, 1)
    left.legend(frameon=False, loc="upper right" if right_ones[row] < len(classes) / 2 else "upper left")
    tidy(left, fill(_("Digit {n} (a {label})"), n=row + 1, label=right_ones[row]), _("Class"), _("Probability"))
    accuracies = [accuracy(values, right_ones) for values in predictions]
    short_names = [_("geometric"), _("arithm."), _("scaled")]
    numbered_bars(right, accuracies, fills, short_names, number="{:.2f}", outline=0.7)
    right.set_ylim(0, 1.1)
    tidy(right, fill(_("Right, of {n} digits"), n=len(right_ones)), _("Prediction"), _("Accuracy"))
    caption = _ensemble_caption(averages, right_ones, row, rate)
    return Picture(figure, _("Left: three predictions for a digit. Right: how often each is right."), caption)


def _ensemble_caption(averages: EnsembleAverages, labels: Ints, row: int, rate: float) -> str:
    predictions = (averages.geometric, averages.arithmetic, averages.scaled)
    geometric, arithmetic = (np.abs(values - averages.scaled).max() for values in predictions[:2])
    said = numbers((values[row, labels[row]] for values in predictions), ".2f")
    return fill(
        _(
            "Digit {n} is a {label}; geometric mean, arithmetic mean and scaled network give it {said}. All 256 "
            "thinned networks at rate {rate:.1f}: over {rows} digits, the largest difference from the scaled network "
            "is {g:.1e} for the geometric mean and {a:.2f} for the arithmetic mean."
        ),
        n=row + 1,
        label=labels[row],
        said=said,
        rate=rate,
        rows=len(labels),
        g=geometric,
        a=arithmetic,
    )

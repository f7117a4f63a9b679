"""A drawing of how moving averages lag behind the batches, and what that costs. None trains."""

from __future__ import annotations

import numpy as np

from course.chapters.batch_normalization.deep import STEPS_AN_EPOCH
from course.chapters.batch_normalization.studies import LAYERS, load_studies
from course.language import _, fill
from course.lessons.arrays import Floats
from course.lessons.bars import numbered_bars
from course.lessons.lines import epoch_lines
from course.lessons.palette import GREY, INK, LINE_STYLES, PLAIN
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


def accuracies(momentum: float, measure: str) -> Floats:
    """On validation rows, by seed and epoch; shape (5, 50). measure: "batch", "moving" or "recalibrated"."""
    return load_studies().modes.at(momentum=momentum, measure=measure).values


def too_large(momentum: float, epoch: int) -> Floats:
    """How many times larger than the rows' variance the moving variance is: by layer, the mean over seeds; (8,)."""
    study = load_studies().modes.at(momentum=momentum, epoch=epoch)
    return np.array([study.at(measure=layer).values.mean() for layer in LAYERS])


def share_left(momentum: float, epoch: int) -> float:
    """The share (0–1) of a moving average that is still its start."""
    return float(momentum ** (STEPS_AN_EPOCH * epoch))


@drawn
def modes_picture(momentum: float, epoch: int) -> Picture:
    """Left, the moving variance of each layer against that of the rows; right, accuracy with either, by epoch."""
    figure, (bars, curves) = panels(3.9, (0.07, 0.14, 0.36, 0.75), (0.52, 0.14, 0.46, 0.75))
    ratios = too_large(momentum, epoch)
    names = [str(layer) for layer in range(1, len(ratios) + 1)]
    numbered_bars(bars, ratios.tolist(), [PLAIN] * len(ratios), names, number="{:.1f}")
    bars.axhline(1, color=INK, linestyle="--", linewidth=1.2)
    bars.text(len(ratios) - 0.55, 1.15, _("equal"), color=INK, fontsize=10)
    bars.set_xlim(-0.6, len(ratios) + 0.6)
    bars.set_ylim(0, max(8.0, 1.15 * float(ratios.max())))
    tidy(bars, _("Moving ÷ true variance (training rows)"), _("Layer"), "")
    batch, moving = (accuracies(momentum, measure) for measure in ("batch", "moving"))
    means = {_("batch statistics"): batch.mean(axis=0), _("moving averages"): moving.mean(axis=0)}
    epoch_lines(curves, means)
    for style, values in zip(LINE_STYLES, (batch, moving), strict=False):
        epochs = np.arange(1, values.shape[1] + 1)
        curves.fill_between(epochs, values.min(axis=0), values.max(axis=0), color=style.colour, alpha=0.15, linewidth=0)
    curves.axvline(epoch, ymax=0.8, color=GREY, linestyle=":", linewidth=1.5)
    aligned = "left" if epoch < 5 else "right" if epoch > values.shape[1] - 5 else "center"
    curves.text(epoch, 0.99, fill(_("epoch {epoch}"), epoch=epoch), color=GREY, fontsize=10, ha=aligned)
    curves.set_ylim(0, 1.22)
    curves.set_yticks(np.arange(0, 1.01, 0.2))
    curves.legend(frameon=False, loc="upper left", ncols=2)
    tidy(curves, fill(_("Validation accuracy, momentum {momentum:g}"), momentum=momentum), _("Epoch"), _("Accuracy"))
    caption = fill(
        _(
            "After {steps} steps at momentum {momentum:g}, {share:.0%} of the start is left in the moving averages. On "
            "validation rows, accuracy is {batch:.1%} with the statistics of the batch, and {moving:.1%} with the "
            "moving averages: means of five seeds, whose range is shaded."
        ),
        steps=STEPS_AN_EPOCH * epoch,
        momentum=momentum,
        share=share_left(momentum, epoch),
        batch=batch[:, epoch - 1].mean(),
        moving=moving[:, epoch - 1].mean(),
    )
    alt = _("Left: a bar for each layer's moving variance. Right: accuracy by epoch in two modes.")
    return Picture(figure, alt, caption)

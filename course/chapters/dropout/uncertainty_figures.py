"""Drawings of Monte Carlo dropout: the spread of random passes, and the entropy of learnt and unseen classes.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from course.chapters.dropout.uncertainty import KNOWN_CLASSES
from course.language import _, fill
from course.lessons.arrays import Floats
from course.lessons.digit_pictures import draw_digit
from course.lessons.metrics import auc, entropy
from course.lessons.palette import BLUE, GREY, INK, ORANGE, SKY, VERMILLION
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def passes_picture(image: Floats, passes: Floats, plain: Floats, title: str) -> Picture:
    """One picture (64 pixels), its class probabilities in each random pass (passes, classes), their mean, and the plain
    prediction (classes,). title names the picture."""
    figure, (shown, axes) = panels(3.8, (0.01, 0.18, 0.22, 0.6), (0.31, 0.15, 0.67, 0.69))
    draw_digit(shown, image)
    tidy(shown, title, _("trained on 0–7 only"), "")
    shown.set_xticks([])
    shown.set_yticks([])
    _draw_passes(axes, passes, plain)
    tidy(axes, fill(_("{n} passes"), n=len(passes)), _("Class"), _("Probability"))
    alt = _("A digit, and the probabilities that random passes give it.")
    return Picture(figure, alt, _passes_caption(passes, plain, title))


def _passes_caption(passes: Floats, plain: Floats, title: str) -> str:
    mean, std = passes.mean(axis=0), passes.std(axis=0)
    top = int(mean.argmax())
    return fill(
        _(
            "{title}, {n} passes: the mean gives class {top} a probability of {p:.2f} (standard deviation {s:.2f}), "
            "and {votes} of {n} passes choose it. Entropy of the mean: {h:.2f} nats (0: certain, {most:.2f}: all "
            "classes equally likely). "
            "The plain prediction gives class {plain_top} {plain_p:.2f}."
        ),
        title=title,
        n=len(passes),
        top=top,
        p=mean[top],
        s=std[top],
        votes=int((passes.argmax(axis=1) == top).sum()),
        h=float(entropy(mean)),
        most=np.log(len(mean)),
        plain_top=int(plain.argmax()),
        plain_p=plain.max(),
    )


def _draw_passes(axes: Axes, passes: Floats, plain: Floats) -> None:
    """Bars for the mean of the passes (passes, classes), a dot per pass, a diamond for the plain prediction."""
    classes, mean = np.arange(passes.shape[1]), passes.mean(axis=0)
    axes.bar(classes, mean, 0.7, color=SKY, edgecolor=INK, linewidth=0.7, label=_("mean of the passes"))
    jitter = np.random.default_rng(0).uniform(-0.28, 0.28, passes.shape)
    axes.plot(
        (classes + jitter).ravel(), passes.ravel(), ".", color=BLUE, markersize=4, alpha=0.55, label=_("one pass")
    )
    axes.plot(classes, plain, "D", color=VERMILLION, markersize=6, label=_("plain prediction"), clip_on=False)
    axes.set_xticks(classes)
    axes.set_ylim(0, 1)
    axes.legend(
        frameon=False, ncols=3, loc="lower right", bbox_to_anchor=(1.02, 0.98), columnspacing=1.0, handletextpad=0.3
    )


@drawn
def entropy_picture(seen: Floats, unseen: Floats) -> Picture:
    """Histograms of the entropy (nats) of digits of learnt classes and of unseen classes."""
    figure, (axes,) = panels(3.3, (0.07, 0.17, 0.9, 0.7))
    bins = np.linspace(0, np.log(KNOWN_CLASSES), 22).tolist()
    parts = ((seen, SKY, "", _("digits 0–7 (learnt)")), (unseen, ORANGE, "//", _("digits 8 and 9 (unseen)")))
    for values, colour, hatch, label in parts:
        weights = np.full(len(values), 1 / len(values))
        axes.hist(values, bins, weights=weights, color=colour, hatch=hatch, alpha=0.75, edgecolor=INK, label=label)
        axes.axvline(values.mean(), color=GREY if hatch else BLUE, linestyle="--", linewidth=1.8)
    axes.legend(frameon=False)
    tidy(axes, _("Entropy of the mean of the passes (dashed: averages)"), _("Entropy (nats)"), _("Share of digits"))
    caption = fill(
        _(
            "Mean entropy: {a:.2f} nats for digits of learnt classes, {b:.2f} for unseen classes. In {c:.0%} of the "
            "pairs of one learnt and one unseen digit, the unseen one has the higher entropy."
        ),
        a=seen.mean(),
        b=unseen.mean(),
        c=auc(unseen, seen),
    )
    return Picture(figure, _("Two histograms of entropy: learnt digits low, unseen classes higher."), caption)

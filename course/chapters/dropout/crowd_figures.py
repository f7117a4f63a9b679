"""Drawings of many networks in one: the average over all thinned networks, and the spread of Monte Carlo passes.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from course.chapters.dropout import uncertainty
from course.chapters.dropout.ensemble import Crowd
from course.chapters.dropout.picture import (
    BLUE,
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
from course.language import _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@drawn
def crowd_picture(crowd: Crowd, labels: Sequence[int] | Ints, row: int, rate: float) -> Picture:
    """Left: three predictions for one row (0, 1, …). Right: how far each average lies from the scaled network, over all
    rows, and how often each of the three is right. rate: of the masks; labels: the right digits."""
    parts = (
        (crowd.geometric, BLUE, "", _("geometric mean")),
        (crowd.arithmetic, ORANGE, "..", _("arithmetic mean")),
        (crowd.scaled, "white", "//", _("scaled network")),
    )
    right_ones = np.asarray(labels)
    figure = blank_figure(9.6, 3.7)
    left, right = figure.add_axes((0.07, 0.15, 0.58, 0.73)), figure.add_axes((0.74, 0.15, 0.24, 0.73))
    classes = np.arange(crowd.scaled.shape[1])
    for place, (values, colour, hatch, name) in enumerate(parts):
        shift = 0.27 * (place - 1)
        left.bar(
            classes + shift, values[row], 0.26, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.7, label=name
        )
    left.set_xticks(classes)
    left.set_ylim(0, 1.12)
    left.legend(frameon=False, loc="upper center", ncols=3, fontsize=9)
    tidy(left, _("A test digit that shows {n}").format(n=right_ones[row]), _("Class"), _("Probability"))
    accuracies = [float((values.argmax(axis=1) == right_ones).mean()) for values, *_rest in parts]
    for place, ((_values, colour, hatch, _name), accuracy) in enumerate(zip(parts, accuracies, strict=True)):
        right.bar(place, accuracy, 0.6, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.7)
        right.text(place, accuracy, f"{accuracy:.3f}", ha="center", va="bottom", fontsize=9)
    right.set_xticks(range(3), [_("geom."), _("arithm."), _("scaled")])
    right.set_ylim(0, 1.1)
    tidy(right, _("Right, of {n} digits").format(n=len(right_ones)), _("Prediction"), _("Accuracy"))
    geometric, arithmetic = (np.abs(values - crowd.scaled) for values in (crowd.geometric, crowd.arithmetic))
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


@drawn
def passes_picture(image: Floats, passes: Floats, plain: Floats, title: str) -> Picture:
    """One picture (64 pixels), its class probabilities in each random pass (passes, classes), their mean, and what a
    plain prediction says (classes,). title names the picture."""
    mean, std = passes.mean(axis=0), passes.std(axis=0)
    classes = np.arange(passes.shape[1])
    figure = blank_figure(9.6, 3.6)
    shown, axes = figure.add_axes((0.01, 0.2, 0.22, 0.6)), figure.add_axes((0.31, 0.15, 0.67, 0.73))
    shown.imshow(image.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
    tidy(shown, title, _("the network knows 0–7"), "")
    shown.set_xticks([])
    shown.set_yticks([])
    axes.bar(classes, mean, 0.7, color=SKY, edgecolor=INK, linewidth=0.7, label=_("mean of the passes"))
    jitter = np.random.default_rng(0).uniform(-0.28, 0.28, passes.shape)
    axes.plot(
        (classes + jitter).ravel(), passes.ravel(), ".", color=BLUE, markersize=3, alpha=0.55, label=_("one pass")
    )
    axes.plot(classes, plain, "D", color=VERMILLION, markersize=6, label=_("plain prediction"))
    axes.set_xticks(classes)
    axes.set_ylim(0, 1.2)
    axes.legend(frameon=False, ncols=3, loc="upper center", fontsize=9)
    tidy(axes, _("{n} random passes").format(n=len(passes)), _("Class"), _("Probability"))
    top = int(mean.argmax())
    votes = np.bincount(passes.argmax(axis=1), minlength=len(classes))
    caption = _(
        "{title}, {n} passes: mean says {top} with {p:.2f} (spread {s:.2f}); {votes} of {n} passes vote for it. "
        "Entropy of the mean: {h:.2f} nats (certain 0, no idea {most:.2f}). "
        "Plain prediction: {plain_top} with {plain_p:.2f}."
    ).format(
        title=title,
        n=len(passes),
        top=top,
        p=mean[top],
        s=std[top],
        votes=votes[top],
        h=float(uncertainty.entropy(mean)),
        most=np.log(len(classes)),
        plain_top=int(plain.argmax()),
        plain_p=plain.max(),
    )
    return Picture(figure, _("A digit, and the probabilities that random passes give it."), caption)


@drawn
def entropy_picture(seen: Floats, unseen: Floats) -> Picture:
    """Histograms of the entropy (nats) of rows that the network may know and of strangers."""
    figure = blank_figure(9.6, 3.1)
    axes = figure.add_axes((0.07, 0.18, 0.9, 0.68))
    bins = np.linspace(0, np.log(uncertainty.KNOWN_CLASSES), 22).tolist()
    parts = ((seen, SKY, "", _("digits 0–7 (learnt)")), (unseen, ORANGE, "//", _("digits 8 and 9 (never seen)")))
    for values, colour, hatch, label in parts:
        weights = np.full(len(values), 1 / len(values))
        axes.hist(values, bins, weights=weights, color=colour, hatch=hatch, alpha=0.75, edgecolor=INK, label=label)
        axes.axvline(values.mean(), color=GREY if hatch else BLUE, linestyle="--", linewidth=1.8)
    axes.legend(frameon=False)
    tidy(axes, _("How unsure the mean of the passes is (dashed: averages)"), _("Entropy (nats)"), _("Share of digits"))
    caption = _(
        "Mean entropy {a:.2f} nats for learnt digits, {b:.2f} for strangers; a stranger's is the higher {c:.0%} of "
        "the time."
    ).format(a=seen.mean(), b=unseen.mean(), c=uncertainty.auc(unseen, seen))
    return Picture(figure, _("Two histograms of entropy: learnt digits low, strangers higher."), caption)

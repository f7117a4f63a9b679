"""Drawings of experiments: what fit reports, rules for inference, dropout and other remedies.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.chapters.dropout.studies import PARTNERS, RULES, SEEDS, Studies
from course.language import _, fill, number
from course.lessons.arrays import Floats
from course.lessons.bars import grouped_bars, numbered_bars
from course.lessons.lines import epoch_lines
from course.lessons.masks import keep_of
from course.lessons.palette import BLUE, FAINT, FILLS, HATCHED, PLAIN, VERMILLION
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


@drawn
def epochs_picture(curve: Mapping[str, Floats], rate: float, labels: str) -> Picture:
    """Accuracy by epoch: "fit" (thinned networks, averaged while they learn), "evaluate" (the full network on the same
    training rows) and "validation". labels: "noisy" or "right"; it is only named in the title."""
    figure, (axes,) = panels(3.6, (0.07, 0.15, 0.9, 0.73))
    names = {
        "fit": _("training digits, as fit reports"),
        "evaluate": _("training digits, evaluate"),
        "validation": _("validation digits"),
    }
    epoch_lines(axes, {name: curve[key] for key, name in names.items()}, mark_every=4)
    axes.set_ylim(0.0, 1.03)
    axes.legend(frameon=False, loc="lower right")
    told = {"noisy": _("30 % of the labels wrong"), "right": _("all labels right")}[labels]
    tidy(axes, fill(_("Rate {rate:.1f}, {labels}"), rate=rate, labels=told), _("Epoch"), _("Accuracy"))
    fit, evaluate, validation = (curve[key] for key in names)
    caption = fill(
        _(
            "Rate {rate:.1f}, {labels}. After epoch 10: fit reports {f10:.2f}, evaluate {e10:.2f}, validation "
            "{v10:.2f}. After epoch {n}: {f:.2f}, {e:.2f}, {v:.2f}."
        ),
        rate=rate,
        labels=told,
        n=len(fit),
        f10=fit[9],
        e10=evaluate[9],
        v10=validation[9],
        f=fit[-1],
        e=evaluate[-1],
        v=validation[-1],
    )
    return Picture(figure, _("Three curves: fit's own accuracy, evaluate on the same rows, validation."), caption)


@drawn
def conventions_picture(studies: Studies, rate: float) -> Picture:
    """Left: what each convention passes on, on average, in training and at inference, for a value of 3. Right: mean
    confidence of a network that was trained with inverted dropout at this rate, by what its hidden values are
    multiplied by at inference (1, keep, rate)."""
    keep, value = keep_of(rate), 3.0
    scores = studies.rule_scores(rate)
    figure, (left, right) = panels(3.7, (0.07, 0.15, 0.5, 0.73), (0.66, 0.15, 0.32, 0.73))
    groups = {
        _("average in training"): (PLAIN, [value, value * keep, value]),
        _("inference"): (HATCHED, [value, value * keep, value * rate]),
    }
    grouped_bars(left, groups, [_("inverted"), _("classic (2014)"), _("wrong: × rate")])
    left.set_ylim(0, 4.2)
    left.legend(frameon=False, ncols=2, loc="upper left")
    tidy(left, _("What becomes of a value of 3"), _("Rule"), _("Passed on"))
    names = ["×" + number(factor, ".1f") for factor in (1.0, keep, rate)]
    numbered_bars(right, [scores[rule]["confidence"] for rule in RULES], FILLS, names)
    right.set_ylim(0, 1.1)
    tidy(right, _("Trained inverted: mean confidence"), _("Hidden values at inference"), _("Highest probability"))
    alt = _("Left: training and inference for three rules. Right: confidence of a network under each rule.")
    return Picture(figure, alt, _conventions_caption(scores, rate))


def _conventions_caption(scores: Mapping[str, Mapping[str, float]], rate: float) -> str:
    note = _("× {factor:.1f}: accuracy {accuracy:.3f}, confidence {confidence:.3f}, loss {nll:.3f}")
    factors = (1.0, keep_of(rate), rate)
    notes = [fill(note, factor=factor, **scores[rule]) for factor, rule in zip(factors, RULES, strict=True)]
    caption = _("Rate {rate:.1f}, network trained with inverted dropout on right labels, mean of {n} seeds. {notes}.")
    return fill(caption, rate=rate, n=len(SEEDS), notes="; ".join(notes))


@drawn
def partners_picture(studies: Studies, early_stopping: bool = False) -> Picture:
    """Test accuracy with 30 % label noise for dropout, other remedies and their pairs, each at the strength that was
    best on validation rows: a large mark for the mean (diamond: with dropout, square: without), a dot per seed."""
    notes = []
    figure, (axes,) = panels(3.8, (0.27, 0.15, 0.57, 0.74))
    for place, (name, label) in enumerate(_partner_names().items()):
        recipe, final, stopped = studies.partner(name)
        values = stopped if early_stopping else final
        colour, marker = (BLUE, "D") if recipe.rate > 0 else (VERMILLION, "s")
        axes.axhline(place, color=FAINT, linewidth=1, zorder=0)
        axes.plot(values, np.full(len(values), place), "o", color=colour, markersize=4, alpha=0.7)
        axes.plot(values.mean(), place, marker, color=colour, markersize=10)
        spread = values.std(ddof=1)
        axes.text(0.962, place, fill("{:.3f} ± {:.3f}", values.mean(), spread), va="center", fontsize=10)
        notes.append(fill(_("{name} {value:.3f} ± {spread:.3f}"), name=label, value=values.mean(), spread=spread))
    axes.set_yticks(range(len(PARTNERS)), list(_partner_names().values()))
    axes.set_ylim(len(PARTNERS) - 0.5, -0.5)
    axes.set_xlim(0.74, 0.96)
    axes.set_xticks([0.75, 0.8, 0.85, 0.9, 0.95])
    title = _("Stopped at the best validation epoch") if early_stopping else _("After 40 epochs")
    tidy(axes, title, _("Accuracy on 1,000 test digits (30 % of the training labels wrong)"), _("Remedy"))
    caption = _("{title}; mean ± spread of {n} seeds, strengths chosen on validation rows: {notes}.")
    caption = fill(caption, title=title, n=len(SEEDS), notes=", ".join(notes))
    return Picture(figure, _("Marks of test accuracy for dropout (diamonds), L2, max-norm and pairs."), caption)


def _partner_names() -> dict[str, str]:
    """The remedies' names in the reader's language, in the order of PARTNERS."""
    return {
        "nothing": _("no remedy"),
        "max-norm": _("max-norm"),
        "L2": _("L2"),
        "dropout": _("dropout"),
        "dropout + max-norm": _("dropout + max-norm"),
        "dropout + L2": _("dropout + L2"),
        "dropout, inputs too": _("dropout, inputs too"),
    }

"""Drawings of the lesson's experiments: learning curves, what fit reports, rules for inference, dropout's partners.

Each function is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from course.chapters.dropout.studies import PARTNERS, RULES, Studies
from course.language import _
from course.lessons.arrays import Floats
from course.lessons.bars import grouped_bars, numbered_bars
from course.lessons.lines import History, epoch_lines, learning_curves
from course.lessons.masks import keep_of
from course.lessons.palette import BLUE, FAINT, FILLS, HATCHED, PLAIN, VERMILLION
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


def curves_picture(histories: Mapping[str, History]) -> Picture:
    """Learning curves side by side: accuracy as fit reports it, and on validation rows, for each named history.

    A history is what `model.fit(...).history` holds: "accuracy" and "val_accuracy", one value (0–1) per epoch.
    """
    titles = {
        "accuracy": _("As fit reports it (training labels, 30 % wrong)"),
        "val_accuracy": _("Validation rows (right labels)"),
    }
    return learning_curves(histories, titles, _("Learning curves with and without dropout."))


@drawn
def epochs_picture(curve: Mapping[str, Floats], rate: float, labels: str) -> Picture:
    """Accuracy by epoch: "fit" (thinned networks, averaged while they learn), "evaluate" (the full network on the same
    training rows) and "validation". labels: "noisy" or "right"; it is only named in the title."""
    figure, (axes,) = panels(3.6, (0.07, 0.15, 0.9, 0.73))
    names = {
        "fit": _("training rows, as fit reports"),
        "evaluate": _("training rows, evaluate"),
        "validation": _("validation rows"),
    }
    epoch_lines(axes, {name: curve[key] for key, name in names.items()}, mark_every=4)
    axes.set_ylim(0.0, 1.03)
    axes.legend(frameon=False, loc="lower right")
    told = {"noisy": _("30 % of the labels wrong"), "right": _("all labels right")}[labels]
    tidy(axes, _("Rate {rate:.1f}, {labels}").format(rate=rate, labels=told), _("Epoch"), _("Accuracy"))
    fit, evaluate, validation = (curve[key] for key in names)
    caption = _(
        "Rate {rate:.1f}, {labels}. After epoch 10: fit reports {f10:.2f}, evaluate {e10:.2f}, validation {v10:.2f}. "
        "After epoch {n}: {f:.2f}, {e:.2f}, {v:.2f}."
    ).format(
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
def rules_picture(rules: Mapping[str, Mapping[str, float]]) -> Picture:
    """Rules for inference compared; each has "accuracy", "confidence" (mean top probability) and "nll" (nats)."""
    titles = {"accuracy": _("Accuracy"), "confidence": _("Mean confidence"), "nll": _("Loss (NLL, nats)")}
    figure, axes_of = panels(3.2, *((0.07 + 0.32 * place, 0.17, 0.25, 0.69) for place in range(len(titles))))
    for axes, (key, title) in zip(axes_of, titles.items(), strict=True):
        values = [scores[key] for scores in rules.values()]
        numbered_bars(axes, values, FILLS, list(rules), number="{:.3f}")
        axes.set_ylim(0, 1.15 * max(1.0, *values))
        tidy(axes, title, _("Hidden values at inference"), title)
    note = _("{name}: accuracy {accuracy:.3f}, confidence {confidence:.3f}, NLL {nll:.3f}")
    notes = "; ".join(note.format(name=name, **scores) for name, scores in rules.items())
    return Picture(figure, _("Three bar charts comparing rules for inference."), notes + ".")


@drawn
def conventions_picture(studies: Studies, rate: float) -> Picture:
    """Left: what each convention hands on, on average, in training and in inference, for a value of 3. Right: what the
    three rules do to a network that was trained with inverted dropout at this rate (accuracy, confidence, loss)."""
    keep = keep_of(rate)
    boxes = [(0.425 + 0.203 * spot, 0.17, 0.14, 0.7) for spot in range(3)]
    figure, (left, *rest) = panels(3.6, (0.06, 0.17, 0.29, 0.7), *boxes)
    _draw_conventions(left, 3.0, rate)
    scores = studies.rule_scores(rate)
    scales = (("accuracy", _("Accuracy"), 1.2), ("confidence", _("Confidence"), 1.2), ("nll", _("Loss (nats)"), 2.7))
    for axes, (key, title, top) in zip(rest, scales, strict=True):
        names = [f"×{factor:.1f}" for factor in (1.0, keep, rate)]
        numbered_bars(axes, [scores[rule][key] for rule in RULES], FILLS, names, width=0.65, fontsize=8)
        axes.set_ylim(0, top)
        axes.set_yticks(np.linspace(0, np.floor(top), 3))
        tidy(axes, title, _("Hidden values"), title)
    return Picture(
        figure, _("Bars: three rules in training and inference, and their price."), _conventions_caption(scores, rate)
    )


def _draw_conventions(axes: Axes, value: float, rate: float) -> None:
    keep = keep_of(rate)
    groups = {
        _("training"): (PLAIN, [value, value * keep, value]),
        _("inference"): (HATCHED, [value, value * keep, value * rate]),
    }
    grouped_bars(axes, groups, [_("inverted"), _("classic"), _("wrong")], fontsize=8)
    axes.set_ylim(0, 4.4)
    axes.set_yticks(range(5))
    axes.legend(frameon=False, ncols=2, loc="upper center")
    tidy(axes, _("Average of a value of 3"), _("Convention"), _("Handed on"))


def _conventions_caption(scores: Mapping[str, Mapping[str, float]], rate: float) -> str:
    right, classic, wrong = (scores[rule] for rule in RULES)
    return _(
        "Rate {rate:.1f}, network trained with inverted dropout on right labels. Left alone (×1): accuracy {a1:.3f}, "
        "confidence {c1:.3f}, loss {l1:.3f}. × keep = {keep:.1f}: {a2:.3f}, {c2:.3f}, {l2:.3f}. × rate = {rate:.1f}: "
        "{a3:.3f}, {c3:.3f}, {l3:.3f}."
    ).format(
        rate=rate,
        keep=keep_of(rate),
        a1=right["accuracy"],
        c1=right["confidence"],
        l1=right["nll"],
        a2=classic["accuracy"],
        c2=classic["confidence"],
        l2=classic["nll"],
        a3=wrong["accuracy"],
        c3=wrong["confidence"],
        l3=wrong["nll"],
    )


@drawn
def partners_picture(studies: Studies, early_stopping: bool = False) -> Picture:
    """Test accuracy with 30 % label noise for dropout, its rivals and their pairs: a large mark for the mean (diamond:
    with dropout, square: without), a dot per seed."""
    names, notes = list(PARTNERS), []
    figure, (axes,) = panels(3.6, (0.2, 0.16, 0.77, 0.72))
    for place, name in enumerate(names):
        recipe, final, stopped = studies.partner(name)
        values = stopped if early_stopping else final
        colour, marker = (BLUE, "D") if recipe.rate > 0 else (VERMILLION, "s")
        axes.axhline(place, color=FAINT, linewidth=1, zorder=0)
        axes.plot(values, np.full(len(values), place), "o", color=colour, markersize=4, alpha=0.7)
        axes.plot(values.mean(), place, marker, color=colour, markersize=10)
        axes.text(values.max() + 0.006, place, f"{values.mean():.3f}", va="center", fontsize=9)
        notes.append(_("{name} {value:.3f}").format(name=name, value=values.mean()))
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0.75, 0.97)
    title = _("Stopped at the best validation epoch") if early_stopping else _("After 40 epochs")
    tidy(axes, title, _("Accuracy on 1,000 test digits (30 % of the training labels wrong)"), _("Remedy"))
    caption = _("{title}, mean of {n} seeds; strengths chosen on validation rows: {notes}.")
    n_seeds = len(studies.partners.axes["seed"])
    caption = caption.format(title=title, n=n_seeds, notes=", ".join(notes))
    return Picture(figure, _("Marks of test accuracy for dropout (diamonds), L2, max-norm and pairs."), caption)

"""Drawings and a table of what the last epochs cost, and of what a network learns first.

Each drawing is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.legend_handler import HandlerTuple

from course.chapters.overfitting.stopping import digits_last_and_best, last_and_best
from course.chapters.overfitting.studies import EPOCHS, Studies
from course.language import _, fill
from course.lessons.arrays import Floats
from course.lessons.lines import epoch_lines, pair_lines
from course.lessons.palette import LINE_STYLES
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn
from course.lessons.tables import print_columns, spread

EARLY = 3  # the epoch of which the picture of what is learnt first tells, beside the last one
Curve = Sequence[float] | Floats


@drawn
def benefit_picture(studies: Studies) -> Picture:
    """Mean error on training and on test patients, after 40 epochs and at the best validation epoch: a line for each
    seed, a large mark for the mean."""
    figure, axes_of = panels(3.5, (0.08, 0.16, 0.38, 0.72), (0.57, 0.16, 0.38, 0.72))
    titles = {"train": _("200 training patients"), "test": _("142 test patients")}
    notes = []
    for axes, (part, title) in zip(axes_of, titles.items(), strict=True):
        errors = last_and_best(studies, part)
        marks = pair_lines(axes, errors)
        axes.set_ylim(0, 70)
        axes.set_xticks([0, 1], [_("all {n} epochs").format(n=EPOCHS), _("best epoch")])
        tidy(axes, title, _("Training"), _("Mean error (points)"))
        note = _("on the {title} the mean error is {last:.0f} points after all epochs and {best:.0f} at the best epoch")
        notes.append(fill(note, title=title, last=errors[0].mean(), best=errors[1].mean()))
    side_by_side = {tuple: HandlerTuple(ndivide=None, pad=0.8)}
    names = [_("one seed"), _("mean over seeds")]
    axes_of[0].legend(marks, names, handler_map=side_by_side, markerscale=0.7, loc="upper left", frameon=False)
    caption = fill(_("Five seeds, each with its own patients in each part: {notes}."), notes="; ".join(notes))
    alt = _("Left: error on training patients. Right: on test patients. A line for each seed.")
    return Picture(figure, alt, caption)


@drawn
def learning_picture(training: Curve, validation: Curve, learnt: Curve, repeated: Curve) -> Picture:
    """By epoch: accuracy on training and validation rows on the left; on the right, of the right training labels the
    share learnt, of the wrong ones the share repeated. All are 0–1."""
    figure, axes_of = panels(3.6, (0.07, 0.15, 0.41, 0.73), (0.57, 0.15, 0.41, 0.73))
    accuracies = {_("training rows"): training, _("validation rows"): validation}
    shares = {_("right labels learnt"): learnt, _("wrong labels repeated"): repeated}
    titles = {_("Accuracy"): accuracies, _("Training labels"): shares}
    labels = (_("Accuracy"), _("Share of these labels"))
    styles = (LINE_STYLES[:2], LINE_STYLES[2:])  # other colours on the right, where the lines mean other things
    for axes, (title, curves), label, looks in zip(axes_of, titles.items(), labels, styles, strict=True):
        epoch_lines(axes, curves, styles=looks)
        axes.set_ylim(0, 1.03)
        axes.legend(frameon=False, loc="lower right")
        tidy(axes, title, _("Epoch"), label)
    told = _(
        "At epoch {epoch} the network has learnt {learnt:.0%} of the right labels and repeats {repeated:.0%} of the "
        "wrong ones; its accuracy is {training:.0%} on the training rows and {validation:.0%} on the validation rows."
    )
    curves = {"training": training, "validation": validation, "learnt": learnt, "repeated": repeated}
    epochs = sorted({min(EARLY, len(training)), len(training)})
    at_epochs = [{name: curve[epoch - 1] for name, curve in curves.items()} for epoch in epochs]
    caption = " ".join(fill(told, epoch=epoch, **values) for epoch, values in zip(epochs, at_epochs, strict=True))
    alt = _("Left: accuracy by epoch. Right: the shares of right labels learnt and of wrong labels repeated.")
    return Picture(figure, alt, caption)


def impact_table(studies: Studies) -> None:
    """Prints what 40 epochs give on training and on test rows, and the best epoch on test rows, by setting: mean and
    standard deviation over seeds."""
    settings = {_("patients, error (points)"): [last_and_best(studies, part) for part in ("train", "test")]}
    names = {
        0.0: _("digits, right labels (%)"),
        0.1: _("digits, 10 % wrong labels (%)"),
        0.3: _("digits, 30 % wrong labels (%)"),
    }
    for share, name in names.items():
        settings[name] = [100 * digits_last_and_best(studies, share, part) for part in ("train", "test")]
    heads = [(_("training"), _("all epochs")), (_("test"), _("all epochs")), (_("test"), _("best epoch"))]
    lines = [["", *words] for words in zip(*heads, strict=True)]
    lines += [[name, *map(spread, (train[0], *test))] for name, (train, test) in settings.items()]
    print_columns(lines)

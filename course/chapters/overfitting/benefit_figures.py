"""Drawings and a table of what stopping early is worth, and of what a network learns first.

Each drawing is pure: numbers in, a Picture out, the same every time. None may train, wait, or touch a widget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.legend_handler import HandlerTuple

from course.chapters.overfitting.stopping import digits_last_and_best, last_and_best
from course.chapters.overfitting.studies import EPOCHS, Studies
from course.language import _, fill
from course.lessons.arrays import Floats
from course.lessons.lines import epoch_lines, pair_lines
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn


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
        axes.set_xticks([0, 1], [_("all {n} epochs").format(n=EPOCHS), _("stopped early")])
        tidy(axes, title, _("Training"), _("Mean error (points)"))
        note = _(
            "on the {title} the mean error is {last:.0f} points after all epochs and {best:.0f} when stopped early"
        )
        notes.append(fill(note, title=title, last=errors[0].mean(), best=errors[1].mean()))
    side_by_side = {tuple: HandlerTuple(ndivide=None, pad=0.8)}
    names = [_("one seed"), _("mean")]
    axes_of[0].legend(marks, names, handler_map=side_by_side, markerscale=0.7, loc="upper left", frameon=False)
    caption = fill(_("Five seeds, each with its own patients in each part: {notes}."), notes="; ".join(notes))
    alt = _("Left: error on training patients. Right: on test patients. A line for each seed.")
    return Picture(figure, alt, caption)


@drawn
def learning_picture(
    accuracies: Mapping[str, Sequence[float] | Floats], shares: Mapping[str, Sequence[float] | Floats]
) -> Picture:
    """By epoch: accuracies on the left, what became of right and wrong training labels on the right; at most four
    curves of 0–1 in each, by name."""
    figure, axes_of = panels(3.6, (0.07, 0.15, 0.41, 0.73), (0.57, 0.15, 0.41, 0.73))
    titles = {_("Accuracy"): accuracies, _("Training labels"): shares}
    labels, notes = (_("Accuracy"), _("Share of these labels")), []
    for axes, (title, curves), label in zip(axes_of, titles.items(), labels, strict=True):
        epoch_lines(axes, curves)
        axes.set_ylim(0, 1.03)
        axes.legend(frameon=False, loc="lower right")
        tidy(axes, title, _("Epoch"), label)
        notes += [fill(_("{name} {last:.2f}"), name=name, last=values[-1]) for name, values in curves.items()]
    caption = fill(_("After the last epoch: {notes}."), notes="; ".join(notes))
    alt = _("Left: accuracy by epoch. Right: the shares of right labels learnt and of wrong labels repeated.")
    return Picture(figure, alt, caption)


def impact_table(studies: Studies) -> None:
    """Prints what 40 epochs and stopping early give on test rows, by setting: mean and standard deviation over seeds.

    The settings' names decide how wide the first column is, as they are longer in some languages.
    """
    settings = {
        _("patients, error in points"): last_and_best(studies, "test"),
        _("digits, right labels, % right"): 100 * digits_last_and_best(studies, 0.0),
        _("digits, 10 % wrong labels, % right"): 100 * digits_last_and_best(studies, 0.1),
        _("digits, 30 % wrong labels, % right"): 100 * digits_last_and_best(studies, 0.3),
    }
    heading = _("test rows, five seeds")
    first = max(map(len, [heading, *settings]))
    print(f"{heading:{first}}{_('all epochs'):>17}{_('stopped early'):>17}")
    for name, (last, best) in settings.items():
        print(f"{name:{first}}{_spread(last):>17}{_spread(best):>17}")


def _spread(values: Floats) -> str:
    return fill("{:.1f} ± {:.1f}", values.mean(), values.std(ddof=1))

"""A drawing of the exam papers: what has been learnt by heart after each round. Pure: numbers in, a Picture out."""

from __future__ import annotations

from matplotlib.axes import Axes

from course.chapters.overfitting.studies import EPOCHS, load_studies
from course.language import _, fill
from course.lessons.lines import epoch_lines
from course.lessons.palette import FAINT, FILLS, INK, VERMILLION
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn

WRONG_SHARE, SEED = 0.3, 0


@drawn
def exam_picture(epoch: int) -> Picture:
    """The state of revision after that epoch (1–40): old papers with 30 % misprints in their key, and a mock exam."""
    figure, (state, course_of_it) = panels(3.3, (0.17, 0.17, 0.31, 0.7), (0.57, 0.17, 0.41, 0.7))
    run = load_studies().digits.at(wrong_share=WRONG_SHARE, seed=SEED)
    by_epoch = {name: run.at(measure=name).values for name in ("right_learnt", "wrong_repeated", "validation")}
    learnt, repeated, mock = (float(values[epoch - 1]) for values in by_epoch.values())
    names = [_("right answers\nlearnt"), _("misprints\nrepeated"), _("mock exam")]
    _draw_state(state, names, [learnt, repeated, mock], epoch)
    epoch_lines(course_of_it, {_("mock exam"): by_epoch["validation"]})
    course_of_it.axvline(epoch, color=INK, linestyle=":", linewidth=1.2, zorder=0)
    course_of_it.plot(epoch, mock, "D", color=VERMILLION, markersize=10, markeredgecolor=INK, zorder=3)
    course_of_it.set_ylim(0, 1.05)
    course_of_it.set_xlim(0, EPOCHS + 1)
    tidy(course_of_it, _("The mock exam, round by round"), _("Round of revision (epoch)"), _("Share right"))
    caption = fill(
        _(
            "After epoch {epoch}: it gives the right answer on {learnt:.0%} of the papers with a right key, repeats "
            "{repeated:.0%} of the misprints, and is right on {mock:.0%} of the mock exam."
        ),
        epoch=epoch,
        learnt=learnt,
        repeated=repeated,
        mock=mock,
    )
    alt = _("Left: shares of right answers and misprints learnt, and of the mock exam. Right: the mock exam by epoch.")
    return Picture(figure, alt, caption)


def _draw_state(axes: Axes, names: list[str], shares: list[float], epoch: int) -> None:
    places = [2, 1, 0]
    axes.barh(places, [1, 1, 1], 0.6, color="white", edgecolor=FAINT, zorder=0)
    for place, share, look in zip(places, shares, (FILLS[0], FILLS[2], FILLS[1]), strict=True):
        axes.barh(place, share, 0.6, color=look.colour, hatch=look.hatch, edgecolor=INK, zorder=1)
        label = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        axes.text(0.97, place, fill("{:.0%}", share), ha="right", va="center", fontweight="bold", bbox=label, zorder=2)
    axes.set_yticks(places, names)
    axes.set_xlim(0, 1)
    tidy(axes, fill(_("After round {epoch}"), epoch=epoch), _("Share"), "")

"""The figures that a learner moves in this chapter: a control for each argument of a drawing."""

from __future__ import annotations

from course.chapters.overfitting.border_figures import border_picture
from course.chapters.overfitting.borders import BORDER_AXES, STRAIGHT
from course.chapters.overfitting.exam import ROUNDS
from course.chapters.overfitting.exam_figures import exam_picture
from course.chapters.overfitting.stopper_figures import stopper_picture
from course.chapters.overfitting.studies import SEEDS
from course.language import _
from course.lessons.controls import choice, count_slider, stops_slider, switch
from course.lessons.explorer import Explorer


def exam() -> Explorer:
    """Rounds and misprints of the student who learns old papers; opens after 40 rounds with 30 misprints."""
    controls = {
        "rounds": count_slider(_("Round"), ROUNDS, 1, ROUNDS),
        "misprints": count_slider(_("Misprints"), 30, 0, 30, 10),
    }
    return Explorer(_("Exam papers: set the round and the number of misprints."), exam_picture, controls)


def border_map() -> Explorer:
    """Width, training points and epochs on the half-moons; opens on no hidden layer, after 2,000 epochs."""
    widths = {_("4 neurons a layer"): 4, _("16 neurons a layer"): 16, _("64 neurons a layer"): 64}
    controls = {
        "width": choice(_("Network"), {_("no hidden layer"): STRAIGHT, **widths}),
        "rows": choice(_("Training points"), {"100": 100, "400": 400}),
        "epoch": stops_slider(_("Epoch"), BORDER_AXES["epoch"].tolist(), 2000),
    }
    return Explorer(_("Border map: set the network, the points and the epochs."), border_picture, controls)


def stopper() -> Explorer:
    """Patience and restoring on five stored runs with the patients; opens at patience 5, restored."""
    controls = {
        "patience": count_slider(_("Patience"), 5, 1, 20),
        "restore": switch(_("restore_best_weights"), {"True": True, "False": False}),
        "seed": choice(_("Seed"), {str(seed): seed for seed in SEEDS.tolist()}),
    }
    return Explorer(_("Early stopping: set the patience and which weights are kept."), stopper_picture, controls)

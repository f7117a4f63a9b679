"""The figures that a learner moves in this chapter: a control for each argument of a drawing."""

from __future__ import annotations

from course.chapters.batch_normalization.modes_figure import modes_picture
from course.chapters.batch_normalization.rate_figure import RATES, network_names, rates_picture
from course.chapters.batch_normalization.scores_figure import scores_picture
from course.chapters.batch_normalization.studies import EPOCHS
from course.language import _, number
from course.lessons.controls import choice, count_slider, stops_slider, switch
from course.lessons.explorer import Explorer


def rates() -> Explorer:
    """What networks reach at each learning rate; opens on eight ReLU layers at 0.1."""
    controls = {
        "network": choice(_("Network"), network_names()),
        "rate": stops_slider(_("Learning rate"), RATES, 0.1),
    }
    return Explorer(_("Accuracy by learning rate: choose a network and a rate."), rates_picture, controls)


def scores() -> Explorer:
    """One employee's scores, normalised; opens on 1, 2 and 10 in a batch."""
    controls = {
        "companion": count_slider(_("Score of project C"), 10, 0, 10),
        "mode": switch(_("Mode"), {_("Training (batch)"): "batch", _("Inference (register)"): "register"}),
    }
    return Explorer(_("Scores of three projects: move one of them, and switch the mode."), scores_picture, controls)


def modes() -> Explorer:
    """How moving averages lag; opens on Keras's momentum of 0.99 after 15 epochs."""
    controls = {
        "momentum": switch(_("Momentum"), {number(each, "g"): each for each in (0.99, 0.95, 0.9)}),
        "epoch": count_slider(_("Epoch"), 15, 1, EPOCHS),
    }
    return Explorer(_("Moving averages: set their momentum and the epoch."), modes_picture, controls)

"""The figures that a learner moves in this chapter: a control for each argument of a drawing."""

from __future__ import annotations

from course.chapters.norm_penalties.one_weight_figure import one_weight_picture
from course.chapters.norm_penalties.sensor_figures import SEEDS, weights_picture
from course.chapters.norm_penalties.studies import STRENGTHS
from course.language import _
from course.lessons.controls import count_slider, number_slider, stops_slider, switch
from course.lessons.explorer import Explorer


def one_weight() -> Explorer:
    """Opens on L1 of strength 1 and a best weight of 0.4."""
    controls = {
        "best": number_slider(_("Best weight without penalty"), 0.4, -0.8, 1.8, 0.1),
        "strength": number_slider(_("Strength"), 1.0, 0.0, 3.0, 0.1),
        "kind": switch(_("Penalty"), {"L1": "l1", "L2": "l2"}),
    }
    return Explorer(_("One weight: set its best value and the strength of the penalty."), one_weight_picture, controls)


def packing() -> Explorer:
    """The weights of forty sensors; opens on L1 of strength 0.2 and a typical seed."""
    controls = {
        "kind": switch(_("Penalty"), {"L1": "l1", "L2": "l2"}),
        "strength": stops_slider(_("Strength"), STRENGTHS.tolist(), 0.2),
        "seed": count_slider(_("Seed"), 4, SEEDS[0], SEEDS[-1]),
    }
    return Explorer(_("Forty weights: set kind and strength of the penalty."), weights_picture, controls)

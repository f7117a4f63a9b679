"""The figures that a learner moves in this chapter: a control for each argument of a drawing."""

from __future__ import annotations

from course.chapters.bias_variance.network_figures import lever_picture, networks_picture
from course.chapters.bias_variance.street import DISTRICTS
from course.chapters.bias_variance.street_figures import street_picture
from course.chapters.bias_variance.studies import STEPS
from course.language import _
from course.lessons.controls import choice, count_slider, stops_slider, switch
from course.lessons.explorer import Explorer


def poll_map() -> Explorer:
    """District sizes and polls; opens at districts of 6."""
    controls = {
        "district": stops_slider(_("Houses in a district"), DISTRICTS, 6),
        "number": count_slider(_("Poll"), 1, 1, 20),
    }
    return Explorer(_("The pollster's map: set the size of the districts and the poll."), street_picture, controls)


def many_networks() -> Explorer:
    """Twelve networks on twelve training sets; opens on width 64 after 100 steps."""
    widths = {_("64 neurons a layer"): 64, _("8 neurons a layer"): 8, _("2 neurons a layer"): 2}
    controls = {
        "width": choice(_("Networks"), widths),
        "steps": stops_slider(_("Steps"), STEPS.tolist(), 100),
    }
    return Explorer(_("Twelve networks, each on rows of its own: set width and steps."), networks_picture, controls)


def levers() -> Explorer:
    """What steps, rows and width do to the two parts; opens on steps."""
    names = {_("steps"): "steps", _("rows"): "rows", _("width"): "width"}
    return Explorer(
        _("Three levers: choose one and see bias² and variance."), lever_picture, {"lever": switch(_("Lever"), names)}
    )

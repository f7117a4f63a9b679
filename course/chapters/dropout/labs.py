"""The chapter's front door for notebooks: widgets that a learner moves, and the pictures that cells show.

A widget only collects values and calls a drawing function; it never computes or draws by itself, and it never imports
TensorFlow. To add one: write a pure function that returns a Picture, then an Explorer with a control per argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from course.chapters.dropout.charts import (
    curves_picture,
    lies_picture,
    rule_scores,
    rules_picture,
    sweep_picture,
)
from course.chapters.dropout.company import PROJECTS_PER_DAY
from course.chapters.dropout.digits import load_digits
from course.chapters.dropout.figures import (
    company_picture,
    digits_picture,
    habits_picture,
    masks_picture,
    network_picture,
)
from course.chapters.dropout.numpy_net import Recipe, accuracy_with_absences, dropout_mask, logits_of, softmax, train
from course.chapters.dropout.picture import Picture
from course.chapters.dropout.small_net import N_SAMPLES
from course.chapters.dropout.sweep import load_sweep
from course.language import _

__all__ = [
    "Explorer",
    "Recipe",
    "accuracy_with_absences",
    "adaptation_lab",
    "company_picture",
    "curves_picture",
    "digits_picture",
    "dropout_mask",
    "habits_picture",
    "lies_picture",
    "load_digits",
    "load_sweep",
    "logits_of",
    "masks_picture",
    "network_drawing",
    "network_picture",
    "rule_scores",
    "rules_picture",
    "softmax",
    "staffing_simulator",
    "sweep_picture",
    "train",
]

Values = dict[str, Any]


class Explorer(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Controls above one picture, which follows them.

    summary: a sentence for viewers that cannot show widgets (under 110 characters). draw: called with every value by
    name, returns the Picture. controls: value widgets by the argument they set. state: further arguments, which only
    buttons change. buttons: by their label, a function from all values to the state that changes.

    Drawing happens before the change is acknowledged, and Jupyter's front end sends only the newest position of a
    slider once the last one has been acknowledged; so fast moves are thinned out and never queue.
    """

    def __init__(
        self,
        summary: str,
        draw: Callable[..., Picture],
        controls: Mapping[str, ipywidgets.ValueWidget],
        state: Mapping[str, Any] | None = None,
        buttons: Mapping[str, Callable[[Values], Values]] | None = None,
    ) -> None:
        self._summary, self._draw = summary, draw
        self.controls, self.state = dict(controls), dict(state or {})
        self.buttons = {label: self._button(label, change) for label, change in (buttons or {}).items()}
        self.view = ipywidgets.HTML()
        in_a_row = ipywidgets.Layout(flex_flow="row wrap", align_items="center")
        panel = ipywidgets.HBox([*self.controls.values(), *self.buttons.values()], layout=in_a_row)
        super().__init__([panel, self.view])
        for control in self.controls.values():
            control.observe(self._refresh, names="value")
        self._refresh()

    @property
    def values(self) -> Values:
        """Every argument of the drawing function, as it stands."""
        return {**self.state, **{name: control.value for name, control in self.controls.items()}}

    def __repr__(self) -> str:
        return self._summary

    def _button(self, label: str, change: Callable[[Values], Values]) -> ipywidgets.Button:
        button = ipywidgets.Button(description=label, layout=ipywidgets.Layout(width="auto"))

        def pressed(_button: ipywidgets.Button) -> None:
            self.state.update(change(self.values))
            self._refresh()

        button.on_click(pressed)
        return button

    def _refresh(self, _change: object = None) -> None:
        self.view.value = self._draw(**self.values).html(live=True)


def staffing_simulator() -> Explorer:
    """The company: a rate slider, days and projects to step through, and a switch to the presentation."""

    def next_project(values: Values) -> Values:
        if values["project"] < PROJECTS_PER_DAY:
            return {"project": values["project"] + 1}
        return {"project": 1, "day": values["day"] + 1}

    return Explorer(
        _("Staffing simulator: set the rate, step through days and projects, switch to the presentation."),
        company_picture,
        {"rate": _rate_slider(0.3), "presentation": _switch(_("Day"), _("Training"), _("Presentation"), False, True)},
        {"day": 1, "project": 1},
        {_("Next project"): next_project, _("Next day"): lambda values: {"day": values["day"] + 1, "project": 1}},
    )


def adaptation_lab() -> Explorer:
    """How a team shares its work after training with absences."""
    summary = _("Team adaptation: set the rate and see who carries the work, and what Ada's absence costs.")
    return Explorer(summary, habits_picture, {"rate": _rate_slider(0.0)})


def network_drawing() -> Explorer:
    """A 6-8-8-3 network during single passes: choose sample, rate and mode, and step through passes."""
    samples = ipywidgets.Dropdown(options=list(range(1, N_SAMPLES + 1)), value=1, description=_("Sample"))
    samples.style, samples.layout = (
        {"description_width": "initial"},
        ipywidgets.Layout(width="8em", margin="2px 1.5em 2px 2px"),
    )
    return Explorer(
        _("Network drawing: choose sample, rate and mode; dropped units fade, survivors show their factor."),
        network_picture,
        {
            "sample": samples,
            "rate": _rate_slider(0.5),
            "training": _switch(_("Mode"), _("Training"), _("Inference"), True, False),
        },
        {"pass_number": 1},
        {_("Next pass"): lambda values: {"pass_number": values["pass_number"] + 1}},
    )


def _rate_slider(value: float) -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        value=value,
        min=0.0,
        max=0.9,
        step=0.05,
        description=_("Rate"),
        readout_format=".2f",
        continuous_update=True,
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width="22em", margin="2px 1.5em 2px 2px"),
    )


def _switch(label: str, first: str, second: str, first_value: object, second_value: object) -> ipywidgets.RadioButtons:
    options = [(first, first_value), (second, second_value)]
    return ipywidgets.RadioButtons(
        options=options,
        value=first_value,
        description=label,
        orientation="horizontal",
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width="auto", margin="2px 1.5em 2px 2px"),
    )

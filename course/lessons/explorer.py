"""A picture that follows its controls. An Explorer only collects values and calls a drawing function; it never
computes or draws by itself, and keeps nothing of what a learner does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from course.lessons.controls import theme_style
from course.lessons.picture import Picture

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
        super().__init__([theme_style(), panel, self.view])
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

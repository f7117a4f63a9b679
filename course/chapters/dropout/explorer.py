"""The controls of the chapter's widgets: a picture that follows its controls, and a bar for what takes a while.

An Explorer only collects values and calls a drawing function; it never computes or draws by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets
from IPython.display import display

from course.chapters.dropout.picture import Picture
from course.language import _

Values = dict[str, Any]
MARGIN = "2px 1.5em 2px 2px"


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


class ProgressBar(ipywidgets.VBox):  # type: ignore[misc]
    """A bar for what takes more than two seconds; call step() after each of the total parts. Shows itself at once."""

    def __init__(self, label: str, total: int) -> None:
        self._label = label
        self.bar = ipywidgets.IntProgress(value=0, max=total, layout=ipywidgets.Layout(width="22em"))
        self.note = ipywidgets.Label()
        super().__init__([ipywidgets.HBox([self.bar, self.note])])
        self._tell()
        display(self)

    def step(self, *_ignored: object) -> None:
        """One part more is done. Takes and ignores arguments, so that it can be a callback."""
        self.bar.value = min(self.bar.value + 1, self.bar.max)
        self._tell()

    def __repr__(self) -> str:
        return self._label

    def _tell(self) -> None:
        self.note.value = _("{what}: {done} of {all}").format(what=self._label, done=self.bar.value, all=self.bar.max)


def rate_slider(value: float, low: float = 0.0, high: float = 0.9, step: float = 0.05) -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=_("Rate"),
        readout_format=".2f",
        continuous_update=True,
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width="22em", margin=MARGIN),
    )


def count_slider(label: str, value: int, low: int, high: int, step: int = 1) -> ipywidgets.IntSlider:
    return ipywidgets.IntSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=label,
        continuous_update=True,
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width="22em", margin=MARGIN),
    )


def stops_slider(label: str, stops: Sequence[int], value: int) -> ipywidgets.SelectionSlider:
    """A slider over chosen numbers, such as 1, 2, 5, 10, …"""
    return ipywidgets.SelectionSlider(
        options=[(f"{stop:,}", stop) for stop in stops],
        value=value,
        description=label,
        continuous_update=True,
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width="24em", margin=MARGIN),
    )


def choice(label: str, options: Mapping[str, object], width: str = "auto") -> ipywidgets.Dropdown:
    """A list to choose from: text shown → value. The first is chosen."""
    pairs = list(options.items())
    return ipywidgets.Dropdown(
        options=pairs,
        value=pairs[0][1],
        description=label,
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width=width, margin=MARGIN),
    )


def switch(label: str, options: Mapping[str, object]) -> ipywidgets.RadioButtons:
    """A few alternatives side by side: text shown → value. The first is chosen."""
    pairs = list(options.items())
    return ipywidgets.RadioButtons(
        options=pairs,
        value=pairs[0][1],
        description=label,
        orientation="horizontal",
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width="auto", margin=MARGIN),
    )

"""A bar for what takes more than two seconds."""

from __future__ import annotations

import ipywidgets
from IPython.display import display

from course.language import _


class ProgressBar(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Counts how many of total parts are done: call step() after each. Shows itself at once. label: what is done."""

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

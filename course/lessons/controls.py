"""The controls of an Explorer: sliders, lists and switches that look alike and tell their label to a screen reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets

from course.language import number, with_minus

MARGIN = "2px 1.5em 2px 2px"
# ipywidgets draws the arrow of a list in black, which a dark theme swallows.
_LIGHT_ARROW = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 18 18'%3E"
    "%3Cpath fill='%23e0e0e0' d='M5.2 7.5 9 11.3l3.8-3.8z'/%3E%3C/svg%3E"
)
# ipywidgets draws the handle of a slider in white with a pale edge, which a light theme swallows.
_HANDLE_EDGE = "var(--jp-ui-font-color2, #6B6B6B)"


def number_slider(label: str, value: float, low: float, high: float, step: float) -> ipywidgets.SelectionSlider:
    """A slider over numbers from low to high in steps, shown with two decimals; value must be one of them.

    It chooses from a list because the number beside a FloatSlider has a decimal point in every language.
    """
    stops = [round(low + step * place, 9) for place in range(round((high - low) / step) + 1)]
    return ipywidgets.SelectionSlider(
        options=[(with_minus(number(stop, ".2f")), stop) for stop in stops],
        value=value,
        description=label,
        continuous_update=True,
        **_looks(_slider_width(label)),
    )


def count_slider(label: str, value: int, low: int, high: int, step: int = 1) -> ipywidgets.IntSlider:
    """A slider over whole numbers from low to high in steps."""
    return ipywidgets.IntSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=label,
        continuous_update=True,
        **_looks(_slider_width(label)),
    )


def stops_slider(label: str, stops: Sequence[float], value: float) -> ipywidgets.SelectionSlider:
    """A slider over chosen numbers, such as 1, 2, 5, 10, …; value must be one of them."""
    return ipywidgets.SelectionSlider(
        options=[(number(stop, ","), stop) for stop in stops],
        value=value,
        description=label,
        continuous_update=True,
        **_looks(_slider_width(label)),
    )


def choice(label: str, options: Mapping[str, object]) -> ipywidgets.Dropdown:
    """A list to choose from, as wide as its longest text: text shown → value. The first is chosen."""
    pairs = list(options.items())
    return ipywidgets.Dropdown(
        options=pairs,
        value=pairs[0][1],
        description=label,
        **_looks("auto"),
    )


def switch(label: str, options: Mapping[str, object]) -> ipywidgets.RadioButtons:
    """A few alternatives side by side: text shown → value. The first is chosen."""
    pairs = list(options.items())
    return ipywidgets.RadioButtons(
        options=pairs,
        value=pairs[0][1],
        description=label,
        orientation="horizontal",
        **_looks("auto"),
    )


def theme_style() -> ipywidgets.HTML:
    """Stands unseen beside controls, so that arrows of lists can be seen in JupyterLab's dark theme, and handles of
    sliders in its light one."""
    arrow = f'body[data-jp-theme-light="false"] {{ --jp-widgets-dropdown-arrow: url("{_LIGHT_ARROW}"); }}'
    handle = f".slider-container .noUi-target .noUi-handle {{ border-color: {_HANDLE_EDGE}; }}"
    return ipywidgets.HTML(f"<style>{arrow} {handle}</style>", layout=ipywidgets.Layout(display="none"))


def _slider_width(label: str) -> str:
    """Room for the label, the number, and in between a track that can be moved along, whatever the label's length."""
    return f"{max(24, 18 + 0.6 * len(label)):.0f}em"


def _looks(width: str) -> dict[str, Any]:
    """What all controls share: the label in full, a width, and room between neighbours."""
    return {
        "style": {"description_width": "initial"},
        "layout": ipywidgets.Layout(width=width, margin=MARGIN),
    }

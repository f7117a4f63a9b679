"""Draws a question's figure with a function of the course, as an image with its text alternative.

The function takes no arguments and returns a Matplotlib figure or SVG text; it must not import TensorFlow.
"""

from __future__ import annotations

import base64
import html
import importlib
import io
from typing import Any

from course.errors import CourseError
from course.quiz.questions import Figure


def figure_html(figure: Figure | None) -> str:
    """An <img> that carries its drawing, or '' where the question has no figure. CourseError if it cannot be drawn."""
    if figure is None:
        return ""
    svg = base64.b64encode(_svg(_function(figure.function)()).encode("utf-8")).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{svg}" alt="{html.escape(figure.alt)}">'


def _function(name: str) -> Any:
    module, _dot, attribute = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError):
        raise CourseError(f"The quiz names a figure {name}, but there is no such function.") from None


def _svg(drawing: Any) -> str:
    if isinstance(drawing, str):
        return drawing
    buffer = io.StringIO()
    drawing.savefig(buffer, format="svg", bbox_inches="tight")
    return buffer.getvalue()

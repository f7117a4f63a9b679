"""Panels of a picture: where they stand, and the same title, axis names and spines on each."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from course.language import with_marks
from course.lessons.palette import INK

DPI = 100
# Inches. Beside JupyterLab's file browser, in a window of 1,000 pixels, a picture is shrunk to 548 pixels; then 10
# points are 9 pixels.
WIDTH = 8.4
Box = tuple[float, float, float, float]


def blank_figure(height: float, width: float = WIDTH) -> Figure:
    """An empty white figure of that size in inches. Made without pyplot, so that no figure lingers."""
    return Figure(figsize=(width, height), facecolor="white", dpi=DPI)


def panels(height: float, *boxes: Box) -> tuple[Figure, list[Axes]]:
    """A figure of that height (inches) with a panel in each box: left, bottom, width, height, as shares of the figure
    (0–1)."""
    figure = blank_figure(height)
    return figure, [figure.add_axes(box) for box in boxes]


def tidy(axes: Axes, title: str, x_label: str, y_label: str) -> None:
    """Title, axis names, numbers in the learner's language and quiet spines, the same on every picture."""
    axes.set_title(title, fontsize=11, loc="left", color=INK)
    axes.set_xlabel(x_label, color=INK)
    axes.set_ylabel(y_label, color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    for axis in (axes.xaxis, axes.yaxis):
        if type(axis.get_major_formatter()) is ScalarFormatter:  # none of a figure's own
            axis.set_major_formatter(_InLanguage())


class _InLanguage(ScalarFormatter):
    """Numbers along an axis, with the marks of the learner's language."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return with_marks(super().__call__(x, pos))

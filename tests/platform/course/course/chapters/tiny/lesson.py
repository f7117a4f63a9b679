"""What this chapter's lesson imports. Importing this must never import TensorFlow."""

from __future__ import annotations

import numpy as np

from course.lessons.controls import number_slider
from course.lessons.explorer import Explorer
from course.lessons.lines import epoch_lines
from course.lessons.panels import panels, tidy
from course.lessons.picture import Picture, drawn

__all__ = ["shift_lab", "shift_picture"]


@drawn
def shift_picture(shift: float) -> Picture:
    """Four numbers, and the same with shift added."""
    numbers = np.array([1.0, 3.0, 2.0, 4.0])
    figure, (axes,) = panels(3.0, (0.1, 0.2, 0.85, 0.65))
    epoch_lines(axes, {"as they are": list(numbers), "shifted": list(numbers + shift)})
    tidy(axes, "Four numbers", "Place", "Value")
    return Picture(figure, "Two lines of four numbers, one above the other.", f"Shifted by {shift:.1f}, each number.")


def shift_lab() -> Explorer:
    """How far the numbers are shifted."""
    shift = number_slider("Shift", 1.0, low=0.0, high=2.0, step=0.5)
    return Explorer("Shift: move all numbers at once.", shift_picture, {"shift": shift})

"""Data in three parts: to train on, to choose by, and to measure once. Every lesson names them alike."""

from __future__ import annotations

from dataclasses import dataclass

from course.lessons.arrays import Floats


@dataclass(frozen=True)
class Split:
    """Rows to train, validate and test on, as whoever made it says. x: shape (rows, inputs). y: shape (rows,)."""

    x_train: Floats
    y_train: Floats
    x_validation: Floats
    y_validation: Floats
    x_test: Floats
    y_test: Floats

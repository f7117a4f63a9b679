"""Data in three parts: to train on, to choose by, and to measure once. Every lesson names them alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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

    @property
    def but_test(self) -> tuple[Floats, Floats]:
        """x and y of all rows that are not test rows: those to train on, then those to validate on."""
        x, y = (self.x_train, self.x_validation), (self.y_train, self.y_validation)
        return np.concatenate(x), np.concatenate(y)

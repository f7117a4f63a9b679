"""Printed tables whose columns are as wide as their texts, which are longer in some languages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course.language import fill
from course.lessons.arrays import Floats

GAP = 2  # characters between columns


def print_columns(lines: Sequence[Sequence[str]]) -> None:
    """Prints lines of equally many texts: the first column begins at the left, the others end at the right."""
    first, *widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for name, *cells in lines:
        told = (f"{cell:>{width + GAP}}" for cell, width in zip(cells, widths, strict=True))
        print(f"{name:{first}}" + "".join(told))


def print_means(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[Floats]]], corner: str = "") -> None:
    """Prints mean ± standard deviation of each cell. columns: their titles. rows: a name and, for each column, one
    value per seed. corner: the title of the names."""
    print_columns([[corner, *columns], *([name, *map(spread, cells)] for name, cells in rows)])


def spread(values: Floats) -> str:
    """Mean ± standard deviation of one value per seed, in the reader's language."""
    return fill("{:.1f} ± {:.1f}", np.mean(values), np.std(values, ddof=1))

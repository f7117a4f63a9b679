"""A printed table of results over seeds: a row for each task, a column for each way to train."""

from __future__ import annotations

from collections.abc import Sequence

from course.language import fill
from course.lessons.arrays import Floats

CELL = 14  # characters


def print_means(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[Floats]]]) -> None:
    """Prints mean ± standard deviation of each cell. columns: their titles. rows: a name and, for each column, one
    value per seed."""
    width = max(len(name) for name, _cells in rows) + 2
    print(" " * width + "".join(f"{title:>{CELL}}" for title in columns))
    for name, cells in rows:
        told = [fill("{:.1f} ± {:.1f}", values.mean(), values.std(ddof=1)) for values in cells]
        print(f"{name:{width}}" + "".join(f"{each:>{CELL}}" for each in told))

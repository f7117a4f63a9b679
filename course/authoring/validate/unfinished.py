"""What an author may still have to do, and what is no fault: told beside the faults, and never an error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from course.authoring.validate.notebooks import ChapterCells

MARK = "✎"  # what `course new` puts where the author's own words belong


def unfinished_notes(cells: ChapterCells) -> Iterator[str]:
    """For each notebook in which marks of `course new` are left, their number and the first cell that has one."""
    marked = [placed for placed in cells.cells if MARK in placed.source]
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for placed in marked:
        notebook = placed.where.partition(":")[0]
        counts[notebook] += placed.source.count(MARK)
        first.setdefault(notebook, placed.where)
    for notebook, where in first.items():
        told = f"{counts[notebook]} texts wait" if counts[notebook] > 1 else "a text waits"
        yield f"{where} is the first place where {told} for your own words ({MARK})."

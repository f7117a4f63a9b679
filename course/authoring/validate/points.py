"""Whether the points that learners read are those that they get."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from course.authoring.validate.notebooks import ChapterCells, PlacedCell
from course.language import counted
from course.notebooks.points import IN_ALL, IN_HEADING, QUIZ, SHARED
from course.verdict import format_points

_BY_HAND = re.compile(r"\b(?:\d+(?:\.\d+)?|one|two|three|four|half a) points?\b", re.IGNORECASE)


def point_problems(cells: ChapterCells) -> Iterator[str]:
    """Headings of tasks, and totals in prose, that differ from what the cells' metadata give.

    exercises.py compares these with the classes.
    """
    heading: PlacedCell | None = None
    total = 0.0
    for placed in cells.cells:
        if placed.cell.cell_type == "markdown" and re.search(r"^##? ", placed.source, re.MULTILINE):
            heading = placed
        points = _points(placed)
        if points is not None and _name(placed) != QUIZ:
            yield from _heading_problems(heading, placed, points)
            total += points
    for placed in cells.cells:
        told = IN_ALL.search(placed.source) if placed.cell.cell_type == "markdown" else None
        if told and float(told[1]) != total:
            promised = counted(told[1], "point")
            yield f"{placed.where} promises {promised} in all, and the cells give {format_points(total)}."


def _told_by_hand(heading: PlacedCell) -> Iterator[str]:
    """Points that a task tells otherwise than in its heading and in how they are shared."""
    text = SHARED.sub("", IN_ALL.sub("", IN_HEADING.sub("", heading.source)))
    if found := _BY_HAND.search(text):
        told = f"tells {found[0]!r} in its text, which stays when an instructor sets other points. Tell parts instead."
        yield f"{heading.where} {told}"


def _heading_problems(heading: PlacedCell | None, graded: PlacedCell, points: float) -> Iterator[str]:
    told = IN_HEADING.search(heading.source) if heading else None
    shown, name = format_points(points), _name(graded)
    if heading is None or told is None:
        where, wanted = (heading or graded).where, counted(shown, "point")
        yield f"{where} does not say in its heading what {name} gives. Write ({wanted}) at the heading's end."
    elif float(told[2]) != points:
        promised = counted(told[2], "point")
        yield f"{heading.where} promises {promised}, and the cell {name} gives {shown}. Make them equal."
    else:
        yield from _told_by_hand(heading)


def _name(placed: PlacedCell) -> str:
    return str(_settings(placed).get("grade_id", ""))


def _points(placed: PlacedCell) -> float | None:
    """What a graded cell gives; None for any other cell."""
    settings = _settings(placed)
    return float(settings.get("points") or 0) if settings.get("grade") else None


def _settings(placed: PlacedCell) -> dict[str, Any]:
    found = placed.cell.metadata.get("nbgrader")
    return dict(found) if isinstance(found, dict) else {}

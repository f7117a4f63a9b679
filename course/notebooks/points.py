"""The points that a chapter's notebooks tell and give, where course.yml sets others than the author did.

A heading, the note on how points are shared, a total and nbgrader's metadata change together; nothing else does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course.catalog import Catalog
from course.rules.model import ChapterRules
from course.verdict import format_points, total_points

_NUMBER = r"\d+(?:\.\d+)?"
IN_HEADING = re.compile(rf"^(#+ .*\()({_NUMBER}) points?\b(.*\))", re.MULTILINE)
IN_ALL = re.compile(rf"\b({_NUMBER}) points?( (?:in all|altogether|together))\b")
SHARED = re.compile(rf"\b({_NUMBER}) points? (?:is|are) shared\b")
_HEADING = re.compile(r"^##? ", re.MULTILINE)
QUIZ = "quiz"  # it stands in the lesson, whose headings tell no points


def apply_points(notebook: NotebookNode, rules: ChapterRules, chapter_total: float | None = None) -> NotebookNode:
    """The notebook, changed in place: graded cells give what the rules say, and the texts before them say so.

    chapter_total: points of all tasks of the chapter, for texts that tell it; None: as they are.
    """
    heading: NotebookNode | None = None
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and chapter_total is not None:
            cell.source = IN_ALL.sub(rf"{_points(chapter_total)}\2", cell.source)
        if cell.cell_type == "markdown" and not _graded(cell) and _HEADING.search(cell.source):
            heading = cell
        data = _graded(cell)
        if data is None:
            continue
        usual = float(data.get("points") or 0)
        points = rules.points_of(str(data.get("grade_id")), usual)
        if points != usual:
            data["points"] = int(points) if points.is_integer() else points
            if heading is not None:
                heading.source = _told(heading.source, points)
    return notebook


def _told(text: str, points: float) -> str:
    """A task's text, with these points in its heading and wherever it says how they are shared."""
    text = IN_HEADING.sub(rf"\g<1>{_points(points)}\3", text)
    return SHARED.sub(f"{_points(points)} {'is' if points == 1 else 'are'} shared", text)


def _points(points: float) -> str:
    return f"{format_points(points)} {'point' if points == 1 else 'points'}"


def renew_points(cells: list[NotebookNode], template: NotebookNode) -> None:
    """In work on an older release: texts that differ from the template's in nothing but points tell the new ones."""
    by_text = {without_points(cell.source): cell.source for cell in template.cells if _tells_points(cell)}
    for cell in cells:
        if _tells_points(cell):
            cell.source = by_text.get(without_points(cell.source), cell.source)


def _tells_points(cell: NotebookNode) -> bool:
    if cell.cell_type != "markdown" or _graded(cell):
        return False
    return any(pattern.search(cell.source) for pattern in (IN_HEADING, IN_ALL, SHARED))


def without_points(text: str) -> str:
    """The text without white space and without what it says of points."""
    text = SHARED.sub("", IN_ALL.sub("", IN_HEADING.sub(r"\1\3", text)))
    return "".join(text.split())


def _graded(cell: NotebookNode) -> Any:
    """nbgrader's settings of a cell that gives points; None for any other."""
    data = cell.metadata.get("nbgrader")
    return data if isinstance(data, dict) and (data.get("grade") or data.get("task")) else None


def author_points(catalog: Catalog, slug: str) -> dict[str, float]:
    """What the author gives for each graded cell of a chapter, by name; notebooks that cannot be read have none."""
    found: dict[str, float] = {}
    for stem in catalog.notebooks(slug):
        for data in _settings_in(catalog.notebooks_folder(slug) / f"{stem}.ipynb"):
            if data.get("grade") or data.get("task"):
                found[str(data.get("grade_id"))] = float(data.get("points") or 0)
    return found


def _settings_in(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield from [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
    except (OSError, ValueError, KeyError, TypeError):  # told by whoever reads the notebook itself
        return


def points_in_all(catalog: Catalog, slug: str, rules: ChapterRules) -> float:
    """Of the tasks of a chapter, the quiz left out."""
    usual = author_points(catalog, slug)
    return total_points(rules.points_of(name, points) for name, points in usual.items() if name != QUIZ)

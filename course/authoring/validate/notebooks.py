"""What can be wrong in a chapter's notebooks: cells, links, and calls of quiz(), check() and feedback()."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

import nbformat
from markdown_it import MarkdownIt
from nbformat import NotebookNode

from course.catalog import OPTIONAL, Catalog, Chapter
from course.errors import CourseError
from course.language import SOURCE_LANGUAGE
from course.notebooks.breadcrumbs import CONTENTS_PAGE
from course.notebooks.release import source_notebooks
from course.notebooks.restore import grade_id
from course.quiz.model import load_quiz
from course.quiz.view import PREDICTIONS

_MARKS = ("### BEGIN SOLUTION", "### END SOLUTION")
_FRONT_DOOR = ("quiz", "check", "feedback")


@dataclass(frozen=True)
class PlacedCell:
    """A cell; where says it as 'notebooks/…/lesson.ipynb:12: cell 'quiz''. id: as the file has it, '' for none."""

    where: str
    cell: NotebookNode
    id: str = ""

    @property
    def source(self) -> str:
        return str(self.cell.source)

    @property
    def is_optional(self) -> bool:
        """Whether it stands in a notebook that goes deeper, in which nothing is graded."""
        return Path(self.where.partition(":")[0]).name.startswith(OPTIONAL)

    @cached_property
    def code(self) -> ast.Module | None:
        """The parsed code; None for text, for magics and for what is no Python."""
        if self.cell.cell_type != "code" or self.source.lstrip().startswith(("%", "!")):
            return None
        try:
            return ast.parse(self.source)
        except SyntaxError:
            return None


@dataclass(frozen=True)
class ChapterCells:
    """All cells of a chapter's source notebooks. folder: as it is told, notebooks/<slug>; path: where that is."""

    folder: str
    path: Path
    cells: tuple[PlacedCell, ...]
    repeated_ids: tuple[str, ...] = ()

    @cached_property
    def named(self) -> dict[str, PlacedCell]:
        """Cells by grade_id; of doubled ones the first."""
        found: dict[str, PlacedCell] = {}
        for placed in self.cells:
            if name := grade_id(placed.cell):
                found.setdefault(name, placed)
        return found


def named_cells(catalog: Catalog, chapter: Chapter) -> ChapterCells:
    """Reads the chapter's notebooks; CourseError where one is missing or broken."""
    folder, path = f"notebooks/{chapter.slug}", catalog.notebooks_folder(chapter.slug)
    cells: list[PlacedCell] = []
    repeated: list[str] = []
    for stem in source_notebooks(catalog, chapter.slug):
        seen: set[str] = set()
        for placed in placed_cells(path / f"{stem}.ipynb", f"{folder}/{stem}.ipynb")[1]:
            cells.append(placed)
            if not placed.id or placed.id in seen:
                repeated.append(placed.where)
            seen.add(placed.id)
    return ChapterCells(folder, path, tuple(cells), tuple(repeated))


def placed_cells(path: Path, shown: str) -> tuple[NotebookNode, tuple[PlacedCell, ...]]:
    """A readable notebook, and its cells with their places. shown: how messages call the file."""
    text = path.read_text(encoding="utf-8")
    notebook, lines, cells = nbformat.reads(text, as_version=4), text.splitlines(), []
    for raw, cell in zip(json.loads(text)["cells"], notebook.cells, strict=True):
        name = str(raw.get("id", ""))
        cells.append(PlacedCell(f"{shown}:{_line_of(lines, name)}: cell {name!r}", cell, name))
    return notebook, tuple(cells)


def _line_of(lines: list[str], cell_id: str) -> int:
    mark = f'"id": "{cell_id}"'
    return next((number for number, line in enumerate(lines, start=1) if mark in line), 1)


def notebook_problems(chapter: ChapterCells) -> Iterator[str]:
    """Faults of single cells."""
    for where in chapter.repeated_ids:
        yield f"{where} needs an id of its own in this notebook: answers and updates are found by it."
    for placed in chapter.cells:
        cell, where = placed.cell, placed.where
        if cell.cell_type == "code":
            yield from _code_problems(placed)
        elif cell.cell_type == "markdown":
            yield from _link_problems(placed, chapter.path)
        name = grade_id(cell)
        if name and placed.is_optional:
            yield f"{where} has the grade_id {name} in an optional notebook. Move it: nothing is graded there."
        if name and chapter.named[name] is not placed:
            yield f"{where}: the grade_id {name} stands twice in this chapter. Rename one."
        solution = bool(name and cell.metadata.nbgrader.get("solution"))
        if not solution and any(mark in placed.source for mark in _MARKS):
            yield f"{where} holds a solution and is no solution cell: learners would see it. Make it one."


def _code_problems(placed: PlacedCell) -> Iterator[str]:
    if placed.cell.outputs or placed.cell.execution_count is not None:
        yield f"{placed.where} holds outputs or an execution count. Clear all outputs and save."
    if placed.code is None and not placed.source.lstrip().startswith(("%", "!")):
        yield f"{placed.where} is not valid Python. Mend its syntax."


def _link_problems(placed: PlacedCell, folder: Path) -> Iterator[str]:
    """Links and pictures that name a file beside the notebook which is not there."""
    for token in MarkdownIt().parse(placed.source):
        for part in token.children or []:
            target = str(part.attrs.get("href") or part.attrs.get("src") or "")
            path = unquote(target.partition("#")[0])
            elsewhere = ":" in target or target.startswith("/") or not path
            if path == f"../{CONTENTS_PAGE}":
                yield (
                    f"{placed.where} links to the contents page, which is not there when a class fetches the chapter. "
                    "Leave the link out: the breadcrumb has it where it leads somewhere."
                )
            elif not elsewhere and not (folder / path).exists():
                yield f"{placed.where} links to {path}, which is not there. Add the file, or mend the link."


def call_problems(catalog: Catalog, chapter: Chapter, cells: ChapterCells, exercises: set[str]) -> Iterator[str]:
    """Calls of the front door that name another chapter, no part of the quiz, or no exercise; the quiz's own cell."""
    parts = _quiz_parts(catalog, chapter)
    for placed in cells.cells:
        for name, (first, *rest) in _front_door_calls(placed.code):
            if name == "check" and first not in exercises:
                yield f"{placed.where} checks {first!r}, which is no exercise of this chapter. Mend the name."
            if name in ("quiz", "feedback") and first != chapter.slug:
                yield f"{placed.where} shows the {name} of {first!r}. In this chapter it is {name}({chapter.slug!r})."
            elif name == "quiz" and parts and not parts.issuperset(rest):
                listed = ", ".join(sorted(map(str, parts)))
                yield f"{placed.where} shows a part {rest[0]!r} that the quiz does not have. Its parts: {listed}."
    yield from exact_source(cells, "quiz", f'quiz("{chapter.slug}")')


def _quiz_parts(catalog: Catalog, chapter: Chapter) -> set[object]:
    """Names of the parts that can be shown; none where the quiz is missing or faulty, which is told elsewhere."""
    try:
        return {PREDICTIONS, *(part.id for part in load_quiz(chapter.slug, catalog, SOURCE_LANGUAGE).parts)}
    except CourseError:
        return set()


def _front_door_calls(code: ast.Module | None) -> Iterator[tuple[str, list[object]]]:
    """Name and literal arguments of each call that says in words what it is about."""
    for node in ast.walk(code) if code else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FRONT_DOOR:
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            given: list[object] = [value.value for value in values if isinstance(value, ast.Constant)]
            if given and isinstance(given[0], str):
                yield node.func.id, given


def exact_source(cells: ChapterCells, name: str, source: str) -> Iterator[str]:
    """Complains unless there is a graded cell of that name which holds just this source."""
    if name not in cells.named:
        yield f"{cells.folder}: no cell has the grade_id {name}. Add a graded cell whose source is {source}."
        return
    placed = cells.named[name]
    if placed.source.strip() != source or not placed.cell.metadata.nbgrader.get("grade"):
        yield f"{placed.where} must be a graded cell whose source is just {source}."

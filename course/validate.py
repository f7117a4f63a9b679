"""Tells authors what is wrong in the course's files: one line each, with file, line and the mend.

Looks at the four rooms of each chapter and at how they fit together; changes nothing.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from course.catalog import Catalog, Chapter
from course.errors import CourseError
from course.exercises.base import Exercise
from course.exercises.lookup import chapter_exercises, find_judge
from course.grading.restore import grade_id
from course.quiz.validate import quiz_problems
from course.release import source_notebooks


def course_problems(catalog: Catalog) -> list[str]:
    """Every fault found, as 'file:line: what is wrong. The mend.'; empty if there is none."""
    problems: list[str] = []
    names: Counter[str] = Counter()
    for chapter in catalog.chapters:
        problems += _chapter_problems(catalog, chapter, names)
    problems += [
        f"course/chapters: the exercise {name} stands in more than one chapter. Rename one; names are how check() "
        "finds them."
        for name, count in names.items()
        if count > 1
    ]
    return problems


def _chapter_problems(catalog: Catalog, chapter: Chapter, names: Counter[str]) -> Iterator[str]:
    try:
        notebooks = source_notebooks(catalog, chapter.slug)
    except CourseError as error:
        yield str(error)
        return
    try:
        exercises = chapter_exercises(chapter)
    except ImportError as error:
        yield f"notebooks/contents.yml: the module of {chapter.slug} cannot be imported: {error}. Mend `module`."
        return
    names.update(list(exercises))
    yield from quiz_problems(chapter.slug, catalog)
    cells: dict[str, tuple[str, NotebookNode]] = {}
    for stem, notebook in notebooks.items():
        path = catalog.notebooks_folder(chapter.slug) / f"{stem}.ipynb"
        yield from _notebook_problems(path, catalog.root, notebook, cells)
    for exercise in exercises.values():
        yield from _exercise_problems(chapter, exercise, cells)
    if catalog.quiz_file(chapter.slug).is_file():
        yield from _one_line(cells, "quiz", f'quiz("{chapter.slug}")', f"notebooks/{chapter.slug}")


def _notebook_problems(
    path: Path, root: Path, notebook: NotebookNode, cells: dict[str, tuple[str, NotebookNode]]
) -> Iterator[str]:
    """Faults of the cells; adds each named cell to cells, with where it stands."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for cell in notebook.cells:
        where = f"{path.relative_to(root)}:{_line_of(lines, cell.get('id', ''))}: cell {cell.get('id')!r}"
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None):
            yield f"{where} holds outputs or an execution count. Clear all outputs and save."
        if cell.cell_type == "code" and not _compiles(cell.source):
            yield f"{where} is not valid Python. Mend its syntax."
        name = grade_id(cell)
        if name and name in cells:
            yield f"{where}: the grade_id {name} stands twice in this chapter. Rename one."
        if name:
            cells[name] = (where, cell)


def _line_of(lines: list[str], cell_id: str) -> int:
    mark = f'"id": "{cell_id}"'
    return next((number for number, line in enumerate(lines, start=1) if mark in line), 1)


def _compiles(source: str) -> bool:
    if source.lstrip().startswith(("%", "!")):
        return True
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _exercise_problems(
    chapter: Chapter, exercise: Exercise, cells: dict[str, tuple[str, NotebookNode]]
) -> Iterator[str]:
    name, place = exercise.entry, f"notebooks/{chapter.slug}"
    try:
        find_judge(chapter, name)
    except KeyError:
        yield f"course/chapters/{chapter.module}/judges.py: there is no judge of {name}. Add one to JUDGES."
    yield from _one_line(cells, name, f'check("{name}")', place)
    if name in cells:
        where, cell = cells[name]
        points = float(cell.metadata.nbgrader.get("points", 0))
        if points != exercise.points:
            yield f"{where} gives {points} points, {type(exercise).__name__} gives {exercise.points}. Make them equal."
    solution = f"{name}-solution"
    if solution not in cells:
        yield f"{place}: no cell has the grade_id {solution}. Add the solution cell."
        return
    where, cell = cells[solution]
    if "### BEGIN SOLUTION" not in cell.source or "### END SOLUTION" not in cell.source:
        yield f"{where} does not mark its solution. Put it between ### BEGIN SOLUTION and ### END SOLUTION."


def _one_line(cells: dict[str, tuple[str, NotebookNode]], name: str, source: str, place: str) -> Iterator[str]:
    if name not in cells:
        yield f"{place}: no cell has the grade_id {name}. Add a graded cell whose source is {source}."
        return
    where, cell = cells[name]
    if cell.source.strip() != source or not cell.metadata.nbgrader.get("grade"):
        yield f"{where} must be a graded cell whose source is just {source}."

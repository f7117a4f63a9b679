"""A small class of odd submissions, made from a seed, and what each place says of it."""

import csv
import io
import json
import random
import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback

from course.catalog import load_catalog
from course.grading.gradebook.store import ClassFolder
from course.notebooks.restore import grade_id
from course.quiz.model import load_quiz
from course.quiz.record import Recorder
from course.report.read import read_class
from course.report.statistics import report_of
from course.verdict import format_points
from tests.platform.tiny import SLUG, WRONG, copy_course, reference_solutions, write_submission

EXERCISES = ("standardise", "running_sum", "first_peak")
GRADED = (*EXERCISES, "squares", "explain_scaling", "quiz")
Notebook = dict[str, Any]
Change = Callable[[random.Random, Path], None]


def small_course(root: Path) -> Path:
    """The course with a plain nbgrader test among its exercises, and a lesson of a few cells."""
    copy_course(root)
    folder = root / "notebooks" / SLUG
    exercises = nbformat.read(folder / "exercises.ipynb", as_version=4)
    kept = {*EXERCISES, *(f"{name}-solution" for name in EXERCISES), "explain_scaling"}
    exercises.cells = [cell for cell in exercises.cells if grade_id(cell) in kept] + [*plain_task()]
    exercises.cells.insert(0, new_code_cell("import numpy as np\n\nfrom course import check", id="first"))
    nbformat.write(exercises, folder / "exercises.ipynb")
    lesson = nbformat.read(folder / "lesson.ipynb", as_version=4)
    lesson.cells = [*lesson.cells[:2], *(cell for cell in lesson.cells if grade_id(cell) == "quiz")]
    nbformat.write(lesson, folder / "lesson.ipynb")
    return root


def plain_task() -> list[NotebookNode]:
    """An exercise as nbgrader knows it: a solution cell, and a test cell that asserts."""
    shared = {"locked": False, "schema_version": 3, "task": False}
    answer = new_code_cell(
        "def squares(n):\n    ### BEGIN SOLUTION\n    return n * n\n    ### END SOLUTION", id="plain-1"
    )
    answer.metadata["nbgrader"] = {**shared, "grade": False, "solution": True, "grade_id": "squares-solution"}
    test = new_code_cell("assert squares(3) == 9", id="plain-2")
    test.metadata["nbgrader"] = {**shared, "grade": True, "solution": False, "grade_id": "squares", "locked": True}
    test.metadata["nbgrader"]["points"] = 2
    return [answer, test]


def solutions(rng: random.Random) -> dict[str, str]:
    """For each task a right, a wrong, an empty or a broken answer."""
    right = {**reference_solutions(), "squares": "def squares(n):\n    return n * n"}
    chosen = {}
    for name in (*EXERCISES, "squares", "explain_scaling"):
        kind = rng.choice(["right", "right", "wrong", "empty", "broken"])
        if kind == "right":
            chosen[name] = right[name]
        elif kind == "wrong":
            chosen[name] = (
                rng.choice(sorted(WRONG[name].values())) if name in WRONG else "def squares(n):\n    return 7"
            )
        elif kind == "broken":
            chosen[name] = f"def {name}(x:\n    return"
    return chosen


def hand_in(root: Path, student: str, rng: random.Random) -> None:
    folder = write_submission(root / "class" / "submitted" / student / SLUG, solutions(rng), root)
    if rng.random() < 0.7:
        recorder = Recorder(folder, SLUG)
        for question in load_quiz(SLUG, load_catalog(root)).graded:
            recorder.record("answers", question.id, rng.choice(question.options).id)  # type: ignore[union-attr]
    for _change in range(rng.choice([0, 1, 1, 2])):
        rng.choice(CHANGES)(rng, folder)


def on_cells(change: Callable[[random.Random, list[Any]], None]) -> Change:
    """Changes the list of cells in the exercises' file, if that can still be read."""

    def on_file(rng: random.Random, folder: Path) -> None:
        path = folder / "exercises.ipynb"
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
            change(rng, notebook["cells"])
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return
        path.write_text(json.dumps(notebook), encoding="utf-8")

    return on_file


def on_file(change: Callable[[bytes], bytes | None]) -> Change:
    """Changes the bytes of one of the two notebooks; None removes it."""

    def changed(rng: random.Random, folder: Path) -> None:
        path = folder / rng.choice(["exercises.ipynb", "exercises.ipynb", "lesson.ipynb"])
        if path.is_file():
            content = change(path.read_bytes())
            path.unlink()
            if content is not None:
                path.write_bytes(content)

    return changed


def _delete(rng: random.Random, cells: list[Any]) -> None:
    for _cell in range(rng.randint(1, 4)):
        del cells[rng.randrange(len(cells))]


def _double(rng: random.Random, cells: list[Any]) -> None:
    cells.insert(rng.randint(0, len(cells)), deepcopy(rng.choice(cells)))


def _double_with_other_text(rng: random.Random, cells: list[Any]) -> None:
    cell = deepcopy(rng.choice(cells))
    cell["source"] = "# A copy\n" + "".join(cell["source"])
    cells.insert(rng.randint(0, len(cells)), cell)


def _retype(rng: random.Random, cells: list[Any]) -> None:
    cell = rng.choice(cells)
    cell["cell_type"] = rng.choice(["markdown", "raw", "code", "heading"])


def _merge(rng: random.Random, cells: list[Any]) -> None:
    place = rng.randrange(len(cells) - 1)
    cells[place]["source"] = "".join(cells[place]["source"]) + "\n\n" + "".join(cells.pop(place + 1)["source"])


def _move(rng: random.Random, cells: list[Any]) -> None:
    cells.insert(rng.randint(0, len(cells)), cells.pop(rng.randrange(len(cells))))


def _forget_names(rng: random.Random, cells: list[Any]) -> None:
    for cell in cells:
        if rng.random() < 0.8:
            cell["metadata"] = {}


def _forget_a_name(rng: random.Random, cells: list[Any]) -> None:
    rng.choice(cells)["metadata"] = rng.choice([{}, {"nbgrader": 7}, {"nbgrader": {"grade_id": "squares"}}])


def _write_beside(rng: random.Random, cells: list[Any]) -> None:
    source = rng.choice(["My answer is here.", "def squares(n):\n    return n ** 2", "x = 1"])
    make = rng.choice([new_code_cell, new_markdown_cell])
    cells.insert(rng.randint(0, len(cells)), make(source))


ENDINGS = (
    "import os; os._exit(1)",
    "import IPython; IPython.Application.instance().kernel.do_shutdown(True)",
    "exit()",
    "raise RuntimeError('mine')",
    "get_ipython().showtraceback = None",
)


def _end_the_kernel(rng: random.Random, cells: list[Any]) -> None:
    cells.insert(rng.randint(0, len(cells)), new_code_cell(rng.choice(ENDINGS)))


CHANGES: list[Change] = [
    *map(on_cells, (_delete, _double, _double_with_other_text, _retype, _merge, _move, _forget_names, _forget_a_name)),
    *map(on_cells, (_write_beside, _write_beside, _end_the_kernel)),
    *map(on_file, (lambda _old: None, lambda old: old[: len(old) // 2], lambda _old: b"hello", lambda _old: b"")),
    on_file(lambda _old: json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()),
]


def gradebook_of(root: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks")


Cells = dict[str, tuple[float, float, bool]]  # points so far, out of, waits for a person


def in_gradebook(root: Path) -> dict[str, Cells]:
    with gradebook_of(root) as book:
        return {
            submission.student.id: {
                grade.name: (grade.score, grade.max_score, grade.needs_manual_grade)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in book.assignment_submissions(SLUG)
        }


def in_rows(rows: dict[str, dict[str, Any]]) -> dict[str, Cells]:
    return {
        student: {
            name: (cell["score"] or 0.0, cell["max_score"], cell["needs_manual_grade"])
            for name, cell in row["cells"].items()
        }
        for student, row in rows.items()
    }


def in_formgrader(root: Path) -> dict[str, tuple[float, float, bool]]:
    """Score, maximum and whether it waits, as nbgrader's own pages list the submissions."""
    from nbgrader.apps.api import NbGraderAPI

    class_folder = ClassFolder(load_catalog(root))
    listed = NbGraderAPI(class_folder.course, config=class_folder.settings).get_submissions(SLUG)
    return {each["student"]: (each["score"], each["max_score"], each["needs_manual_grade"]) for each in listed}


def in_cells_export(root: Path) -> dict[str, Cells]:
    from course.grading.gradebook.export import CellsExporter

    found: dict[str, Cells] = {}
    for row in exported(root, CellsExporter):
        points = float(row["score"] or 0)
        waits = row["needs_manual_grade"] == "yes"
        assert waits == (row["score"] == "")
        found.setdefault(row["student"], {})[row["cell"]] = (points, float(row["max_score"]), waits)
    return found


def exported(root: Path, exporter: Any) -> list[dict[str, str]]:
    target = root / "export.csv"
    with gradebook_of(root) as book:
        exporter(to=str(target)).export(book)
    return list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))


def in_canvas_and_moodle(root: Path) -> dict[str, tuple[str, str]]:
    """'' for who is left out there."""
    from course.grading.gradebook.export import CanvasExporter, MoodleExporter

    with gradebook_of(root) as book:
        students = [student.id for student in book.students]
        for number, student in enumerate(students, 1):
            book.update_or_create_student(student, lms_user_id=str(number), email=f"{student}@example.org")
    canvas = {row["SIS Login ID"]: row[SLUG] for row in exported(root, CanvasExporter)}
    moodle = {row["Email address"].partition("@")[0]: row[SLUG] for row in exported(root, MoodleExporter)}
    return {student: (canvas.get(student, ""), moodle.get(student, "")) for student in students}


def in_report(root: Path) -> dict[str, tuple[float, float]]:
    catalog = load_catalog(root)
    report = report_of(read_class(ClassFolder(catalog), SLUG), load_quiz(SLUG, catalog))
    return {each.name: (each.score, each.max_score) for each in report.students}


def in_feedback(root: Path) -> dict[str, dict[str, str]]:
    """What the table of points says of each cell in the page that nbgrader's command writes."""
    class_folder = ClassFolder(load_catalog(root))
    class_folder.course.assignment_id = SLUG
    GenerateFeedback(coursedir=class_folder.course, config=class_folder.settings).start()
    found: dict[str, dict[str, str]] = {}
    line = r'<tr><th scope="row"><a href="#([\w-]+)">.*?</a></th><td>(.*?)</td><td class="number">(.*?)</td></tr>'
    for page in (root / "class" / "feedback").glob(f"*/{SLUG}/feedback.html"):
        lines = re.findall(line, page.read_text(encoding="utf-8"))
        found[page.parent.parent.name] = {
            name: f"{points}, {how}" if "waits" in how else points for name, how, points in lines
        }
    return found


def as_feedback_says(cells: Cells) -> dict[str, str]:
    told = {}
    for name, (score, most, waits) in cells.items():
        points = f"{format_points(score)} / {format_points(most)}"
        open_points = points if score else f"– / {format_points(most)}"
        told[name] = f"{open_points}, waits for a person to grade it" if waits else points
    return told

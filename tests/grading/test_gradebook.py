"""Scores as the one writer stores them: row by row what nbgrader's own steps store, penalties for lateness too."""

from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades

from course.catalog import load_catalog
from course.grading.gradebook import ClassFolder
from course.grading.restore import grade_id
from course.release import grading_template
from tests.conftest import SLUG, exercise_points, write_submission

POINTS = 1.5


@pytest.fixture
def class_folder(course_copy: Path) -> ClassFolder:
    """The assignment is due before anybody hands in, and who is late gets nothing."""
    with (course_copy / "nbgrader_config.py").open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    folder = ClassFolder(load_catalog(course_copy))
    folder.require_assignment(SLUG)
    with Gradebook(folder.course.db_url, "neural-networks") as gradebook:
        gradebook.update_or_create_assignment(SLUG, duedate=datetime(2026, 1, 1))
    return folder


def judged(root: Path) -> dict[str, NotebookNode]:
    """Every exercise with the same points, one solution changed, the others as handed out."""
    notebooks = grading_template(load_catalog(root), SLUG)
    for notebook in notebooks.values():
        for cell in notebook.cells:
            if grade_id(cell) in exercise_points():
                data = {"text/plain": str(POINTS)}
                cell.outputs = [new_output("execute_result", data=data, execution_count=1)]
            if grade_id(cell) in {"inverted_dropout-solution", "explain_inference"}:
                cell.source += "\nmine"
    return notebooks


def submitted(root: Path, student: str, timestamp: str) -> Path:
    folder = write_submission(root / "class" / "submitted" / student / SLUG, {})
    (folder / "timestamp.txt").write_text(timestamp)
    return folder


def stored(folder: ClassFolder, student: str) -> dict[str, Any]:
    with Gradebook(folder.course.db_url, "neural-networks") as gradebook:
        submission = gradebook.find_submission(SLUG, student)
        return {
            "timestamp": submission.timestamp,
            "score": submission.score,
            "penalties": {n.name: n.late_submission_penalty for n in submission.notebooks},
            "grades": {
                g.name: (g.auto_score, g.manual_score, g.needs_manual_grade)
                for n in submission.notebooks
                for g in n.grades
            },
            "comments": {c.name: c.auto_comment for n in submission.notebooks for c in n.comments},
        }


def store_by_nbgrader(folder: ClassFolder, student: str, notebooks: dict[str, NotebookNode], timestamp: str) -> None:
    with Gradebook(folder.course.db_url, "neural-networks") as gradebook:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission(SLUG, student, timestamp=timestamp)
    for step in (SaveAutoGrades, AssignLatePenalties):
        for name, notebook in notebooks.items():
            names = {"assignment": SLUG, "student": student, "notebook": name, "db_url": folder.course.db_url}
            step(config=folder.settings).preprocess(notebook, {"nbgrader": names})


def test_what_is_stored_equals_what_nbgraders_own_steps_store(class_folder: ClassFolder) -> None:
    root = class_folder.catalog.root
    notebooks = judged(root)
    texts = {name: nbformat.writes(notebook) for name, notebook in notebooks.items()}
    full = {}
    for student, timestamp in {"early": "2025-12-24 10:00:00 UTC", "late": "2026-02-01 10:00:00 UTC"}.items():
        store_by_nbgrader(class_folder, f"{student}-by-nbgrader", notebooks, timestamp)
        class_folder.store(SLUG, student, texts, submitted(root, student, timestamp))
        full[student] = stored(class_folder, student)
        assert full[student] == stored(class_folder, f"{student}-by-nbgrader")
        assert full[student]["grades"]["inverted_dropout"] == (POINTS, None, False)
    assert full["early"]["score"] >= POINTS * len(exercise_points())
    assert sum(full["late"]["penalties"].values()) == full["late"]["score"] > 0

    with Gradebook(class_folder.course.db_url, "neural-networks") as gradebook:
        gradebook.find_grade("explain_inference", "exercises", SLUG, "late").manual_score = 2
        gradebook.db.commit()
    class_folder.store(SLUG, "late", texts, submitted(root, "late", "2025-12-24 10:00:00 UTC"))
    again = stored(class_folder, "late")
    assert set(again["penalties"].values()) == {None}
    assert again["grades"]["explain_inference"] == (None, 2, True)
    assert again["score"] == full["early"]["score"] + 2

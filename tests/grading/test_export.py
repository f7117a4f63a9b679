"""Grades for Canvas, Moodle and a spreadsheet, by nbgrader's own command, on a gradebook that nbgrader made."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.conftest import SLUG, environment

CELLS = {"inverted_dropout": 4.0, "explain_inference": 3.0}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada is graded and late, Ben waits for a person, Cleo handed nothing in; Dora's name is a formula."""
    from tests.conftest import copy_course

    course = copy_course(tmp_path_factory.mktemp("export") / "course")
    (course / "class").mkdir()
    with Gradebook(f"sqlite:///{course}/class/gradebook.db", "neural-networks") as book:
        book.add_assignment(SLUG)
        book.add_notebook("exercises", SLUG)
        for name, points in CELLS.items():
            book.add_grade_cell(name, "exercises", SLUG, max_score=points, cell_type="code")
        book.add_student("ada", first_name="Ada", last_name="Lind", email="ada@example.org", lms_user_id="71")
        book.add_student("ben", first_name="Ben", last_name="Berg", email="ben@example.org")
        book.add_student("cleo", first_name="Cleo", last_name="Rao")
        book.add_student("dora", first_name="Dora", last_name="=1+1")
        for student, by_hand in (("ada", 2.0), ("ben", None), ("dora", 3.0)):
            submission = book.add_submission(SLUG, student)
            for cell in CELLS:
                grade = book.find_grade(cell, "exercises", SLUG, student)
                grade.auto_score = 2.5 if cell == "inverted_dropout" else None
                grade.manual_score = by_hand if cell == "explain_inference" else None
                grade.needs_manual_grade = by_hand is None and cell == "explain_inference"
            if student == "ada":
                submission.notebooks[0].late_submission_penalty = 1.0
        book.db.commit()
    return course


def exported(root: Path, exporter: str, *options: str) -> tuple[list[list[str]], str]:
    target = root / f"{exporter}.csv"
    command = [sys.executable, "-m", "nbgrader", "export", "--exporter", f"course.grading.export.{exporter}"]
    run = subprocess.run(
        [*command, "--to", str(target), *options],
        cwd=root,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file)), run.stderr


def test_canvas(root: Path) -> None:
    (columns, possible, *rows), told = exported(root, "CanvasExporter", "--CanvasExporter.canvas_id=4711")
    assert columns == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{SLUG} (4711)"]
    assert possible == ["    Points Possible", "", "", "", "", "7.0"]
    assert rows == [
        ["'=1+1, Dora", "", "", "dora", "", "5.5"],
        ["Berg, Ben", "", "", "ben", "", ""],
        ["Lind, Ada", "71", "", "ada", "", "3.5"],
        ["Rao, Cleo", "", "", "cleo", "", ""],
    ]
    assert f"{SLUG} of ben waits for a person's grading" in told


def test_moodle(root: Path) -> None:
    (columns, *rows), _told = exported(root, "MoodleExporter", "--ExportPlugin.student=['ada', 'ben']")
    assert columns == ["Email address", "ID number", "Full name", SLUG, f"{SLUG} feedback"]
    told = "explain_inference 2/3; inverted_dropout 2.5/4"
    assert rows == [
        ["ben@example.org", "ben", "Berg, Ben", "", ""],
        ["ada@example.org", "71", "Lind, Ada", "3.5", told],
    ]


def test_every_cell(root: Path) -> None:
    (columns, *rows), _told = exported(root, "CellsExporter")
    found = {(row[1], row[4]): dict(zip(columns, row, strict=True)) for row in rows}
    assert len(found) == 6
    assert found["ada", "inverted_dropout"]["score"] == "2.5"
    assert found["ben", "explain_inference"]["score"] == ""
    assert found["ben", "explain_inference"]["needs_manual_grade"] == "yes"
    assert found["dora", "explain_inference"]["max_score"] == "3.0"

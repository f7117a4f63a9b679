"""Grades for Canvas, Moodle and a spreadsheet, by nbgrader's own command, on a gradebook that nbgrader made."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.platform.tiny import SLUG, copy_course, environment

CELLS = {"standardise": 4.0, "explain_scaling": 3.0}
EMPTY = "9-9-nothing-graded"
NBGRADERS_COLUMNS = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"]
NBGRADERS_COLUMNS += ["raw_score", "late_submission_penalty", "score", "max_score"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One student of each kind.

    Ada is graded and late, Ben waits for a person, Cleo handed nothing in, Dora's name is a formula. Emil's points are
    floats that do not add up, and he has extra credit; Fay's mark was opened again; Gil's work is not graded yet; Hal
    is so late that nothing is left. The second assignment has nothing that is graded.
    """

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
        for student in ("emil", "fay", "gil", "hal"):
            book.add_student(student)
        book.add_assignment(EMPTY, duedate="2030-05-01 18:00:00 UTC")
        book.add_submission(EMPTY, "ada")
        grades = {"ada": (2.5, 2.0), "ben": (2.5, None), "dora": (2.5, 3.0)}
        for student, (judged, by_hand) in {**grades, "emil": (0.1, 0.2), "fay": (2.5, 3.0), "hal": (0.5, 0.0)}.items():
            notebook = book.add_submission(SLUG, student).notebooks[0]
            automatic = book.find_grade("standardise", "exercises", SLUG, student)
            automatic.auto_score, automatic.needs_manual_grade = judged, False
            automatic.extra_credit = 0.4 if student == "emil" else None
            written = book.find_grade("explain_scaling", "exercises", SLUG, student)
            written.manual_score, written.needs_manual_grade = by_hand, student in {"ben", "fay"}
            notebook.late_submission_penalty = {"ada": 1.0, "hal": 2.0}.get(student)
        book.db.commit()
    (course / "class" / "submitted" / "gil" / SLUG).mkdir(parents=True)
    return course


def exported(root: Path, exporter: str | None, *options: str) -> tuple[list[list[str]], str]:
    target = root / f"{exporter}.csv"
    command = [sys.executable, "-m", "nbgrader", "export", "--to", str(target)]
    if exporter:
        command += ["--exporter", f"course.grading.gradebook.export.{exporter}"]
    run = subprocess.run([*command, *options], cwd=root, env=environment(), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file)), run.stderr


def test_plain_nbgrader_export_leaves_open_what_is_open(root: Path) -> None:
    (columns, *rows), told = exported(root, None)
    assert columns[:11] == NBGRADERS_COLUMNS
    found = {(row[0], row[3]): dict(zip(columns, row, strict=True)) for row in rows}
    shown = ("raw_score", "late_submission_penalty", "score", "max_score", "needs_manual_grade")
    assert {who: [row[name] for name in shown] for (assignment, who), row in found.items() if assignment == SLUG} == {
        "ada": ["4.5", "1.0", "3.5", "7.0", "no"],
        "ben": ["", "0.0", "", "7.0", "yes"],
        "cleo": ["0.0", "0.0", "0.0", "7.0", "no"],
        "dora": ["5.5", "0.0", "5.5", "7.0", "no"],
        "emil": ["0.7", "0.0", "0.7", "7.0", "no"],
        "fay": ["", "0.0", "", "7.0", "yes"],
        "gil": ["", "0.0", "", "7.0", "yes"],
        "hal": ["0.5", "2.0", "0.0", "7.0", "no"],
    }
    assert [found[EMPTY, "ada"][name] for name in shown] == ["0.0", "0.0", "0.0", "0.0", "no"]
    assert f"{SLUG} of gil is not graded yet" in told


def test_canvas(root: Path) -> None:
    (columns, possible, *rows), told = exported(
        root, "CanvasExporter", "--CanvasExporter.canvas_id=4711", f"--assignment=['{SLUG}']"
    )
    assert columns == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{SLUG} (4711)"]
    assert possible == ["    Points Possible", "", "", "", "", "7.0"]
    assert {row[3]: row[5] for row in rows} == {
        "ada": "3.5", "ben": "", "cleo": "", "dora": "5.5", "emil": "0.7", "fay": "", "gil": "", "hal": "0.0"
    }  # fmt: skip
    assert ["'=1+1, Dora", "", "", "dora", "", "5.5"] in rows
    assert ["Lind, Ada", "71", "", "ada", "", "3.5"] in rows
    assert f"{SLUG} of ben waits for a person's grading" in told


def test_moodle(root: Path) -> None:
    options = ("--ExportPlugin.student=['ada', 'ben', 'cleo', 'fay']", f"--assignment=['{SLUG}']")
    (columns, *rows), _told = exported(root, "MoodleExporter", *options)
    assert columns == ["Email address", "ID number", "Full name", SLUG, f"{SLUG} feedback"]
    waits = "explain_scaling waits; standardise 2.5/4"
    assert sorted(rows) == [
        ["", "cleo", "Rao, Cleo", "", ""],
        ["", "fay", "fay", "", waits],
        ["ada@example.org", "71", "Lind, Ada", "3.5", "explain_scaling 2/3; standardise 2.5/4; late −1"],
        ["ben@example.org", "ben", "Berg, Ben", "", waits],
    ]


def test_every_cell(root: Path) -> None:
    (columns, *rows), _told = exported(root, "CellsExporter")
    found = {(row[1], row[4]): dict(zip(columns, row, strict=True)) for row in rows}
    assert len(found) == 12
    assert found["ada", "standardise"]["score"] == "2.5"
    assert found["emil", "standardise"]["score"] == "0.5"
    assert found["ben", "explain_scaling"]["score"] == ""
    assert found["ben", "explain_scaling"]["needs_manual_grade"] == "yes"
    assert found["fay", "explain_scaling"]["score"] == ""
    assert found["dora", "explain_scaling"]["max_score"] == "3.0"

"""Grades for Canvas, Moodle and a spreadsheet, by nbgrader's own command, on a gradebook that nbgrader made."""

import csv
import subprocess
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.errors import UsageError
from course.grading.gradebook.canvas_column import canvas_column
from course.rules.read import COURSE_FILE
from tests.commands import run_module
from tests.platform.grading.test_languages import SPANISH, english_in, set_rules
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
        for number, student in enumerate(("emil", "fay", "gil", "hal"), 81):
            book.add_student(student, lms_user_id=str(number))
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
    run = export(root, target, exporter, *options)
    assert run.returncode == 0, run.stderr
    with target.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file)), run.stderr


def export(root: Path, target: Path, exporter: str | None, *options: str) -> subprocess.CompletedProcess[str]:
    command = ["nbgrader", "export", "--to", str(target)]
    if exporter:
        command += ["--exporter", f"course.grading.gradebook.export.{exporter}"]
    return run_module((*command, *options), root, environment())


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
    assert f"Left empty in {SLUG}: ben, fay. Their work waits for a person's grading." in told
    assert f"Left empty in {SLUG}: gil. Their work is not graded yet." in told


ONE = f"--assignment=['{SLUG}']"
GRADEBOOK = """\ufeffStudent,ID,SIS Login ID,Section,Old Dropout (41),Tiny (4711),Final Score
    Points Possible,,,,10.00,100.00,(read only)
"Lind, Ada",71,ada,A,,,
"Someone, Emil",81,emil,A,,,
"""


def test_canvas_gets_whole_grades_of_people_whom_it_knows(root: Path) -> None:
    (columns, *rows), told = exported(root, "CanvasExporter", "--CanvasExporter.column=Tiny (4711)", ONE)
    assert columns == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Tiny (4711)"]
    assert sorted(rows) == [
        ["Lind, Ada", "71", "", "ada", "", "3.5"],
        ["emil", "81", "", "emil", "", "0.7"],
        ["hal", "84", "", "hal", "", "0.0"],
    ]
    for left_out in (
        "Left out: ben, fay. Their work waits for a person's grading.",
        "Left out: cleo. They have handed nothing in.",
        "Left out: dora. Their number in Canvas is not known: take in Canvas's list with `course roster`.",
        "Left out: gil. Their work is not graded yet.",
    ):
        assert left_out in told
    assert (root / "CanvasExporter.csv").read_bytes().startswith(b"\xef\xbb\xbfStudent,ID,")


@pytest.fixture(scope="module")
def large_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada is graded; four wait for a person, six have handed nothing in."""
    course = copy_course(tmp_path_factory.mktemp("large") / "course")
    (course / "class").mkdir()
    with Gradebook(f"sqlite:///{course}/class/gradebook.db", "neural-networks") as book:
        book.add_assignment(SLUG)
        book.add_notebook("exercises", SLUG)
        book.add_grade_cell("standardise", "exercises", SLUG, max_score=4.0, cell_type="code")
        for student in ("ada", "w1", "w2", "w3", "w4", "w5", "w6"):
            book.add_student(student, lms_user_id="7", email=f"{student}@example.org")
            book.add_submission(SLUG, student)
            grade = book.find_grade("standardise", "exercises", SLUG, student)
            grade.auto_score, grade.needs_manual_grade = 2.5, student != "ada"
        for number in range(5):
            book.add_student(f"n{number}", lms_user_id="8")
        book.db.commit()
    return course


@pytest.mark.parametrize(("exporter", "begins"), [("CanvasExporter", "Left out"), (None, f"Left empty in {SLUG}")])
def test_of_more_than_five_the_number_is_told_and_the_first_names(
    large_class: Path, exporter: str | None, begins: str
) -> None:
    _rows, told = exported(large_class, exporter)
    assert f"{begins}: 6 (w1, w2, w3, w4, w5, …). Their work waits for a person's grading." in told
    assert "w6" not in told
    if exporter:
        assert "Left out: n0, n1, n2, n3, n4. They have handed nothing in." in told


@pytest.mark.parametrize("exporter", ["CanvasExporter", "MoodleExporter", "GradesExporter"])
@pytest.mark.parametrize("rules", SPANISH)
def test_an_export_speaks_the_language_that_is_set(large_class: Path, exporter: str, rules: str) -> None:
    set_rules(large_class, rules)
    run = export(large_class, large_class / "spanish.csv", exporter)
    (large_class / COURSE_FILE).unlink()
    assert "6 (w1, w2, w3, w4, w5, …). El trabajo espera la calificación de una persona." in run.stderr
    assert "Las notas están en" in run.stderr
    assert english_in(run, large_class) == []
    if exporter == "MoodleExporter":
        assert "standardise 2,5/4" in (large_class / "spanish.csv").read_text()


def test_a_column_that_canvas_has_not_is_made_with_its_points(root: Path) -> None:
    (columns, possible, *rows), told = exported(root, "CanvasExporter", ONE)
    assert columns[5] == SLUG
    assert possible == ["    Points Possible", "", "", "", "", "7.0"]
    assert len(rows) == 3
    assert f"Canvas will make a new assignment {SLUG}." in told


def test_the_column_is_found_in_canvass_own_gradebook(root: Path, tmp_path: Path) -> None:
    (tmp_path / "from-canvas.csv").write_text(GRADEBOOK, encoding="utf-8")
    options = (f"--CanvasExporter.canvas_gradebook={tmp_path}/from-canvas.csv", ONE)
    (columns, *rows), told = exported(root, "CanvasExporter", *options)
    assert columns[5] == "Tiny (4711)"
    assert sorted(row[1] for row in rows) == ["71", "81"]
    assert "Left out: hal. They are not in Canvas's gradebook." in told
    assert "In Canvas Tiny (4711) has 100 points, and here 7: Canvas takes the points as they are." in told


@pytest.mark.parametrize("wanted", ["", "Tiny (4711)", "4711", " 4711 "])
def test_a_column_is_called_by_its_header_or_number_or_found_by_its_title(tmp_path: Path, wanted: str) -> None:
    path = tmp_path / "from-canvas.csv"
    path.write_text(GRADEBOOK, encoding="utf-8")
    found = canvas_column(SLUG, wanted, path)
    assert (found.header, found.new, found.possible) == ("Tiny (4711)", False, 100.0)
    assert canvas_column(SLUG, "4711", None).header == f"{SLUG} (4711)"


@pytest.mark.parametrize(
    ("wanted", "file", "reason"),
    [
        ("Tiny", None, "Tiny is no column of Canvas's"),
        ("99", "g.csv", "is 99? Say it by --CanvasExporter.column='…'. There are: Old Dropout (41), Tiny (4711)."),
        ("", "twice.csv", f"is {SLUG}? Say it by --CanvasExporter.column='…'. There are: Tiny (1), {SLUG} (2)."),
        ("", "none.csv", "none.csv cannot be read"),
        ("", "list.csv", "list.csv is no gradebook that Canvas has exported"),
    ],
)
def test_a_column_that_is_not_clear_is_told(tmp_path: Path, wanted: str, file: str | None, reason: str) -> None:
    (tmp_path / "g.csv").write_text(GRADEBOOK, encoding="utf-8")
    (tmp_path / "list.csv").write_text("id,name\nada,Ada\n", encoding="utf-8")
    (tmp_path / "twice.csv").write_text(f"Student,ID,Section,Tiny (1),{SLUG} (2)\n", encoding="utf-8")
    with pytest.raises(UsageError) as fault:
        canvas_column(SLUG, wanted, tmp_path / file if file else None)
    assert reason in str(fault.value)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--CanvasExporter.column=Tiny", ONE], "Tiny is no column of Canvas's"),
        ([], f"holds one assignment, as empty cells erase grades: add --assignment NAME ({SLUG}, {EMPTY})"),
    ],
)
def test_what_cannot_be_imported_is_not_written(root: Path, options: list[str], reason: str) -> None:
    target = root / "not-written.csv"
    run = export(root, target, "CanvasExporter", *options)
    assert run.returncode == 2
    assert reason in run.stderr
    assert "Traceback" not in run.stderr
    assert not target.exists()


def test_moodle_gets_whole_grades_of_people_whom_it_knows(root: Path) -> None:
    (columns, *rows), told = exported(root, "MoodleExporter", ONE)
    assert columns == ["Email address", "Full name", SLUG, f"{SLUG} feedback"]
    assert rows == [["ada@example.org", "Lind, Ada", "3.5", "explain_scaling 2/3; standardise 2.5/4; late −1"]]
    assert "Left out: dora, emil, hal. Their e-mail address is not known: take in Moodle's list" in told
    assert "Left out: ben, fay. Their work waits for a person's grading." in told
    assert (root / "MoodleExporter.csv").read_bytes().startswith(b"\xef\xbb\xbfEmail")


@pytest.mark.parametrize(
    ("person", "title", "keys"),
    [("idnumber", "ID number", ["71", "81", "84"]), ("username", "Username", ["ada", "dora", "emil", "hal"])],
)
def test_moodle_may_know_people_by_another_key(root: Path, person: str, title: str, keys: list[str]) -> None:
    (columns, *rows), _told = exported(root, "MoodleExporter", f"--MoodleExporter.person={person}", ONE)
    assert columns[0] == title
    assert sorted(row[0] for row in rows) == keys
    assert all(row[2] for row in rows)


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

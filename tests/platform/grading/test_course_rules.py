"""What an instructor sets in course.yml, as a class meets it: points in every place, due dates, points off, quizzes."""

import json
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from course.catalog import load_catalog
from course.exercises.check import check_candidate
from course.grading import schedule
from course.grading.gradebook.store import ClassFolder
from course.grading.run import grade_folder
from course.grading.task import content_key, pack
from course.notebooks.release import nbgrader_settings, release
from course.notebooks.restore import grade_id
from course.quiz.model import load_quiz
from course.quiz.record import Recorder
from course.quiz.scoring import score_quiz
from course.report.page import write_report
from course.rules.read import COURSE_FILE
from tests.platform.grading.test_stock_nbgrader import command
from tests.platform.tiny import SLUG, copy_course, defined, reference_solutions, write_submission

RIGHT = reference_solutions()
POINTS = """
chapters:
  2-1-tiny:
    exercises:
      standardise: {points: 6.5}
      running_sum: {points: 1}
      first_peak: {counts: false}
      explain_scaling: {points: 5}
      quiz: {points: 4}
"""
NEW = {"standardise": 6.5, "running_sum": 1, "first_peak": 0, "explain_scaling": 5, "quiz": 4}
HEADINGS = [
    "## Exercise 1. Standardise the columns (6.5 points)",
    "## Exercise 2. A running sum (1 point)",
    "## Exercise 3. The first peak (0 points)",
    "## Exercise 4. In words (5 points, read by a person)",
]


def set_rules(root: Path, text: str) -> None:
    (root / COURSE_FILE).write_text(text)


def add_totals(root: Path) -> None:
    """Texts of a source that tell points elsewhere than in a heading."""
    path = root / "notebooks" / SLUG / "exercises.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("a sentence in words.", "a sentence in words: 11 points in all.")
        cell.source = cell.source.replace("**Points.** All or", "How the 2 points are shared: all or")
    nbformat.write(notebook, path)


def points_told(notebook: Any) -> tuple[list[str], list[str]]:
    """Headings that tell points, and other sentences that do."""
    texts = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    lines = [line for line in texts.splitlines() if re.search(r"\d points?\b", line)]
    return [line for line in lines if line.startswith("#")], [line for line in lines if not line.startswith("#")]


def points_given(root: Path) -> dict[str, float]:
    """By nbgrader's gradebook."""
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as gradebook:
        notebooks = gradebook.find_assignment(SLUG).notebooks
        return {cell.name: cell.max_score for notebook in notebooks for cell in notebook.grade_cells}


def test_a_release_tells_and_gives_the_points_that_are_set(course_copy: Path) -> None:
    add_totals(course_copy)
    set_rules(course_copy, POINTS)
    notebooks = release(load_catalog(course_copy), SLUG).notebooks
    headings, others = points_told(notebooks["exercises"])
    assert headings == HEADINGS
    assert "12.5 points in all." in others[0]
    assert any("How the 1 point is shared" in line for line in others)
    assert any("How the 0 points are shared" in line for line in others)
    given = {
        name: cell.metadata.nbgrader.points
        for notebook in notebooks.values()
        for cell in notebook.cells
        if (name := grade_id(cell)) and cell.metadata.nbgrader.grade
    }
    assert given == NEW
    command(course_copy, "nbgrader", "generate_assignment", SLUG)
    for stem, notebook in notebooks.items():
        theirs = nbformat.read(course_copy / "class" / "release" / SLUG / f"{stem}.ipynb", as_version=4)
        assert theirs.cells[1:] == notebook.cells[1:]  # the breadcrumb links less in a class
    assert points_given(course_copy) == NEW


def test_work_on_an_older_release_is_graded_with_the_new_points(course_copy: Path) -> None:
    """Row, gradebook, judged notebook, feedback and report say the same; what gives no points is checked as ever."""
    add_totals(course_copy)
    command(course_copy, "nbgrader", "generate_assignment", SLUG)
    work = course_copy / "class" / "submitted" / "ada" / SLUG
    write_submission(work, RIGHT | {"explain_scaling": "They lose the mean of the training rows."}, course_copy)
    answers = Recorder(work, SLUG)
    assert answers.record("answers", "what-it-does", "mean-and-spread")
    command(course_copy, "course", "grade", SLUG)
    with Gradebook(f"sqlite:///{course_copy}/class/gradebook.db", "neural-networks") as gradebook:
        given = gradebook.find_grade("explain_scaling", "exercises", SLUG, "ada")
        given.manual_score, given.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    set_rules(course_copy, POINTS)
    results = course_copy / "results.json"
    command(course_copy, "course", "grade", SLUG, "--json", str(results))
    cells = json.loads(results.read_text())["ada"]["cells"]
    assert {name: cell["max_score"] for name, cell in cells.items()} == NEW == points_given(course_copy)
    assert {name: cell["score"] for name, cell in cells.items()} == {**NEW, "quiz": 2, "explain_scaling": 2.5}
    assert cells["explain_scaling"]["needs_manual_grade"]  # 2.5 of 3 says nothing about 5
    assert cells["first_peak"]["status"] == "passed"
    judged = nbformat.read(course_copy / "class" / "autograded" / "ada" / SLUG / "exercises.ipynb", as_version=4)
    headings, others = points_told(judged)
    assert headings == HEADINGS
    assert any("12.5 points in all" in line for line in others)
    command(course_copy, "nbgrader", "generate_feedback", SLUG)
    page = (course_copy / "class" / "feedback" / "ada" / SLUG / "exercises.html").read_text()
    assert "6.5 / 6.5" in page
    assert "4 points" not in page
    report = write_report(load_catalog(course_copy), SLUG).read_text()
    assert "/ 6.5" in report


def test_a_task_in_words_that_gives_no_points_waits_for_nobody(course_copy: Path) -> None:
    set_rules(course_copy, "chapters: {2-1-tiny: {exercises: {explain_scaling: {counts: false}}}}\n")
    write_submission(
        course_copy / "class" / "submitted" / "ada" / SLUG, RIGHT | {"explain_scaling": "Words."}, course_copy
    )
    catalog = load_catalog(course_copy)
    folder = ClassFolder(catalog)
    [row] = schedule.grade_class(catalog, folder, schedule.Plan(SLUG, folder.submitted(SLUG), "sandbox"))
    assert (row.result["status"], row.result["needs_manual_grade"], row.result["max_score"]) == ("graded", False, 10)
    assert row.result["cells"]["explain_scaling"]["reason"] == "It gives no points, so nobody needs to grade it."
    assert "waits to be graded" not in write_report(catalog, SLUG).read_text()


def test_check_in_a_notebook_counts_as_set(course_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(course_copy))
    set_rules(course_copy, POINTS)
    verdict = check_candidate("standardise", defined(RIGHT["standardise"]), 1)
    assert (verdict.score, verdict.max_score) == (6.5, 6.5)
    verdict = check_candidate("first_peak", defined(RIGHT["first_peak"]), 1)
    assert (verdict.status, verdict.max_score) == ("passed", 0)


def test_a_function_has_the_time_that_is_set(course_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(course_copy))
    sleeping = "import time\ndef running_sum(x):\n    time.sleep(3600)\n"
    of_cells = "seconds: {cell: 2}\n"  # else grading would wait a minute for the learner's own call
    set_rules(course_copy, of_cells + "chapters: {2-1-tiny: {exercises: {running_sum: {seconds: 0.2}}}}\n")
    told = "was stopped because it had not come back after 0.2 seconds"
    assert told in check_candidate("running_sum", defined(sleeping), 1).findings[0].message
    work = write_submission(course_copy / "work" / SLUG, {"running_sum": sleeping}, course_copy)
    graded = grade_folder(load_catalog(course_copy), SLUG, work, "sandbox")
    assert told in graded.cells["running_sum"].findings[0].message


def test_a_cell_has_the_time_that_is_set(course_copy: Path) -> None:
    set_rules(course_copy, "seconds: {cell: 1}\n")
    work = write_submission(course_copy / "work" / SLUG, {"running_sum": "import time\ntime.sleep(20)"}, course_copy)
    graded = grade_folder(load_catalog(course_copy), SLUG, work, "sandbox")
    assert graded.cells["running_sum"].reason == (
        "The cell that should define running_sum did not come to its end. "
        "This ran for more than 1 second and was stopped. Is there a loop in it that never ends?"
    )


@pytest.mark.parametrize(
    ("lines", "score", "feedback"),
    [
        ("counts: first", 0, "immediate"),
        ("counts: best", 1, "immediate"),
        ("attempts: 1, feedback: after-grading", 0, "after-grading"),
        ("attempts: 2, counts: best, feedback: after-grading", 1, "after-grading"),
    ],
)
def test_a_quiz_counts_and_tells_as_set(lines: str, score: float, feedback: str, course_copy: Path) -> None:
    """The first answer is wrong, the second right, the third wrong."""
    set_rules(course_copy, f"quiz: {{{lines}}}\n")
    catalog = load_catalog(course_copy)
    work = write_submission(course_copy / "work" / SLUG, {}, course_copy)
    answers = Recorder(work, SLUG)
    for option in ("the-order", "mean-and-spread", "the-order"):
        assert answers.record("answers", "what-it-does", option)
    assert score_quiz(SLUG, work, 2, catalog).score == score
    assert load_quiz(SLUG, catalog).feedback == feedback
    sheets = [name for name in release(catalog, SLUG).side_files if name.startswith("quiz")]
    assert bool(sheets) == (feedback == "after-grading")


def key(root: Path) -> str:
    work = root / "class" / "submitted" / "ada" / SLUG
    return content_key(load_catalog(root), SLUG, pack(work))


def test_work_is_run_again_for_what_changes_verdicts_and_for_nothing_else(course_copy: Path) -> None:
    write_submission(course_copy / "class" / "submitted" / "ada" / SLUG, {}, course_copy)
    before = key(course_copy)
    chapter = "chapters: {2-1-tiny: {%s}}\n"
    for same in (
        "# nothing\n",
        "late: {percent: 10, per: day}\n",
        chapter % "due: 2030-05-01 18:00 UTC",
        "quiz: {feedback: after-grading}\n",
        chapter % "exercises: {standardise: {counts: true}}",
    ):
        set_rules(course_copy, same)
        assert key(course_copy) == before, same
    for other in (
        "quiz: {counts: first}\n",
        "quiz: {attempts: 3}\n",
        "seconds: {call: 5}\n",
        "seconds: {cell: 100}\n",
        chapter % "exercises: {standardise: {points: 3}}",
        chapter % "exercises: {quiz: {counts: false}}",
    ):
        set_rules(course_copy, other)
        assert key(course_copy) != before, other


# When work is due, and what lateness costs


def late_class(root: Path) -> None:
    """ada in time, ben an hour and a half late, cleo 71 hours."""
    for student, when in (("ada", "01 17:59"), ("ben", "01 19:30"), ("cleo", "04 17:00")):
        folder = write_submission(root / "class" / "submitted" / student / SLUG, RIGHT, root)
        (folder / "timestamp.txt").write_text(f"2030-05-{when} UTC")


DUE = "chapters: {2-1-tiny: {due: 2030-05-01 20:00}}\ntimezone: Europe/Madrid\n"  # 18:00 UTC
OF_CHAPTER = "{due: 2030-05-01 20:00, late: {percent: 10, per: day, at_most_percent: 25}}"
TEN_A_DAY = f"chapters: {{2-1-tiny: {OF_CHAPTER}}}\ntimezone: Europe/Madrid\nlate: {{percent: 50, per: hour}}\n"


def penalties(root: Path) -> dict[str, float]:
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as gradebook:
        return {
            submission.student.id: sum(notebook.late_submission_penalty or 0 for notebook in submission.notebooks)
            for submission in gradebook.assignment_submissions(SLUG)
        }


def due_date(root: Path) -> datetime | None:
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as gradebook:
        return gradebook.find_assignment(SLUG).duedate  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Graded before anything was set."""
    root = copy_course(tmp_path_factory.mktemp("late") / "course")
    late_class(root)
    command(root, "course", "grade", SLUG)
    return root


@pytest.fixture
def late_course(graded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(graded, tmp_path / "course"))


def test_a_rule_counts_at_the_next_grading_without_running_anything(late_course: Path) -> None:
    assert penalties(late_course) == {"ada": 0, "ben": 0, "cleo": 0}
    for text, costs in (
        (TEN_A_DAY, {"ada": 0, "ben": 0.8, "cleo": 2}),
        (TEN_A_DAY.replace("percent: 25", "percent: 30"), {"ada": 0, "ben": 0.8, "cleo": 2.4}),
        (DUE + "late: {percent: 10, per: day, grace_minutes: 90}\n", {"ada": 0, "ben": 0, "cleo": 2.4}),
        (DUE + "late: {percent: 1, per: hour}\n", {"ada": 0, "ben": 0.16, "cleo": 5.68}),
        (DUE + "late: none\n", {"ada": 0, "ben": 0, "cleo": 0}),
    ):
        set_rules(late_course, text)
        told = command(late_course, "course", "grade", SLUG)
        assert told.count("unchanged") >= 3
        assert penalties(late_course) == pytest.approx(costs), text


def test_autograde_formgrader_and_course_grade_take_off_the_same(late_course: Path, tmp_path: Path) -> None:
    set_rules(late_course, TEN_A_DAY)
    others = {name: Path(shutil.copytree(late_course, tmp_path / name)) for name in ("autograde", "formgrader")}
    command(late_course, "course", "grade", SLUG)
    command(others["autograde"], "nbgrader", "autograde", SLUG, "--force")
    settings = nbgrader_settings(others["formgrader"])
    api = NbGraderAPI(config=Config(settings))
    for student in ("ada", "ben", "cleo"):
        assert api.autograde(SLUG, student, force=True)["success"]
    assert penalties(late_course) == penalties(others["autograde"]) == penalties(others["formgrader"])
    assert penalties(late_course) == pytest.approx({"ada": 0, "ben": 0.8, "cleo": 2})
    set_rules(others["formgrader"], DUE + "late: none\n")  # while the server lives on
    assert api.autograde(SLUG, "cleo", force=False)["success"]
    assert penalties(others["formgrader"])["cleo"] == 0


def test_the_due_date_is_that_of_the_file_and_another_one_is_told(late_course: Path) -> None:
    command(late_course, "nbgrader", "db", "assignment", "add", SLUG, "--duedate", "2030-04-01 18:00 UTC")
    set_rules(late_course, DUE)
    told = "2-1-tiny is due 2030-05-01 18:00 UTC now, as course.yml says; the gradebook had 2030-04-01 18:00 UTC."
    assert told in command(late_course, "course", "grade", SLUG)
    assert due_date(late_course) == datetime(2030, 5, 1, 18)
    assert "is due" not in command(late_course, "course", "grade", SLUG)
    set_rules(late_course, DUE.replace("20:00", "21:00"))
    told = "2-1-tiny is due 2030-05-01 19:00 UTC now, as course.yml says; the gradebook had 2030-05-01 18:00 UTC."
    assert command(late_course, "nbgrader", "generate_assignment", SLUG, "--force").count(told) == 1
    set_rules(late_course, "chapters: {2-1-tiny: {late: none}}\n")
    command(late_course, "course", "grade", SLUG)
    assert due_date(late_course) == datetime(2030, 5, 1, 19)
    set_rules(late_course, "chapters: {2-1-tiny: {due: none}}\n")
    assert "2-1-tiny is due at no time now" in command(late_course, "nbgrader", "autograde", SLUG)
    assert due_date(late_course) is None


def test_a_rule_that_is_not_used_is_told(late_course: Path) -> None:
    with (late_course / "nbgrader_config.py").open("a") as config:
        config.write("from nbgrader.plugins import LateSubmissionPlugin as Own\n")
        config.write("c.AssignLatePenalties.plugin_class = Own\n")
    set_rules(late_course, DUE)
    assert "is not used" not in command(late_course, "course", "grade", SLUG)
    set_rules(late_course, TEN_A_DAY)
    told = (
        "The rule for lateness in course.yml is not used: nbgrader_config.py names another one, LateSubmissionPlugin."
    )
    assert told in command(late_course, "course", "grade", SLUG)
    assert set(penalties(late_course).values()) == {0}


def test_an_extension_that_a_student_was_given_stands(late_course: Path) -> None:
    with Gradebook(f"sqlite:///{late_course}/class/gradebook.db", "neural-networks") as gradebook:
        gradebook.find_submission(SLUG, "cleo").extension = timedelta(days=2)
        gradebook.db.commit()
    set_rules(late_course, TEN_A_DAY)
    command(late_course, "course", "grade", SLUG)
    assert penalties(late_course) == pytest.approx({"ada": 0, "ben": 0.8, "cleo": 0.8})


def test_a_release_sets_the_due_date_of_a_new_assignment(course_copy: Path) -> None:
    set_rules(course_copy, DUE)
    assert "is due" not in command(course_copy, "nbgrader", "generate_assignment", SLUG)
    assert due_date(course_copy) == datetime(2030, 5, 1, 18)


@pytest.mark.parametrize(
    "arguments",
    [
        ("course", "validate"),
        ("course", "grade", SLUG),
        ("nbgrader", "autograde", SLUG),
        ("nbgrader", "generate_assignment", SLUG, "--force"),
    ],
)
def test_nothing_is_graded_or_released_by_a_faulty_file(arguments: tuple[str, ...], late_course: Path) -> None:
    set_rules(late_course, TEN_A_DAY + "chapter:\n")
    before = penalties(late_course)
    told = command(late_course, *arguments, expect=2)
    assert "Traceback" not in told
    assert len(re.findall(r"course\.yml:\d+: ", told)) == 1
    assert "course.yml:4: 'chapter' is not a field here" in told
    assert penalties(late_course) == before

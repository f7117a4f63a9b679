"""What Canvas calls late is late in the gradebook, as far as anybody knows; what nobody knows is told."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.catalog import load_catalog
from course.cli import app
from course.report.page import write_report
from tests.commands import run_module
from tests.platform.grading.handed_in import packed
from tests.platform.test_cli import course
from tests.platform.test_cli import told as sentences
from tests.platform.tiny import SLUG, environment, reference_solutions, write_submission

SOLVED = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
PENALTY = """
from nbgrader.plugins import BasePlugin

class OnePoint(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.0

c.AssignLatePenalties.plugin_class = OnePoint
"""
DUE = "2030-05-01 18:00 UTC"
UNKNOWN = "ada: Canvas calls it late and does not say since when: it counts as handed in one second after it was due."


def set_due(root: Path, due: str) -> None:
    run = run_module(("nbgrader", "db", "assignment", "add", SLUG, "--duedate", due), root, environment())
    assert run.returncode == 0, run.stderr


def from_canvas(tmp_path: Path, *names: str) -> Path:
    work = write_submission(tmp_path / "work" / SLUG, reference_solutions()) / "exercises.ipynb"
    files = {f"{name}_9_exercises.ipynb": work.read_bytes() for name in names}
    return packed(tmp_path / "submissions.zip", files)


def timestamp(root: Path, student: str = "ada") -> Path:
    return root / "class" / "submitted" / student / SLUG / "timestamp.txt"


def test_late_work_from_canvas_costs_what_the_plugin_says(course_copy: Path, tmp_path: Path) -> None:
    with (course_copy / "nbgrader_config.py").open("a") as config:
        config.write(PENALTY)
    source = from_canvas(tmp_path, "ada_LATE_1", "ben_2")
    first = course("collect", str(source), SLUG, cwd=course_copy)
    assert first.returncode == 1
    assert "ada: Canvas calls it late, which cannot count before there is a due date" in sentences(first)
    assert f"write one as `due` of {SLUG} into course.yml, then collect again." in sentences(first)
    assert not timestamp(course_copy).exists()

    set_due(course_copy, DUE)
    second = course("collect", str(source), SLUG, cwd=course_copy)
    assert second.returncode == 1
    assert "ada: unchanged, late" in sentences(second)
    assert UNKNOWN in sentences(second)
    assert f"Write the real time, which Canvas shows with the submission, into {timestamp(course_copy)}." in sentences(
        second
    )
    assert not timestamp(course_copy, "ben").exists()

    course("grade", SLUG, cwd=course_copy)
    with Gradebook(f"sqlite:///{course_copy}/class/gradebook.db", "neural-networks") as book:
        ada, ben = (book.find_submission(SLUG, name) for name in ("ada", "ben"))
        assert (int(ada.total_seconds_late), ben.total_seconds_late) == (1, 0)
        assert ada.score == ben.score > 1
        penalties = [sum(each.late_submission_penalty or 0 for each in work.notebooks) for work in (ada, ben)]
    assert penalties == [1.0, 0.0]
    write_report(load_catalog(course_copy), SLUG)  # nobody is told a time that we have made up
    table = (course_copy / "class" / "reports" / SLUG / "scores.csv").read_text(encoding="utf-8-sig")
    assert re.findall(r"^(\w+),.*late: Canvas does not tell since when", table, re.MULTILINE) == ["ada"]
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", SLUG, "--student", "ada"]
    subprocess.run(command, cwd=course_copy, env=environment(), capture_output=True, check=True)
    page = (course_copy / "class" / "feedback" / "ada" / SLUG / "feedback.html").read_text()
    assert "(late, as Canvas says, which does not tell since when)" in page
    assert "2030-05-01" not in page


@pytest.fixture
def late(course_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The source of a class whose gradebook has a due date; COURSE_ROOT is the class."""
    monkeypatch.setenv("COURSE_ROOT", str(course_copy))
    (course_copy / "class").mkdir()
    due_on(course_copy, "2030-05-01 18:00")
    return from_canvas(tmp_path, "ada_LATE_1")


def due_on(root: Path, due: str) -> None:
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as book:
        book.update_or_create_assignment(SLUG, duedate=due)


def collected(source: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        app(["collect", str(source), SLUG])
    return int(ended.value.code or 0), " ".join(capsys.readouterr().err.split())


def test_the_real_time_is_kept(late: Path, course_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert UNKNOWN in collected(late, capsys)[1]
    assert UNKNOWN in collected(late, capsys)[1]  # until somebody has written the time
    timestamp(course_copy).write_text("2030-05-02 09:00 UTC")
    code, told = collected(late, capsys)
    assert (code, "calls it late" in told) == (0, False)
    assert timestamp(course_copy).read_text() == "2030-05-02 09:00 UTC"
    timestamp(course_copy).write_text("2030-05-01 09:00 UTC")
    code, told = collected(late, capsys)
    assert code == 1
    assert f"{timestamp(course_copy)} says that it came in time: one of them is wrong." in told
    assert timestamp(course_copy).read_text() == "2030-05-01 09:00 UTC"


def test_a_time_that_nobody_has_told_follows_the_due_date(
    late: Path, course_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    collected(late, capsys)
    assert timestamp(course_copy).read_text().startswith("2030-05-01 18:00:01")
    for due in ("2030-04-28 12:00", "2030-05-09 12:00"):
        due_on(course_copy, due)
        assert UNKNOWN in collected(late, capsys)[1]
        assert timestamp(course_copy).read_text().startswith(f"{due}:01")


def graded_lateness(root: Path) -> tuple[int, float, list[str]]:
    """ada's seconds late and points off once she is graded, and what the command said of changed points."""
    done = course("grade", SLUG, cwd=root)
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as book:
        ada = book.find_submission(SLUG, "ada")
        off = sum(each.late_submission_penalty or 0 for each in ada.notebooks)
        return int(ada.total_seconds_late), off, re.findall(r"Points changed for \d+ learners?", sentences(done))


@pytest.mark.parametrize("edited", [False, True])
def test_lateness_that_canvas_takes_back_is_undone(
    course_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], late: Path, edited: bool
) -> None:
    with (course_copy / "nbgrader_config.py").open("a") as config:
        config.write(PENALTY)
    collected(late, capsys)
    assert graded_lateness(course_copy) == (1, 1.0, [])
    work = write_submission(tmp_path / "work" / SLUG, reference_solutions()) / "exercises.ipynb"
    again = packed(tmp_path / "again.zip", {"ada_1_9_exercises.ipynb": work.read_bytes() + b" " * edited})
    code, told = collected(again, capsys)
    assert (code, "write a new one" in told) == (1, False)
    assert "ada: Canvas does not call it late any more, so it counts as handed in in time." in told
    assert not timestamp(course_copy).exists()
    assert collected(again, capsys)[0] == 0
    assert graded_lateness(course_copy) == (0, 0.0, ["Points changed for 1 learner"])


def test_a_real_time_or_another_platforms_archive_undoes_nothing(
    late: Path, course_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    collected(late, capsys)
    work = (timestamp(course_copy).parent / "exercises.ipynb").read_bytes()
    folders = packed(tmp_path / "folders.zip", {"ada/exercises.ipynb": work})
    assert collected(folders, capsys)[0] == 0  # which cannot say whether anything is late
    assert timestamp(course_copy).read_text().startswith("2030-05-01 18:00:01.000001")
    timestamp(course_copy).write_text("2030-05-02 09:00 UTC")
    assert graded_lateness(course_copy)[0] == 15 * 3600
    assert collected(from_canvas(tmp_path, "ada_1"), capsys)[0] == 0
    assert timestamp(course_copy).read_text() == "2030-05-02 09:00 UTC"
    assert graded_lateness(course_copy)[0] == 15 * 3600


def test_the_due_date_in_course_yml_counts_before_anything_is_released(
    course_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(course_copy))
    (course_copy / "course.yml").write_text(f"chapters: {{{SLUG}: {{due: 2030-05-01 20:00 Europe/Madrid}}}}\n")
    assert UNKNOWN in collected(from_canvas(tmp_path, "ada_LATE_1"), capsys)[1]
    assert timestamp(course_copy).read_text().startswith("2030-05-01 18:00:01")


def test_work_that_is_replaced_is_late_by_its_own_time(
    late: Path, course_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    collected(late, capsys)
    timestamp(course_copy).write_text("2030-05-02 09:00 UTC")
    (timestamp(course_copy).parent / "exercises.ipynb").write_text("another")
    told = collected(late, capsys)[1]
    assert "ada: replaced, late" in told
    assert UNKNOWN in told
    assert "stays with the earlier work" not in told
    assert timestamp(course_copy).read_text().startswith("2030-05-01 18:00:01")


def test_nobody_knows_when_work_came_that_replaces_other_work(
    late: Path, course_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (course_copy / "nbgrader_config.py").open("a") as config:
        config.write(PENALTY)
    collected(late, capsys)
    timestamp(course_copy).write_text("2030-05-02 09:00 UTC")
    assert graded_lateness(course_copy)[:2] == (15 * 3600, 1.0)
    again = packed(tmp_path / "folders.zip", {"ada/exercises.ipynb": SOLVED + b" "})
    code, told = collected(again, capsys)
    assert code == 1
    assert "ada: timestamp.txt stays with the earlier work, so nobody knows when this was handed in: write a" in told
    [kept] = (course_copy / "class" / "earlier").rglob("submitted/timestamp.txt")
    assert kept.read_text() == "2030-05-02 09:00 UTC"
    told = sentences(course("grade", SLUG, cwd=course_copy))
    assert (
        "The time that the gradebook had, 2030-05-02 09:00 UTC, was that of earlier work: without timestamp.txt nobody "
        "knows when this was handed in."
    ) in told
    with Gradebook(f"sqlite:///{course_copy}/class/gradebook.db", "neural-networks") as book:
        ada = book.find_submission(SLUG, "ada")
        assert (ada.timestamp, ada.total_seconds_late) == (None, 0)
        assert not any(each.late_submission_penalty for each in ada.notebooks)
    assert "gradebook had" not in sentences(course("grade", SLUG, cwd=course_copy))  # it is told once


def test_a_time_that_cannot_be_read_leaves_the_one_before_until_it_is_mended(
    late: Path, course_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    collected(late, capsys)
    timestamp(course_copy).write_text("2030-05-02 09:00 UTC")
    assert graded_lateness(course_copy)[0] == 15 * 3600
    timestamp(course_copy).write_text("tomorrow")
    assert graded_lateness(course_copy)[0] == 15 * 3600


def test_of_many_who_are_late_the_first_are_named_and_what_to_do_is_said_once(
    late: Path, course_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {f"s{number:02}_LATE_{number}_9_exercises.ipynb": SOLVED for number in range(40)}
    source = packed(tmp_path / "many.zip", files)
    with pytest.raises(SystemExit) as ended:
        app(["collect", str(source), SLUG])
    lines = capsys.readouterr().err.splitlines()
    assert ended.value.code == 1
    [told] = [line for line in lines if "Canvas" in line]
    place = course_copy / "class" / "submitted" / "STUDENT" / SLUG / "timestamp.txt"
    assert told == (
        "Learners whom Canvas calls late without saying since when: 40 (s00, s01, s02, s03, s04, …). Their work counts "
        "as handed in one second after it was due. Write the real times, which Canvas shows with the submissions, into "
        f"{place}."
    )
    assert [line for line in lines if ": new, late" in line] == [f"s{number:02}: new, late" for number in range(40)]
    assert all(timestamp(course_copy, f"s{number:02}").is_file() for number in range(40))

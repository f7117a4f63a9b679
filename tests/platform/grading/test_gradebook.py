"""Scores as the one writer stores them: row by row what nbgrader's own steps store, penalties for lateness too."""

import shutil
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import api
from nbgrader.api import Gradebook
from nbgrader.dbutil import _temp_alembic_ini
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from sqlalchemy import text

from course.catalog import load_catalog
from course.grading import schedule
from course.grading.gradebook import store
from course.grading.gradebook.store import ClassFolder
from course.grading.run import Result, answer_digests, grade_folder, unjudged
from course.grading.task import Graded, as_graded, content_key, pack
from course.notebooks import release
from course.notebooks.reading import read_notebook
from course.notebooks.release import grading_template
from course.notebooks.restore import grade_id, restore
from course.verdict import Verdict
from tests.platform.tiny import SLUG, exercise_points, write_submission

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


def judged(root: Path) -> Graded:
    """Every exercise with the same points, one solution changed, the others as handed out."""
    notebooks = grading_template(load_catalog(root), SLUG)
    cells: dict[str, Verdict] = {}
    for notebook in notebooks.values():
        for cell in notebook.cells:
            name = grade_id(cell) or ""
            if name in exercise_points():
                data = {"text/plain": str(POINTS)}
                cell.outputs = [new_output("execute_result", data=data, execution_count=1)]
                cells[name] = Verdict(name, POINTS, cell.metadata.nbgrader.points, "partial")
            if name in {"standardise-solution", "explain_scaling"}:
                cell.source += "\nmine"
    cells["explain_scaling"] = Verdict("explain_scaling", None, 3, "manual")
    cells["quiz"] = Verdict("quiz", 2, 2, "passed")
    return as_graded(Result(SLUG, cells, notebooks, answers=dict.fromkeys(cells, "as before")))


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
    graded = judged(root)
    notebooks = {name: nbformat.reads(text, as_version=4) for name, text in graded.notebooks.items()}
    full = {}
    for student, timestamp in TIMES.items():
        store_by_nbgrader(class_folder, f"{student}-by-nbgrader", notebooks, timestamp)
        row = class_folder.store(SLUG, student, graded, submitted(root, student, timestamp))
        full[student] = stored(class_folder, student)
        assert full[student] == stored(class_folder, f"{student}-by-nbgrader")
        assert full[student]["grades"]["standardise"] == (POINTS, None, False)
        assert (row["score"], row["penalty"]) == (full[student]["score"], sum_of_penalties(full[student]))
    assert full["early"]["score"] >= POINTS * len(exercise_points())
    assert sum_of_penalties(full["late"]) == full["late"]["score"] > 0


TIMES = {"early": "2025-12-24 10:00:00 UTC", "late": "2026-02-01 10:00:00 UTC"}


def sum_of_penalties(state: dict[str, Any]) -> float:
    return sum(penalty or 0 for penalty in state["penalties"].values())


def mark(folder: ClassFolder, student: str, cell: str, points: float) -> None:
    """As formgrader stores it when somebody types points, with a comment."""
    with Gradebook(folder.course.db_url, "neural-networks") as gradebook:
        grade = gradebook.find_grade(cell, "exercises", SLUG, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.find_comment("explain_scaling", "exercises", SLUG, student).manual_comment = "Well put."
        gradebook.db.commit()


def test_a_mark_by_hand_stands_while_the_answer_does_and_is_opened_with_it(class_folder: ClassFolder) -> None:
    root = class_folder.catalog.root
    graded = judged(root)
    folder = submitted(root, "ada", TIMES["early"])
    class_folder.store(SLUG, "ada", graded, folder)
    mark(class_folder, "ada", "explain_scaling", 2.5)
    again = class_folder.store(SLUG, "ada", graded, folder)
    assert stored(class_folder, "ada")["grades"]["explain_scaling"] == (None, 2.5, False)
    assert (again["cells"]["explain_scaling"]["score"], again["needs_manual_grade"]) == (2.5, False)

    changed = replace(graded, answers={**graded.answers, "explain_scaling": "another answer"})
    opened = class_folder.store(SLUG, "ada", changed, folder)["cells"]["explain_scaling"]
    assert stored(class_folder, "ada")["grades"]["explain_scaling"] == (None, 2.5, True)
    assert (opened["score"], opened["needs_manual_grade"]) == (2.5, True)
    assert opened["reason"] == "The answer has changed since a person gave points for it."
    with Gradebook(class_folder.course.db_url, "neural-networks") as gradebook:
        comment = gradebook.find_comment("explain_scaling", "exercises", SLUG, "ada")
        assert comment.comment == "Well put."
    class_folder.store(SLUG, "ada", changed, folder)  # a third time: nobody has looked yet
    assert stored(class_folder, "ada")["grades"]["explain_scaling"] == (None, 2.5, True)
    mark(class_folder, "ada", "explain_scaling", 1)
    class_folder.store(SLUG, "ada", changed, folder)
    assert stored(class_folder, "ada")["grades"]["explain_scaling"] == (None, 1, False)


def test_a_mark_for_another_graders_notebook_is_compared_with_that(class_folder: ClassFolder) -> None:
    """nbgrader alone has graded before, so nothing was noted: its notebook shows what the mark was given for."""
    root = class_folder.catalog.root
    folder = submitted(root, "ada", TIMES["early"])
    real = as_graded(grade_folder(class_folder.catalog, SLUG, folder, "sandbox"))
    class_folder.store(SLUG, "ada", real, folder)
    mark(class_folder, "ada", "explain_scaling", 2.5)
    with class_folder._gradebook() as book:
        book.db.execute(text("DELETE FROM course_graded"))
        book.db.commit()
    class_folder.store(SLUG, "ada", real, folder)
    assert stored(class_folder, "ada")["grades"]["explain_scaling"][2] is False


def test_work_that_could_not_be_judged_is_open_and_not_zero(class_folder: ClassFolder) -> None:
    root = class_folder.catalog.root
    folder = submitted(root, "ada", TIMES["early"])
    class_folder.store(SLUG, "ada", judged(root), folder)
    fault = as_graded(unjudged(class_folder.catalog, SLUG, "The judges were ill."))
    row = class_folder.store_open(SLUG, "ada", fault, folder)
    assert set(stored(class_folder, "ada")["grades"].values()) == {(None, None, True)}
    assert (row["status"], row["score"], row["reason"]) == ("needs attention", 0, "The judges were ill.")


def due(folder: ClassFolder, date: datetime) -> None:
    with Gradebook(folder.course.db_url, "neural-networks") as gradebook:
        gradebook.update_or_create_assignment(SLUG, duedate=date)


def test_a_new_deadline_settles_penalties_and_runs_nothing(
    class_folder: ClassFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = class_folder.catalog.root
    catalog = class_folder.catalog
    folder = submitted(root, "late", TIMES["late"])
    key = content_key(catalog, SLUG, pack(folder))
    class_folder.store(SLUG, "late", judged(root), folder, key)
    score = stored(class_folder, "late")["score"]
    assert sum_of_penalties(stored(class_folder, "late")) == score > 0
    monkeypatch.setattr(schedule, "grade_files", None)  # would be called to run it

    def regraded() -> float:
        [row] = schedule.grade_class(catalog, class_folder, schedule.Plan(SLUG, {"late": folder}, "sandbox"))
        assert row.unchanged
        state = stored(class_folder, "late")
        assert (row.result["score"], row.result["penalty"]) == (state["score"], sum_of_penalties(state))
        return row.result["penalty"]

    due(class_folder, datetime(2026, 3, 1))
    assert regraded() == 0
    due(class_folder, datetime(2026, 1, 15))
    assert regraded() == score
    (folder / "timestamp.txt").write_text("2026-01-14 10:00:00 UTC")
    assert regraded() == 0
    mark(class_folder, "late", "explain_scaling", 3)
    (folder / "timestamp.txt").write_text("2026-01-16 10:00:00 UTC")
    assert regraded() == score + 3  # a mark given since counts as late as well


def test_a_time_that_cannot_be_read_is_told_in_the_row_and_costs_no_grade(class_folder: ClassFolder) -> None:
    root = class_folder.catalog.root
    folder = submitted(root, "ada", "the day before yesterday")
    row = class_folder.store(SLUG, "ada", judged(root), folder)
    assert "timestamp.txt does not say when the work was handed in" in row["reason"]
    assert (row["status"], row["penalty"]) == ("graded", 0)
    assert stored(class_folder, "ada")["timestamp"] is None
    (folder / "timestamp.txt").write_text("2025-12-24 10:00 +0200")
    assert "nbgrader reads as" in class_folder.store(SLUG, "ada", judged(root), folder)["reason"]


def test_a_mark_stands_again_after_a_run_that_could_judge_nothing(class_folder: ClassFolder) -> None:
    root = class_folder.catalog.root
    graded = judged(root)
    folder = submitted(root, "ada", TIMES["early"])
    class_folder.store(SLUG, "ada", graded, folder)
    mark(class_folder, "ada", "explain_scaling", 2.5)
    fault = as_graded(unjudged(class_folder.catalog, SLUG, "The sandbox was closed."))
    for _run in range(2):
        class_folder.store_open(SLUG, "ada", fault, folder)
        assert stored(class_folder, "ada")["grades"]["explain_scaling"] == (None, 2.5, True)
    class_folder.store(SLUG, "ada", graded, folder)
    assert stored(class_folder, "ada")["grades"]["explain_scaling"] == (None, 2.5, False)
    class_folder.store_open(SLUG, "ada", fault, folder)
    changed = replace(graded, answers={**graded.answers, "explain_scaling": "another answer"})
    for _run in range(2):
        class_folder.store(SLUG, "ada", changed, folder)
        assert stored(class_folder, "ada")["grades"]["explain_scaling"] == (None, 2.5, True)


def test_extra_points_for_another_answer_are_opened_too(class_folder: ClassFolder) -> None:
    root = class_folder.catalog.root
    graded = judged(root)
    folder = submitted(root, "ada", TIMES["early"])
    class_folder.store(SLUG, "ada", graded, folder)
    with Gradebook(class_folder.course.db_url, "neural-networks") as gradebook:
        gradebook.find_grade("standardise", "exercises", SLUG, "ada").extra_credit = 0.5
        gradebook.db.commit()
    row = class_folder.store(SLUG, "ada", graded, folder)
    assert (row["cells"]["standardise"]["score"], row["needs_manual_grade"]) == (POINTS + 0.5, True)  # the words
    assert not row["cells"]["standardise"]["needs_manual_grade"]
    changed = replace(graded, answers={**graded.answers, "standardise": "another answer"})
    for _run in range(2):
        cell = class_folder.store(SLUG, "ada", changed, folder)["cells"]["standardise"]
        assert (cell["score"], cell["needs_manual_grade"]) == (POINTS + 0.5, True)
        assert cell["reason"] == "The answer has changed since a person gave points for it."


def test_what_a_new_version_adds_to_a_notebook_changes_no_answer(class_folder: ClassFolder) -> None:
    """A new exercise and a new import are put into what was handed in; a mark for a cell with other points opens."""
    root = class_folder.catalog.root
    folder = submitted(root, "ada", TIMES["early"])
    before = answer_digests(restored_in(class_folder, folder), folder)
    path = root / "notebooks" / SLUG / "exercises.ipynb"
    notebook = nbformat.read(path, as_version=4)
    place = next(i for i, cell in enumerate(notebook.cells) if grade_id(cell) == "first_peak-solution")
    solution, check = deepcopy(notebook.cells[place]), deepcopy(notebook.cells[place + 2])
    assert grade_id(check) == "first_peak"
    solution.metadata.nbgrader.grade_id, check.metadata.nbgrader.grade_id = "new-solution", "new"
    solution["id"], check["id"] = "new-1", "new-2"
    solution.source = "def new():\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION"
    notebook.cells += [nbformat.v4.new_code_cell("import math", id="new-0"), solution, check]
    notebook.cells[place + 2].metadata.nbgrader.points = 7
    nbformat.write(notebook, path)
    release._grading_template.cache_clear()  # the process outlives the update only here
    after = answer_digests(restored_in(class_folder, folder), folder)
    assert {name for name in before if after[name] != before[name]} == {"first_peak"}


def restored_in(folder: ClassFolder, submitted: Path) -> NotebookNode:
    template = grading_template(load_catalog(folder.catalog.root), SLUG)["exercises"]
    return restore(read_notebook(submitted / "exercises.ipynb"), template).notebook


PLUGIN = """
import builtins
from nbgrader.plugins import BasePlugin

class Odd(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        if builtins.penalty == "raise":
            raise ZeroDivisionError("a plugin at fault")
        return builtins.penalty

c.AssignLatePenalties.plugin_class = Odd
"""


def test_an_odd_penalty_is_within_the_score_and_a_plugin_at_fault_leaves_the_work_open(
    course_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (course_copy / "nbgrader_config.py").open("a") as config:
        config.write(PLUGIN)
    class_folder = ClassFolder(load_catalog(course_copy))
    class_folder.require_assignment(SLUG)
    due(class_folder, datetime(2026, 1, 1))
    folder = submitted(course_copy, "late", TIMES["late"])
    key = content_key(class_folder.catalog, SLUG, pack(folder))
    monkeypatch.setattr(schedule, "grade_files", lambda *_arguments: judged(course_copy))
    plan = schedule.Plan(SLUG, {"late": folder}, "sandbox")

    def graded(penalty: object) -> dict[str, Any]:
        monkeypatch.setattr("builtins.penalty", penalty, raising=False)
        [row] = schedule.grade_class(class_folder.catalog, class_folder, plan)
        return row.result

    for penalty, costs in ((None, 0), (-3, 0), (2, 4), (1e9, 6.5), (float("nan"), 0)):
        assert graded(penalty)["penalty"] == costs
    assert class_folder.notes(SLUG)["late"].key == key
    for penalty in ("raise", "many"):
        row = graded(penalty)
        assert (row["status"], row["penalty"], row["needs_manual_grade"]) == ("needs attention", 0, True)
        assert row["reason"].startswith("The late penalty could not be worked out: ")
        assert row["reason"].endswith("Mend the plugin that nbgrader_config.py names (plugin_class), then grade again.")
    assert graded(2)["penalty"] == 4


def test_a_gradebook_that_is_restored_pairs_no_mark_and_no_score_with_another_answer(
    class_folder: ClassFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A is graded and marked, and the database is saved; B is handed in and graded; then the saved one comes back."""
    root, catalog = class_folder.catalog.root, class_folder.catalog
    database, saved = root / "class" / "gradebook.db", root / "saved.db"
    folder = submitted(root, "ada", TIMES["early"])
    results = {b"a": judged(root), b"b": replace(judged(root), answers={"explain_scaling": "other words"})}
    monkeypatch.setattr(schedule, "grade_files", lambda _slug, files, *_rest: results[files["answer.txt"]])

    def graded() -> schedule.Row:
        [row] = schedule.grade_class(catalog, ClassFolder(catalog), schedule.Plan(SLUG, {"ada": folder}, "sandbox"))
        return row

    (folder / "answer.txt").write_bytes(b"a")
    assert not graded().unchanged
    mark(class_folder, "ada", "explain_scaling", 2.5)
    assert graded().unchanged
    shutil.copy(database, saved)
    (folder / "answer.txt").write_bytes(b"b")
    assert graded().result["cells"]["explain_scaling"]["needs_manual_grade"]
    shutil.copy(saved, database)
    row = graded()
    assert not row.unchanged
    assert row.result["cells"]["explain_scaling"]["needs_manual_grade"]


@pytest.mark.parametrize("step", ["_write_notebooks", "save_verdicts", "write_note", "_with_penalties", "_note_key"])
def test_whatever_step_a_run_dies_at_the_next_one_sets_it_right(
    class_folder: ClassFolder, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    root = class_folder.catalog.root
    folder = submitted(root, "ada", TIMES["early"])
    class_folder.store(SLUG, "ada", judged(root), folder, "key of a")
    mark(class_folder, "ada", "explain_scaling", 2.5)
    changed = replace(judged(root), answers=dict.fromkeys(judged(root).answers, "changed"))

    def dies(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    owner = class_folder if step == "_note_key" else store
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, dies)
        with pytest.raises(KeyboardInterrupt):
            class_folder.store(SLUG, "ada", changed, folder, "key of b")
    assert class_folder.notes(SLUG)["ada"].key != "key of b"
    opened = stored(class_folder, "ada")["grades"]["explain_scaling"][2]
    assert opened == (step == "_note_key")  # all is stored there but that it is
    row = class_folder.store(SLUG, "ada", changed, folder, "key of b")
    assert row["cells"]["explain_scaling"]["needs_manual_grade"]
    assert stored(class_folder, "ada")["grades"]["explain_scaling"] == (None, 2.5, True)
    assert class_folder.notes(SLUG)["ada"].key == "key of b"


def test_a_new_gradebook_is_of_the_newest_version_and_needs_no_program_to_say_so(
    course_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _temp_alembic_ini("sqlite:////nowhere.db") as settings:  # as nbgrader asks
        told = subprocess.check_output([Path(sys.executable).with_name("alembic"), "-c", settings, "heads"], text=True)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(api, "get_alembic_version", lambda: pytest.fail("nbgrader started its program."))
    folder = ClassFolder(load_catalog(course_copy))
    folder.require_assignment(SLUG)
    with Gradebook(folder.course.db_url, "neural-networks") as gradebook:
        version = gradebook.db.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    assert told.split()[0] == version

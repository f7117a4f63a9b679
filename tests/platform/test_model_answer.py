"""The model answer to a written question: for a learner alone, and only once they have written something."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from course.catalog import load_catalog
from course.errors import UsageError
from course.grading.run import grade_folder
from course.notebooks.model_answer import model_answer_here
from course.notebooks.release import release
from tests.platform.tiny import SLUG, TINY, reference_solutions, write_submission

NAME = "explain_scaling"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_ROOT", str(TINY))
    monkeypatch.setattr("course.notebooks.model_answer.notebook_folder", lambda: tmp_path / SLUG)
    return tmp_path / SLUG


def test_it_is_not_shown_before_something_is_written(folder: Path) -> None:
    write_submission(folder, {})
    answer = model_answer_here(NAME)
    assert not answer.is_shown
    assert "First write your own answer" in answer._repr_html_()
    assert reference_solutions()[NAME][:40] not in repr(answer)


def test_it_is_shown_once_something_is_saved(folder: Path) -> None:
    write_submission(folder, {NAME: "Because it must not."})
    begins, answer, ends = reference_solutions()[NAME].splitlines()
    assert begins.endswith("BEGIN SOLUTION")
    assert ends.endswith("END SOLUTION")
    assert model_answer_here(NAME).text == answer
    assert "<p>New rows must be treated" in model_answer_here(NAME)._repr_html_()


def test_an_installed_course_leaves_it_to_the_instructor(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_submission(folder, {NAME: "Because it must not."})
    monkeypatch.setattr("course.catalog.Catalog.is_installed", True)
    answer = model_answer_here(NAME)
    assert not answer.is_shown
    assert "your instructor" in repr(answer)


def test_where_work_is_graded_it_says_the_same_and_loads_no_grading_tools(submission: Callable[..., Path]) -> None:
    asks = (
        "import sys\nfrom course import model_answer\nprint(model_answer('explain_scaling'), 'nbgrader' in sys.modules)"
    )
    result = grade_folder(load_catalog(TINY), SLUG, submission(standardise=asks), "sandbox")
    told = [output.get("text") for cell in result.notebooks["exercises"].cells for output in cell.get("outputs", [])]
    assert "In a class, your instructor shows the model answer after grading. False\n" in told


def test_only_written_questions_have_one(folder: Path) -> None:
    write_submission(folder, {})
    for name in ("standardise", "no_such_question"):
        with pytest.raises(UsageError, match=name):
            model_answer_here(name)


def test_a_release_holds_no_model_answer(catalog: object) -> None:
    notebook = release(catalog, SLUG).notebooks["exercises"]  # type: ignore[arg-type]
    assert reference_solutions()[NAME][:40] not in nbformat.writes(notebook)

"""One submission through the whole pipeline: what its result says, and that its own files stay as they were."""

import json
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from course.catalog import Catalog
from course.grading import kernels
from course.grading.restore import grade_id
from course.grading.run import VERDICT_MIME, Result, grade_folder
from tests.chapters.dropout.wrong_solutions import WRONG
from tests.conftest import SLUG, exercise_points, reference_solutions

Submission = Callable[..., Path]
NAMES = [*exercise_points(), "explain_inference", "quiz"]
FULL = sum(exercise_points().values())


def insert_before(folder: Path, name: str, source: str) -> None:
    """A further code cell of the learner's, in front of the cell of that name."""
    path = folder / "exercises.ipynb"
    notebook = nbformat.read(path, as_version=4)
    place = next(i for i, cell in enumerate(notebook.cells) if grade_id(cell) == name)
    notebook.cells.insert(place, new_code_cell(source))
    nbformat.write(notebook, path)


def graded(catalog: Catalog, folder: Path) -> Result:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    result = grade_folder(catalog, SLUG, folder, "sandbox")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert json.loads(json.dumps(result.as_json())) == result.as_json()
    return result


def test_the_reference_gets_full_points(catalog: Catalog, reference: Path) -> None:
    result = graded(catalog, reference)
    assert sorted(result.cells) == sorted(NAMES)
    assert result.status == "graded"
    assert {result.cells[name].status for name in exercise_points()} == {"passed"}
    assert result.cells["explain_inference"].status == "manual"
    assert result.score == FULL


def test_the_untouched_release_is_not_attempted(catalog: Catalog, submission: Submission) -> None:
    result = graded(catalog, submission())
    assert {name: result.cells[name].status for name in NAMES} == dict.fromkeys(NAMES, "not attempted")
    assert (result.status, result.score) == ("graded", 0.0)


def test_wrong_solutions_are_named_in_the_result_and_shown_in_the_notebook(
    catalog: Catalog, submission: Submission
) -> None:
    sources = {exercise: named[name] for exercise, named, name in wrong_pair()}
    result = graded(catalog, submission(**sources))
    assert result.cells["inverted_dropout"].misconceptions == ["divided_by_rate"]
    assert result.cells["build_classifier"].misconceptions == ["missing_second"]
    cell = next(c for c in result.notebooks["exercises"].cells if grade_id(c) == "inverted_dropout")
    data = cell.outputs[0].data
    assert float(data["text/plain"]) == result.cells["inverted_dropout"].score
    assert "divided_by_rate" in data["text/html"]
    assert data[VERDICT_MIME]["misconceptions"] == ["divided_by_rate"]


def wrong_pair() -> list[tuple[str, dict[str, str], str]]:
    return [
        (exercise, WRONG[exercise], name)
        for exercise, name in (("inverted_dropout", "divided_by_rate"), ("build_classifier", "missing_second"))
    ]


def test_one_crashing_cell_does_not_cost_the_others(catalog: Catalog, reference: Path) -> None:
    insert_before(reference, "build_classifier-solution", "raise RuntimeError('mine')")
    assert graded(catalog, reference).score == FULL


def test_writing_to_stderr_costs_nothing(catalog: Catalog, reference: Path) -> None:
    insert_before(reference, "inverted_dropout", "import sys; print('careful', file=sys.stderr)")
    assert graded(catalog, reference).score == FULL


def test_redefining_the_checker_gains_nothing(catalog: Catalog, submission: Submission) -> None:
    folder = submission()
    source = "import course\ndef check(name):\n    return 4\ncourse.check = check\nprint(4)\n4"
    insert_before(folder, "inverted_dropout", source)
    result = graded(catalog, folder)
    assert result.cells["inverted_dropout"].status == "not attempted"


def test_an_endless_function_is_stopped_and_told(
    catalog: Catalog, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "CELL_SECONDS", 4)
    endless = "def inverted_dropout(x, rate, rng, training):\n    while True:\n        pass"
    result = graded(catalog, submission(inverted_dropout=endless))
    assert result.cells["inverted_dropout"].score == 0
    assert "seconds" in result.cells["inverted_dropout"].reason
    assert result.cells["build_classifier"].status == "not attempted"


def test_a_kernel_that_ends_itself_is_told(catalog: Catalog, submission: Submission) -> None:
    sources = {**reference_solutions(), "inverted_dropout": "import os; os._exit(1)"}
    result = graded(catalog, submission(**sources))
    assert result.status == "graded"
    assert "was left out: This ended the Python process." in result.reason
    assert result.cells["inverted_dropout"].status == "not attempted"
    assert result.cells["build_classifier"].status == "passed"


def test_a_function_that_ends_the_kernel_costs_itself(catalog: Catalog, submission: Submission) -> None:
    deadly = "def inverted_dropout(*arguments):\n    import os\n    os._exit(1)"
    result = graded(catalog, submission(**{**reference_solutions(), "inverted_dropout": deadly}))
    assert result.status == "graded"
    assert result.cells["inverted_dropout"].reason == "This ended the Python process."
    assert result.cells["build_classifier"].status == "passed"


def test_a_broken_notebook_needs_attention_and_the_other_is_graded(catalog: Catalog, reference: Path) -> None:
    (reference / "lesson.ipynb").write_text("{not json")
    result = graded(catalog, reference)
    assert (result.status, result.score) == ("partly graded", FULL)
    assert "lesson.ipynb is not a notebook" in result.reason


def test_a_missing_notebook_needs_attention(catalog: Catalog, reference: Path) -> None:
    (reference / "exercises.ipynb").unlink()
    result = graded(catalog, reference)
    assert "exercises.ipynb is missing" in result.reason
    assert result.cells["inverted_dropout"].status == "error"


def test_grading_twice_gives_the_same_result(catalog: Catalog, submission: Submission) -> None:
    folder = submission(inverted_dropout=WRONG["inverted_dropout"]["no_rescale"])
    assert graded(catalog, folder).as_json() == graded(catalog, folder).as_json()


@pytest.mark.parametrize("isolation", ["sandbox", "none"])
def test_a_long_temporary_folder_is_no_obstacle(
    catalog: Catalog, submission: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isolation: str
) -> None:
    folder = submission(choose_rate=reference_solutions()["choose_rate"])
    long = tmp_path / ("long" * 20) / ("longer" * 20)
    long.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    monkeypatch.setattr("course.grading.warm.scratch_folder", lambda: long)
    monkeypatch.setattr("course.grading.warm._sandboxes", {})
    monkeypatch.setattr("course.grading.warm._own", threading.local())
    assert grade_folder(catalog, SLUG, folder, isolation).score == 2  # type: ignore[arg-type]

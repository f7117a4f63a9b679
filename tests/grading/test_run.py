"""One submission through the whole pipeline: what its result says, and that its own files stay as they were."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from course.catalog import Catalog
from course.grading import kernels
from course.grading.restore import grade_id
from course.grading.run import VERDICT_MIME, Result, digest_of_files, grade_folder, graded_seed
from course.quiz.model import load_quiz
from course.quiz.record import Recorder
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
    assert "Survivors are divided by the rate, not by the probability of keeping." in data["text/html"]
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
    assert (result.cells["inverted_dropout"].status, result.cells["inverted_dropout"].score) == ("failed", 0)
    assert result.cells["inverted_dropout"].reason == "This ended the Python process."
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
    assert result.reason == "lesson.ipynb cannot be read: something is wrong at line 1, character 2."


def test_a_missing_notebook_needs_attention(catalog: Catalog, reference: Path) -> None:
    (reference / "exercises.ipynb").unlink()
    result = graded(catalog, reference)
    assert result.reason == "exercises.ipynb is missing."
    assert {result.cells[name].score for name in exercise_points()} == {None}
    assert {result.cells[name].status for name in exercise_points()} == {"error"}


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
    monkeypatch.setattr("course.grading.warm._templates", {})
    assert grade_folder(catalog, SLUG, folder, isolation).score == 2  # type: ignore[arg-type]


RESTART = "import IPython\nIPython.Application.instance().kernel.do_shutdown(True)"


def test_a_cell_that_restarts_the_kernel_is_left_out_and_its_neighbours_are_not_blamed(
    catalog: Catalog, reference: Path
) -> None:
    insert_before(reference, "dropout_backward-solution", RESTART)
    result = graded(catalog, reference)
    assert (result.status, result.score) == ("graded", FULL)
    cells = result.notebooks["exercises"].cells
    number = next(index for index, cell in enumerate(cells, start=1) if cell.source == RESTART)
    assert result.reason == f"Cell {number} was left out: This ended the Python process."


def test_when_python_ends_again_and_again_the_rest_waits_for_a_person(catalog: Catalog, submission: Submission) -> None:
    folder = submission(choose_rate=reference_solutions()["choose_rate"])
    for _cell in range(5):
        insert_before(folder, "inverted_dropout-solution", "import os; os._exit(1)")
    result = graded(catalog, folder)
    assert result.status == "partly graded"
    assert {result.cells[name].score for name in exercise_points()} == {None}
    assert "Python ended again and again" in result.reason


def test_a_judge_that_raises_costs_nobody_points_and_nobody_gets_any(
    catalog: Catalog, reference: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_judge(_chapter: object, _name: str) -> None:
        raise KeyError("no such judge")

    monkeypatch.setattr("course.grading.judging.find_judge", no_judge)
    result = graded(catalog, reference)
    assert {result.cells[name].score for name in exercise_points()} == {None}
    assert result.reason.startswith("The judge failed: KeyError")
    assert result.status == "partly graded"


def test_only_answers_are_handed_in(catalog: Catalog, reference: Path) -> None:
    for path in reference.glob("*.ipynb"):
        path.unlink()
    recorder = Recorder(reference, SLUG)
    for question in load_quiz(SLUG, catalog).graded:
        right = next(option.id for option in question.options if option.correct)  # type: ignore[union-attr]
        recorder.record("answers", question.id, right)
    result = graded(catalog, reference)
    assert (result.status, result.score) == ("partly graded", 2)
    assert result.cells["quiz"].status == "passed"
    assert {verdict.score for name, verdict in result.cells.items() if name != "quiz"} == {None}
    assert result.reason == "exercises.ipynb is missing. lesson.ipynb is missing."


def test_a_notebook_under_another_name_is_pointed_to(catalog: Catalog, reference: Path) -> None:
    (reference / "exercises.ipynb").rename(reference / "my exercises.ipynb")
    assert graded(catalog, reference).reason == "exercises.ipynb is missing. Beside it there is my exercises.ipynb."


def test_answers_kept_in_any_file_change_the_cases(reference: Path) -> None:
    before = digest_of_files(reference)
    (reference / "results.bin").write_bytes(b"arrays for the seed that was")
    assert graded_seed(digest_of_files(reference), "choose_rate") != graded_seed(before, "choose_rate")
    assert graded_seed(before, "choose_rate") != graded_seed(before, "mc_predict")


def test_what_graders_write_beside_the_work_changes_nothing_and_is_not_seen(
    catalog: Catalog, submission: Submission
) -> None:
    source = "import os\nprint(sorted(os.listdir('.')))\ndef choose_rate(results, tol):\n    return 0.3"
    folder = submission(choose_rate=source)
    before = graded(catalog, folder)
    (folder / "feedback.html").write_text("<p>7</p>")
    (folder / "timestamp.txt").write_text("2030-01-01 10:00:00 UTC")
    after = graded(catalog, folder)
    assert after.as_json() == before.as_json()
    [seen] = [cell for cell in after.notebooks["exercises"].cells if cell.source == source]
    assert "exercises.ipynb" in seen.outputs[0].text
    assert "feedback.html" not in seen.outputs[0].text

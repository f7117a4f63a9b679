"""One submission through the whole pipeline: what its result says, and that its own files stay as they were."""

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.catalog import Catalog, load_catalog
from course.grading.run import VERDICT_MIME, Result, digest_of_files, grade_folder, graded_seed
from course.grading.sandbox.kernels import Isolation
from course.notebooks.restore import grade_id
from course.quiz.model import load_quiz
from course.quiz.record import Recorder
from tests.asynchronous import run_async
from tests.platform.grading.one_run import FULL, NAMES, Submission, graded, insert_before
from tests.platform.tiny import SLUG, WRONG, exercise_points, reference_solutions, write_submission


def test_the_reference_gets_full_points(catalog: Catalog, reference: Path) -> None:
    result = graded(catalog, reference)
    assert sorted(result.cells) == sorted(NAMES)
    assert result.status == "graded"
    assert {result.cells[name].status for name in exercise_points()} == {"passed"}
    assert result.cells["explain_scaling"].status == "manual"
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
    assert result.cells["standardise"].misconceptions == ["shift_forgotten"]
    assert result.cells["first_peak"].misconceptions == ["last_on_tie"]
    cell = next(c for c in result.notebooks["exercises"].cells if grade_id(c) == "standardise")
    data = cell.outputs[0].data
    assert float(data["text/plain"]) == result.cells["standardise"].score
    assert "The shift is left out." in data["text/html"]
    assert data[VERDICT_MIME]["misconceptions"] == ["shift_forgotten"]


def wrong_pair() -> list[tuple[str, dict[str, str], str]]:
    return [
        (exercise, WRONG[exercise], name)
        for exercise, name in (("standardise", "shift_forgotten"), ("first_peak", "last_on_tie"))
    ]


def test_one_crashing_cell_does_not_cost_the_others(catalog: Catalog, reference: Path) -> None:
    insert_before(reference, "first_peak-solution", "raise RuntimeError('mine')")
    assert graded(catalog, reference).score == FULL


def test_writing_to_stderr_costs_nothing(catalog: Catalog, reference: Path) -> None:
    insert_before(reference, "standardise", "import sys; print('careful', file=sys.stderr)")
    assert graded(catalog, reference).score == FULL


def test_redefining_the_checker_gains_nothing(catalog: Catalog, submission: Submission) -> None:
    folder = submission()
    source = "import course\ndef check(name):\n    return 4\ncourse.check = check\nprint(4)\n4"
    insert_before(folder, "standardise", source)
    result = graded(catalog, folder)
    assert not result.cells["standardise"].score


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


@pytest.mark.parametrize("content", [None, "{not json"])
def test_an_optional_notebook_is_no_part_of_the_work(course_copy: Path, reference: Path, content: str | None) -> None:
    sources = course_copy / "notebooks" / SLUG
    nbformat.write(new_notebook(cells=[new_markdown_cell("# More")]), sources / "deeper-more.ipynb")
    if content:
        (reference / "deeper-more.ipynb").write_text(content)
    result = graded(load_catalog(course_copy), reference)
    assert (result.status, result.score, result.reason) == ("graded", FULL, "")


def test_grading_twice_gives_the_same_result(catalog: Catalog, submission: Submission) -> None:
    folder = submission(standardise=WRONG["standardise"]["no_rescale"])
    assert graded(catalog, folder).as_json() == graded(catalog, folder).as_json()


@pytest.mark.parametrize("isolation", ["sandbox", "none"])
def test_a_long_temporary_folder_is_no_obstacle(
    catalog: Catalog, submission: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isolation: str
) -> None:
    folder = submission(first_peak=reference_solutions()["first_peak"])
    long = tmp_path / ("long" * 20) / ("longer" * 20)
    long.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    monkeypatch.setattr("course.grading.sandbox.sandbox_process.scratch_folder", lambda: long)
    monkeypatch.setattr("course.grading.sandbox.sandbox_process._sandboxes", {})
    monkeypatch.setattr("course.grading.sandbox.kernel_pool._own", threading.local())
    assert grade_folder(catalog, SLUG, folder, isolation).score == 2  # type: ignore[arg-type]


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
    assert graded_seed(digest_of_files(reference), "first_peak") != graded_seed(before, "first_peak")
    assert graded_seed(before, "first_peak") != graded_seed(before, "running_sum")
    assert max(graded_seed(str(number), "first_peak").bit_length() for number in range(20)) > 120  # none to search for


def test_what_graders_write_beside_the_work_changes_nothing_and_is_not_seen(
    catalog: Catalog, submission: Submission
) -> None:
    source = "import os\nprint(sorted(os.listdir('.')))\ndef first_peak(scores):\n    return 0.3"
    folder = submission(first_peak=source)
    before = graded(catalog, folder)
    (folder / "feedback.html").write_text("<p>7</p>")
    (folder / "timestamp.txt").write_text("2030-01-01 10:00:00 UTC")
    after = graded(catalog, folder)
    assert after.as_json() == before.as_json()
    [seen] = [cell for cell in after.notebooks["exercises"].cells if cell.source == source]
    assert "exercises.ipynb" in seen.outputs[0].text
    assert "feedback.html" not in seen.outputs[0].text


@pytest.mark.parametrize("isolation", ["sandbox", "none"])
def test_answers_count_as_handed_in_whatever_the_notebook_does_to_the_file(
    catalog: Catalog, submission: Submission, isolation: Isolation
) -> None:
    folder = submission()
    recorder = Recorder(folder, SLUG)
    rights = {}
    for question in load_quiz(SLUG, catalog).graded:
        options = {option.correct: option.id for option in question.options}  # type: ignore[union-attr]
        recorder.record("answers", question.id, options[False])
        rights[question.id] = options[True]
    forge = f"from course.quiz.record import Recorder\nfor question, right in {rights!r}.items():\n"
    forge += f"    Recorder(__import__('pathlib').Path('.'), {SLUG!r}).record('answers', question, right)"
    forge += "\n__import__('os').remove('answers.json')"
    insert_before(folder, "standardise", forge)
    assert grade_folder(catalog, SLUG, folder, isolation).cells["quiz"].score == 0
    assert grade_folder(catalog, SLUG, folder, isolation).cells["quiz"].status == "failed"


def renamed(name: str, other: str) -> str:
    return reference_solutions()[name].replace(name, other)


def told_of_each(catalog: Catalog, folder: Path) -> dict[str, tuple[float | None, str]]:
    result = graded(catalog, folder)
    return {name: (result.cells[name].score, result.cells[name].reason) for name in NAMES}


def test_no_zero_is_final_where_a_right_answer_may_be_elsewhere(catalog: Catalog, submission: Submission) -> None:
    """One exercise for each way in which an answer gets lost; a person who looked would see it."""
    answers = reference_solutions()
    folder = submission(
        standardise="%%writefile answer.py\n" + answers["standardise"],
        running_sum=renamed("running_sum", "my_sum"),
        first_peak="def first_peak(scores):\n    return 0.1",
    )
    insert_before(folder, "running_sum-solution", "standardise = 3")
    insert_before(folder, "explain_scaling", answers["first_peak"])
    told = told_of_each(catalog, folder)
    assert told["standardise"][0] is None
    assert told["running_sum"][0] is None
    assert "Is its name as in the task?" in told["running_sum"][1]
    assert told["first_peak"] == (
        None,
        "It is defined in several cells, and the definition that counted is not fully right.",
    )


def test_nor_where_a_cell_could_not_run_here_or_the_answer_is_in_a_file(
    catalog: Catalog, submission: Submission
) -> None:
    answers = reference_solutions()
    folder = submission(standardise="from google.colab import files\n" + answers["standardise"], first_peak="# no idea")
    (folder / "sums.py").write_text(answers["running_sum"])
    told = told_of_each(catalog, folder)
    assert told["standardise"][0] is None
    assert "stopped with an error: ModuleNotFoundError: No module named 'google" in told["standardise"][1]
    assert told["running_sum"] == (None, "Its cell holds no answer, but sums.py may hold one.")
    assert told["first_peak"][0] == 0


def test_a_copy_of_the_notebook_with_the_answers_is_not_overlooked(catalog: Catalog, reference: Path) -> None:
    solved = (reference / "exercises.ipynb").read_bytes()
    write_submission(reference, {})
    (reference / "exercises-Copy1.ipynb").write_bytes(solved)
    result = graded(catalog, reference)
    reasons = {verdict.reason for name, verdict in result.cells.items() if name != "quiz"}
    assert reasons == {"Its cell holds no answer, but exercises-Copy1.ipynb may hold one."} | (
        {result.cells["explain_scaling"].reason}
    )
    assert {verdict.score for name, verdict in result.cells.items() if name in exercise_points()} == {None}
    write_submission(reference, {})
    (reference / "exercises-Copy1.ipynb").write_bytes((reference / "exercises.ipynb").read_bytes())
    assert {verdict.score for verdict in graded(catalog, reference).cells.values()} == {0}


def test_all_in_one_cell_with_the_checks_is_what_it_was(catalog: Catalog, reference: Path) -> None:
    path = reference / "exercises.ipynb"
    notebook = nbformat.read(path, as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    notebook.cells = [new_code_cell("\n\n".join(code))]
    nbformat.write(notebook, path)
    result = graded(catalog, reference)
    assert {result.cells[name].status for name in exercise_points()} == {"passed"}


def test_grading_works_where_an_event_loop_is_running(catalog: Catalog, submission: Submission) -> None:
    """As within a Jupyter server, or a test that drives a browser."""
    folder = submission(first_peak=reference_solutions()["first_peak"])

    async def within() -> Result:
        return grade_folder(catalog, SLUG, folder, "sandbox")

    for _time in range(2):
        assert run_async(within()).score == 2

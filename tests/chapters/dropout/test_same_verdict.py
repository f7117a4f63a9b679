"""One verdict everywhere: in the notebook and in grading, for every exercise at once."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from course.catalog import Catalog
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from course.grading.run import digest_of_files, grade_folder, graded_seed
from course.grading.sandbox.kernels import Isolation
from course.notebooks.restore import grade_id
from course.verdict import Verdict, marked
from tests.chapters.dropout.wrong_solutions import VARIANTS, WRONG, defined
from tests.conftest import SLUG, exercise_points, write_submission

FIRST = {exercise: next(iter(named.items())) for exercise, named in WRONG.items()}
LAST = {exercise: list(named.items())[-1] for exercise, named in VARIANTS.items()}


def sources(chosen: dict[str, tuple[str, str]]) -> dict[str, str]:
    return {exercise: source for exercise, (_name, source) in chosen.items()}


def told(verdict: Verdict) -> tuple[float | None, str, list[str]]:
    return verdict.score, verdict.status, verdict.misconceptions


def run_all(folder: Path) -> dict[str, NotebookNode]:
    """Runs every cell of the exercises as a learner's Run All does; the only output of each check cell, by name."""
    notebook = nbformat.read(folder / "exercises.ipynb", as_version=4)
    environment = {**os.environ, "COURSE_LANG": "en"}
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute(env=environment)
    streams = [
        output for cell in notebook.cells for output in cell.get("outputs", []) if output.get("name") == "stderr"
    ]
    assert not streams
    found = {}
    for cell in notebook.cells:
        if (name := grade_id(cell)) in exercise_points():
            (found[name],) = (output for output in cell.outputs if output.output_type == "execute_result")
    return found


@pytest.mark.parametrize(("chosen", "isolation"), [(FIRST, "sandbox"), (LAST, "none")], ids=["first", "last"])
def test_grading_gives_what_the_check_gives(
    catalog: Catalog, tmp_path: Path, chosen: dict[str, tuple[str, str]], isolation: Isolation
) -> None:
    folder = write_submission(tmp_path / SLUG, sources(chosen))
    result = grade_folder(catalog, SLUG, folder, isolation)
    for exercise, (name, source) in chosen.items():
        seed = graded_seed(digest_of_files(folder), exercise)
        assert told(result.cells[exercise]) == told(check_candidate(exercise, defined(source), seed))
        assert result.cells[exercise].misconceptions == [name]


def test_the_notebooks_own_check_gives_the_same_points(tmp_path: Path) -> None:
    outputs = run_all(write_submission(tmp_path / SLUG, sources(FIRST)))
    for exercise, (name, source) in FIRST.items():
        verdict = check_candidate(exercise, defined(source), VISIBLE_SEED)
        assert outputs[exercise].data["text/plain"] == repr(verdict)
        (says, *_again) = [finding.says for finding in verdict.findings if finding.misconception == name]
        assert marked(says) in outputs[exercise].data["text/html"]


def test_the_untouched_release_runs_to_its_end_and_nothing_is_attempted(tmp_path: Path) -> None:
    outputs = run_all(write_submission(tmp_path / SLUG, {}))
    assert set(outputs) == set(exercise_points())
    assert all("not attempted" in output.data["text/html"] for output in outputs.values())
    assert all(output.data["text/plain"] == "0" for output in outputs.values())


# Of exercises that no cell of the notebook calls but the check itself.
ENDLESS = "def mc_predict(model, x, n_samples):\n    while True:\n        x = x + 1\n"
DEAF = """
def train_step(model, optimizer, loss_fn, x, y):
    import time
    while True:
        try:
            time.sleep(60)
        except:
            x = x + 1
"""


def test_in_grading_a_function_without_end_or_a_cell_that_raises_costs_only_itself(
    catalog: Catalog, tmp_path: Path
) -> None:
    wrong = WRONG["subnet_average"]["unweighted_masks"]
    chosen = {"inverted_dropout": "def inverted_dropout(x, rate", "dropout_backward": "import no_such_module"}
    chosen |= {"mc_predict": ENDLESS, "train_step": DEAF, "subnet_average": wrong}
    cells = grade_folder(catalog, SLUG, write_submission(tmp_path / SLUG, chosen), "sandbox").cells
    for name in ("mc_predict", "train_step"):
        assert (cells[name].status, cells[name].score) == ("failed", 0.0)
        assert "had not come back after 10 seconds" in cells[name].findings[0].message
    assert cells["subnet_average"].misconceptions == ["unweighted_masks"]
    assert cells["choose_rate"].status == "not attempted"
    assert (cells["inverted_dropout"].status, cells["inverted_dropout"].score) == ("failed", 0.0)
    assert "The cell that should define inverted_dropout stopped with an error: SyntaxError: " in (
        cells["inverted_dropout"].reason
    )
    # A module that is missing here may be there where the learner works: a person decides.
    assert (cells["dropout_backward"].status, cells["dropout_backward"].score) == ("error", None)
    assert "stopped with an error: ModuleNotFoundError: " in cells["dropout_backward"].reason

"""One verdict everywhere: in the notebook and in grading, for all exercises of a chapter at once."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from course.authoring.solutions import Solution
from course.catalog import Catalog, Chapter
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from course.exercises.registry import chapter_exercises
from course.grading.run import digest_of_files, grade_folder, graded_seed
from course.grading.sandbox.kernels import Isolation
from course.notebooks.restore import grade_id
from course.verdict import Verdict, marked
from tests.conftest import ROOT, write_submission
from tests.contract.chapters import defined, solutions_of
from tests.session import ENGINE


def wrong_ones(slug: str, place: int) -> dict[str, Solution]:
    """Of each exercise the first or the last solution that is wrong and has a name."""
    named = {name: [each for each in known if any(each.names)] for name, known in solutions_of(slug).items()}
    return {name: known[place] for name, known in named.items()}


def sources(chosen: dict[str, Solution]) -> dict[str, str]:
    return {name: solution.source for name, solution in chosen.items()}


def told(verdict: Verdict) -> tuple[float | None, str, list[str]]:
    return verdict.score, verdict.status, verdict.misconceptions


def run_all(folder: Path, names: set[str]) -> dict[str, NotebookNode]:
    """Runs every cell of the exercises as a learner's Run All does; the only output of each check cell, by name."""
    notebook = nbformat.read(folder / "exercises.ipynb", as_version=4)
    environment = {**os.environ, "COURSE_LANG": "en", "COURSE_ROOT": str(ROOT), "PYTHONPATH": str(ENGINE)}
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute(env=environment)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    found = {}
    for cell in notebook.cells:
        if (name := grade_id(cell)) in names:
            (found[name],) = (output for output in cell.outputs if output.output_type == "execute_result")
    return found


@pytest.mark.parametrize(("place", "isolation"), [(0, "sandbox"), (-1, "none")], ids=["first", "last"])
def test_grading_gives_what_the_check_gives(
    catalog: Catalog,
    chapter: Chapter,
    tmp_path: Path,
    place: int,
    isolation: Isolation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ENGINE))
    chosen = wrong_ones(chapter.slug, place)
    folder = write_submission(tmp_path / chapter.slug, sources(chosen))
    result = grade_folder(catalog, chapter.slug, folder, isolation)
    for exercise, solution in chosen.items():
        seed = graded_seed(digest_of_files(folder), exercise)
        checked = check_candidate(exercise, defined(chapter.slug, solution.source), seed, chapter)
        assert told(result.cells[exercise]) == told(checked)
        assert (result.cells[exercise].misconceptions or [""])[0] in solution.names


def test_the_notebooks_own_check_gives_the_same_points(chapter: Chapter, tmp_path: Path) -> None:
    chosen = wrong_ones(chapter.slug, 0)
    outputs = run_all(write_submission(tmp_path / chapter.slug, sources(chosen)), set(chosen))
    for exercise, solution in chosen.items():
        verdict = check_candidate(exercise, defined(chapter.slug, solution.source), VISIBLE_SEED, chapter)
        assert outputs[exercise].data["text/plain"] == repr(verdict)
        (says, *_again) = [finding.says for finding in verdict.findings if finding.misconception]
        assert marked(says) in outputs[exercise].data["text/html"]


def test_the_untouched_release_runs_to_its_end_and_nothing_is_attempted(chapter: Chapter, tmp_path: Path) -> None:
    names = set(chapter_exercises(chapter))
    outputs = run_all(write_submission(tmp_path / chapter.slug, {}), names)
    assert set(outputs) == names
    assert all("not attempted" in output.data["text/html"] for output in outputs.values())
    assert all(output.data["text/plain"] == "0" for output in outputs.values())

"""docs/authoring.md, and docs/authoring-first-exercise.md in place of its steps 2 to 4: whoever does what they say has
a chapter that is released, solved, graded and shown, beside others.

The same is so of a chapter as `course new` lays it out.
"""

import csv
import json
import re
import runpy
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course.catalog import load_catalog
from course.notebooks.release import release
from course.quiz.record import Recorder
from tests.conftest import ROOT, exercise_points, filled, reference_solutions
from tests.platform.docs.pages import Block, blocks, copy_project, run, run_forked

GUIDE = ROOT / "docs" / "authoring.md"
FIRST_EXERCISE = ROOT / "docs" / "authoring-first-exercise.md"
SLUG, UNTOUCHED = "1-1-relu", "3-4-multitask-learning"
OTHER = load_catalog(ROOT).chapters[0]  # that stands in the course
NEW = "course/chapters/relu tests/chapters/relu notebooks/1-1-relu"


def follow(step: Block, file: str, root: Path) -> None:
    """Does what one block of the guide says: change a file, write a file, or run commands."""
    if step.language == "diff":
        lines = step.text.splitlines(keepends=True)
        old, new = ("".join(line[1:] for line in lines if line[0] in marks) for marks in (" -", " +"))
        before = (root / file).read_text()
        assert before.count(old) == 1, step.text
        (root / file).write_text(before.replace(old, new))
    elif step.language:
        assert (root / file).parent.is_dir()  # `course new` has laid it out
        (root / file).write_text(step.text)
    else:
        for command in step.text.splitlines():
            run(command, root)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which somebody has followed the guide, and has laid out another chapter."""
    root = copy_project(tmp_path_factory.mktemp("author") / "project")
    file = ""
    laid_out, *rest = blocks(GUIDE)
    for step in (laid_out, *blocks(FIRST_EXERCISE), *rest):
        file = step.file or file  # several changes of one file follow each other
        follow(step, file, root)
    run(f'.venv/bin/course new {UNTOUCHED} "Multitask learning"', root)
    return root


def hand_in(root: Path, student: str, solutions: dict[str, str], slug: str = SLUG) -> Path:
    """What a student makes of the released chapter."""
    released = release(load_catalog(root), slug).notebooks
    folder = root / "class" / "submitted" / student / slug
    folder.mkdir(parents=True)
    for stem, notebook in released.items():
        nbformat.write(filled(notebook, solutions), folder / f"{stem}.ipynb")
    return folder


def graded(root: Path, slug: str) -> dict[str, Any]:
    """The rows of `course grade`."""
    command = f".venv/bin/course grade {slug}"
    run_forked(f"{command} --workers 2 --json {slug}.json", root)
    rows: dict[str, Any] = json.loads((root / f"{slug}.json").read_text())
    return rows


def solution(path: Path) -> str:
    """A right solution that a chapter's tests know."""
    return str(runpy.run_path(str(path))["RIGHT"]["vectorised"])


def test_what_the_guide_writes_is_as_ruff_wants_it(project: Path) -> None:
    run(f".venv/bin/ruff check {NEW}", project)
    run(f".venv/bin/ruff format --check {NEW}", project)


def test_cells_that_are_edited_as_text_keep_their_ids(project: Path) -> None:
    cells = nbformat.read(project / "notebooks" / SLUG / "exercises.ipynb", as_version=4).cells
    assert [cell.id for cell in cells] == ["title", "setup", "e1-task", "e1-solution", "e1-try", "e1-check", "after"]


def test_the_release_has_no_solution(project: Path) -> None:
    released = (project / "class" / "release" / SLUG / "exercises.ipynb").read_text()
    assert "YOUR CODE HERE" in released
    assert "np.maximum" not in released


def test_its_work_is_graded_beside_another_chapter(project: Path) -> None:
    right = solution(project / "tests" / "chapters" / "relu" / "solutions" / "relu.py")
    ada = hand_in(project, "ada", {"relu": right})
    assert Recorder(ada, SLUG).record("answers", "what-it-does", "mean-zero")
    hand_in(project, "ben", {"relu": "def relu(x):\n    return np.abs(x)"})
    hand_in(project, "cleo", {})
    exercise = next(iter(exercise_points(OTHER.slug)))
    hand_in(project, "ada", {exercise: reference_solutions(OTHER.slug)[exercise]}, OTHER.slug)
    assert f"`.venv/bin/course grade {SLUG}`" in GUIDE.read_text()
    rows = graded(project, SLUG)
    assert (rows["ada"]["score"], rows["ada"]["max_score"]) == (3, 4)
    assert rows["ben"]["cells"]["relu"]["misconceptions"] == ["absolute_value"]
    assert rows["ben"]["score"] == 0.5  # for an argument that was left alone
    assert rows["cleo"]["cells"]["relu"]["status"] == "not attempted"
    assert graded(project, OTHER.slug)["ada"]["cells"][exercise]["status"] == "passed"


def test_the_contents_page_shows_both_chapters(project: Path) -> None:
    lay_out = "lay_out(load_catalog(), Path('workspace'))"
    imports = (
        "from pathlib import Path; from course.notebooks.workspace import lay_out; "
        "from course.catalog import load_catalog"
    )
    run(f'.venv/bin/python -c "{imports}; {lay_out}"', project)
    page = (project / "workspace" / "index.ipynb").read_text()
    assert "1.1 ReLU" in page
    assert "1.1 Layers" not in page  # what was announced under that number has made room
    assert 'href=\\"1-1-relu/exercises.ipynb\\"' in page
    assert "0 of 2 questions answered" in page
    assert "0 of 1 exercise passed" in page
    assert f"{OTHER.number} {OTHER.title}" in page


# --- a chapter that `course new` has laid out and nobody has touched ---


def test_an_untouched_chapter_has_no_fault_and_keeps_the_contract(project: Path) -> None:
    assert "No faults found." in run_forked(".venv/bin/course validate", project)
    assert " passed" in run_forked(f".venv/bin/python -m pytest -p no:cacheprovider --chapter {UNTOUCHED}", project)
    run(".venv/bin/ruff check course/chapters tests/chapters notebooks", project)


def test_an_untouched_chapter_is_checked_and_its_stub_is_not_attempted(project: Path) -> None:
    right = solution(project / "tests" / "chapters" / "multitask_learning" / "solutions" / "example_3_4.py")
    for solutions, status in (({"example_3_4": right}, "passed"), ({}, "not attempted")):
        folder = project / "own" / status.replace(" ", "-") / UNTOUCHED
        folder.mkdir(parents=True)
        for stem, notebook in release(load_catalog(project), UNTOUCHED).notebooks.items():
            assert "BEGIN SOLUTION" not in nbformat.writes(notebook)
            nbformat.write(filled(notebook, solutions), folder / f"{stem}.ipynb")
        told = run_forked(f".venv/bin/course check {UNTOUCHED} --json --from {folder}", project)
        assert json.loads(told)["cells"]["example_3_4"]["status"] == status


def test_the_demo_takes_an_untouched_chapter(project: Path) -> None:
    run_forked(f".venv/bin/course demo {UNTOUCHED} --students 6 --no-browser --folder class-of-six", project)
    reports = project / "class-of-six" / "class" / "reports" / UNTOUCHED
    with (reports / "scores.csv").open(encoding="utf-8") as file:
        assert [row["status"] for row in csv.DictReader(file)] == ["graded"] * 6
    told = run_forked(f".venv/bin/course demo {OTHER.slug} --no-browser --folder class-of-six", project, expect=2)
    assert f"has handed in nothing of {OTHER.slug}: it was made for another chapter. Make it anew with --fresh" in told


def test_an_untouched_chapter_runs_within_its_budgets_and_its_marks_are_told(project: Path) -> None:
    told = run_forked(f".venv/bin/course validate --run {UNTOUCHED}", project)
    assert re.search(rf"{UNTOUCHED}/lesson.ipynb: \d+ s of 60 s, \d+ of 45 cells, .* 1 of 3 interactive figures", told)
    assert "tests/chapters/multitask_learning/solutions: 7 solutions judged." in told
    assert re.search(rf"{UNTOUCHED}/lesson.ipynb:\d+: cell 'title' is the first place where \d+ texts wait", told)
    assert "No faults found." in told


def test_each_fault_of_a_chapter_that_is_run_is_told_once_where_it_is(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "faulty", symlinks=True)
    root = tmp_path / "faulty"
    lesson = root / "notebooks" / UNTOUCHED / "lesson.ipynb"
    text = lesson.read_text()
    text = text.replace('"lesson.offset_picture(3.0)"', '"import sys\\n",\n    "print(7, file=sys.stderr)"')
    text = text.replace("the error falls faster.", "the error falls to 0.777.")
    text = text.replace("x.mean(axis=0)  # one for each column", "x.meen(axis=0)")
    lesson.write_text(text)
    exercises = root / "notebooks" / UNTOUCHED / "exercises.ipynb"
    exercises.write_text(exercises.read_text().replace("inputs (2 points)", "inputs (3 points)"))
    known = root / "tests" / "chapters" / "multitask_learning" / "solutions" / "example_3_4.py"
    known.write_text(known.read_text().replace("return x - np.mean(x)", "return x - x.mean(axis=0)"))
    told = run_forked(f".venv/bin/course validate --run {UNTOUCHED}", root, expect=1)
    place = rf"^notebooks/{UNTOUCHED}/"
    solutions = "tests/chapters/multitask_learning/solutions/example_3_4.py"
    faults = [
        place + r"exercises.ipynb:\d+: cell 'e1-task' promises 3 points, and the cell example_3_4 gives 2\.",
        place + r"lesson.ipynb:\d+: cell 'benefit-picture' writes to stderr: 7\.",
        place + r"lesson.ipynb:\d+: cell 'how-numpy' raises AttributeError: .*meen",
        r"  notebooks/\S+/lesson.ipynb:\d+: cell 'benefit-saw' says 0.777, which no output above shows\.",
        rf"^{solutions}:\d+: example_3_4, 'one_mean_for_all', with seed 7 must fail with one_mean_for_all, and is",
    ]
    for fault in faults:
        assert len(re.findall(fault, told, re.MULTILINE)) == 1, (fault, told)
    assert "No faults found" not in told

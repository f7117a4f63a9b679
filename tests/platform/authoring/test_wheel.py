"""The wheel, installed in an empty environment: a learner has everything in an empty folder, and no solutions."""

import json
import subprocess
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from course.authoring.wheel import build_wheel
from course.catalog import load_catalog
from course.rules.read import COURSE_FILE
from tests.conftest import ROOT, SLUG, environment, reference_solutions
from tests.platform.browser.conftest import TOKEN, start_lab, stop
from tests.platform.grading.test_release import MARKS, after_grading, telling_lines


@pytest.fixture(scope="module")
def lab(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of `course lab` as started in an empty folder, and that folder."""
    folder = tmp_path_factory.mktemp("empty")
    process, running = start_lab(folder, [str(installed / "bin" / "course")], environment())
    yield running.address, folder
    stop(process)


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Runs a program of the environment in folder."""
    program = str(installed / "bin" / command[0])
    return subprocess.run(
        [program, *command[1:]], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )


def test_course_lab_in_an_empty_folder_lays_out_the_course_and_serves_it(lab: tuple[str, Path]) -> None:
    address, folder = lab
    with urllib.request.urlopen(f"{address}/api/contents/{SLUG}?token={TOKEN}") as answer:
        served = {entry["name"] for entry in json.load(answer)["content"]}
    assert {"lesson.ipynb", "exercises.ipynb"} <= served
    assert "2.4 Dropout" in (folder / "workspace" / "index.ipynb").read_text()
    assert not list(folder.glob("workspace/workspace"))


def test_quiz_check_and_progress_work_there(installed: Path, lab: tuple[str, Path]) -> None:
    folder = lab[1] / "workspace" / SLUG
    sources = [
        f'from course import check, quiz\nquiz("{SLUG}")',
        f'import numpy as np\n{reference_solutions()["choose_rate"]}\ncheck("choose_rate")',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    nbformat.write(notebook, folder / "mine.ipynb")
    done = run(installed, folder, "jupyter", "execute", "--inplace", "mine.ipynb")
    assert done.returncode == 0, done.stderr
    shown = [cell.outputs[-1].data for cell in nbformat.read(folder / "mine.ipynb", as_version=4).cells]
    assert "application/vnd.jupyter.widget-view+json" in shown[0]
    assert "</code>: passed</strong>" in shown[1]["text/html"]
    told = run(installed, lab[1], "course", "progress")
    assert "quiz 0 of 2; inverted_dropout: empty" in told.stdout


def test_what_is_for_instructors_and_authors_says_that_it_needs_a_clone(installed: Path, lab: tuple[str, Path]) -> None:
    for command in (["grade", SLUG], ["validate"]):
        told = run(installed, lab[1], "course", *command)
        assert told.returncode > 0
        assert "a clone of the course" in told.stderr
        assert "Traceback" not in told.stderr


def test_no_solution_line_and_no_mark_of_one_is_in_the_environment(installed: Path) -> None:
    folders = list(installed.glob("lib/python*/site-packages/course")) + list(
        installed.glob("lib/python*/site-packages/dropout_course*")
    )
    assert len(folders) == 2
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    texts = {path: path.read_bytes().decode("utf-8", "replace") for path in files}
    released = "\n".join(text for path, text in texts.items() if path.suffix == ".ipynb")
    assert "YOUR CODE HERE" in released
    assert not [mark for mark in MARKS if mark in released]
    for lines in telling_lines(reference_solutions()).values():
        # what the lesson teaches, such as `with tf.GradientTape() as tape:`, may occur, but not two lines of a solution
        assert sum(line in released for line in lines) <= 1
        assert not [path.name for path, text in texts.items() if sum(line in text for line in lines) > 1]


@pytest.mark.parametrize("set_in", ["quizzes", COURSE_FILE])
def test_the_key_of_a_quiz_that_tells_after_grading_is_not_in_the_wheel(
    set_in: str, course_copy: Path, tmp_path: Path
) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-lessons"):
        (course_copy / name).write_bytes((ROOT / name).read_bytes())
    if set_in == COURSE_FILE:
        (course_copy / COURSE_FILE).write_text("quiz: {feedback: after-grading}\n")
    else:
        after_grading(course_copy)
    wheel = zipfile.ZipFile(build_wheel(load_catalog(course_copy), tmp_path))
    released = [name for name in wheel.namelist() if name.startswith("course/released/")]
    assert "course/released/notebooks/2-1-tiny/quiz.json" in released
    assert (f"course/released/{COURSE_FILE}" in released) == (set_in == COURSE_FILE)  # for learners' own checks
    assert not [name for name in released if name.endswith(".yml") and "quizzes" in name]
    text = "".join(wheel.read(name).decode() for name in released)
    assert "misconception" not in text

    assert not [name for name in wheel.namelist() if "new_chapter" in name]  # it holds a solution, for authors

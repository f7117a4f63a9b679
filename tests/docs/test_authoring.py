"""docs/authoring.md: whoever does what it says has a chapter that is released, solved, graded and shown."""

import json
from pathlib import Path

import nbformat
import pytest

from course.quiz.record import Recorder
from tests.conftest import ROOT, filled
from tests.docs.pages import Block, blocks, copy_project, run

GUIDE = ROOT / "docs" / "authoring.md"
SLUG = "1-1-relu"
SOLUTION = "def relu(x):\n    return np.maximum(x, 0)"


def follow(step: Block, file: str, root: Path) -> None:
    """Does what one block of the guide says: change a file, write a file, or run commands."""
    if step.language == "diff":
        lines = step.text.splitlines(keepends=True)
        old, new = ("".join(line[1:] for line in lines if line[0] in marks) for marks in (" -", " +"))
        before = (root / file).read_text()
        assert before.count(old) == 1, step.text
        (root / file).write_text(before.replace(old, new))
    elif step.language:
        assert (root / file).is_file()  # `course new` has laid it out
        (root / file).write_text(step.text)
    else:
        for command in step.text.splitlines():
            run(command, root)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which somebody has followed the guide."""
    root = copy_project(tmp_path_factory.mktemp("author") / "project")
    file = ""
    for step in blocks(GUIDE):
        file = step.file or file  # several changes of one file follow each other
        follow(step, file, root)
    return root


def hand_in(root: Path, student: str, solutions: dict[str, str]) -> Path:
    """What a student makes of the released chapter."""
    folder = root / "class" / "submitted" / student / SLUG
    folder.mkdir(parents=True)
    for path in (root / "class" / "release" / SLUG).glob("*.ipynb"):
        nbformat.write(filled(nbformat.read(path, as_version=4), solutions), folder / path.name)
    return folder


def test_what_the_guide_writes_is_as_ruff_wants_it(project: Path) -> None:
    new = "course/chapters/relu tests/chapters/relu notebooks/1-1-relu"
    run(f".venv/bin/ruff check {new}", project)
    run(f".venv/bin/ruff format --check {new}", project)


def test_the_release_has_no_solution(project: Path) -> None:
    released = (project / "class" / "release" / SLUG / "exercises.ipynb").read_text()
    assert "YOUR CODE HERE" in released
    assert "np.maximum" not in released


def test_its_work_is_graded(project: Path) -> None:
    ada = hand_in(project, "ada", {"relu": SOLUTION})
    assert Recorder(ada, SLUG).record("answers", "negative-input", "zero")
    hand_in(project, "ben", {"relu": "def relu(x):\n    return np.abs(x)"})
    hand_in(project, "cleo", {})
    command = f".venv/bin/course grade {SLUG}"
    assert f"`{command}`" in GUIDE.read_text()
    run(f"{command} --workers 1 --json results.json", project)
    rows = json.loads((project / "results.json").read_text())
    assert rows["ada"]["score"] == rows["ada"]["max_score"] == 3
    assert rows["ben"]["cells"]["relu"]["misconceptions"] == ["absolute_value"]
    assert rows["ben"]["score"] == 0
    assert rows["cleo"]["cells"]["relu"]["status"] == "not attempted"


def test_the_contents_page_shows_both_chapters(project: Path) -> None:
    program = (
        "from pathlib import Path; from course.workspace import lay_out; from course.catalog import load_catalog; "
    )
    run(f".venv/bin/python -c '{program} lay_out(load_catalog(), Path(\"workspace\"))'", project)
    page = (project / "workspace" / "index.ipynb").read_text()
    assert (
        "**Section 1. Chapter 1. ReLU** | [Lesson](1-1-relu/lesson.ipynb) · [Exercises](1-1-relu/exercises.ipynb)"
        in page
    )
    assert "0 of 1 answered | 0 of 1 passed" in page
    assert "**Section 2. Chapter 4. Dropout**" in page

"""Plain nbgrader notebooks, as nbgrader's own tests have them: graded by our pipeline and by stock nbgrader.

Where stock nbgrader can be deceived, or gives points for what was never run, the right value stands beside it.
"""

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook

from course.catalog import load_catalog
from course.grading.gradebook.store import ClassFolder
from course.grading.schedule import Plan, grade_class
from course.notebooks.release import release
from tests.commands import run_module
from tests.platform.tiny import SLUG, copy_course, environment

SHARED = {"schema_version": 3, "task": False}
STUB = "def squares(n):\n    # YOUR CODE HERE"
RIGHT = "def squares(n):\n    if n < 1:\n        raise ValueError\n    return [i ** 2 for i in range(1, n + 1)]"
HALF = "def squares(n):\n    return [i ** 2 for i in range(1, n + 1)]"
WRONG = "def squares(n):\n    return []"
SILENCED = "import IPython\nshell = get_ipython()\nshell.showtraceback = lambda *a, **k: None\n"
SILENCED_BY_NONE = "get_ipython().showtraceback = None\nget_ipython()._showtraceback = None\n"
POINTS = {"values": 1, "raises": 2, "share": 2, "words": 3}

# What was handed in, as changes of the released notebook by name of the cell, and the points earned; None: a person's.
Earned = dict[str, float | None]
SUBMITTED: dict[str, tuple[dict[str, str], Earned]] = {
    "unchanged": ({}, {"values": 0, "raises": 0, "share": 0, "words": 0}),
    "right": ({"squares": RIGHT, "words": "Sums."}, {"values": 1, "raises": 2, "share": 2, "words": None}),
    "half": ({"squares": HALF}, {"values": 1, "raises": 0, "share": 1.5, "words": 0}),
    "wrong": ({"squares": WRONG}, {"values": 0, "raises": 0, "share": 0.5, "words": 0}),
    "a_syntax_error": ({"squares": "def squares(n:"}, {"values": 0, "raises": 0, "share": 0, "words": 0}),
    "asserts_edited": (
        {"squares": WRONG, "values": "assert True", "raises": "pass", "share": "2"},
        {"values": 0, "raises": 0, "share": 0.5, "words": 0},
    ),
    "warns": (
        {"squares": "import sys\nprint('careful', file=sys.stderr)\n" + RIGHT},
        {"values": 1, "raises": 2, "share": 2, "words": 0},
    ),
}
# Stock nbgrader says otherwise of these.
DECEIVING: dict[str, tuple[dict[str, str], Earned]] = {
    "silenced": ({"squares": SILENCED + WRONG}, {"values": 0, "raises": 0, "share": 0.5, "words": 0}),
    "silenced_by_none": ({"squares": SILENCED_BY_NONE + WRONG}, {"values": 0, "raises": 0, "share": 0.5, "words": 0}),
    "writes_to_stderr_in_tests": (
        {"squares": RIGHT.replace("    return", "    import sys\n    sys.stderr.write('x')\n    return")},
        {"values": 1, "raises": 2, "share": 2, "words": 0},
    ),
    "ends_python": ({"squares": "import os\nos._exit(0)"}, {"values": 0, "raises": 0, "share": 0, "words": 0}),
}


def cells() -> list[NotebookNode]:
    def cell(name: str, source: str, grade: bool, solution: bool, make=new_code_cell) -> NotebookNode:  # type: ignore[no-untyped-def]
        made = make(source, id=f"plain-{name}")
        made.metadata["nbgrader"] = {**SHARED, "grade_id": name, "grade": grade, "solution": solution}
        made.metadata["nbgrader"]["locked"] = grade and not solution
        if grade:
            made.metadata["nbgrader"]["points"] = POINTS[name]
        return made

    solution = STUB.replace("# YOUR CODE HERE", "### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION")
    raises = "try:\n    squares(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no error')"
    share = "found = squares(2)\n0.5 if found == [] else 2 if hasattr(squares, '__code__') and _raises() else 1.5"
    helper = (
        "def _raises():\n    try:\n        squares(0)\n    except ValueError:\n        return True\n    return False\n"
    )
    return [
        new_markdown_cell("# Squares", id="plain-title"),
        cell("squares", solution, False, True),
        cell("values", "assert squares(2) == [1, 4]", True, False),
        cell("raises", raises, True, False),
        cell("share", helper + share, True, False),
        cell("words", "YOUR ANSWER HERE", True, True, new_markdown_cell),
    ]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = copy_course(tmp_path_factory.mktemp("plain") / "course")
    folder = course / "notebooks" / SLUG
    (folder / "lesson.ipynb").unlink()
    notebook = nbformat.read(folder / "exercises.ipynb", as_version=4)
    notebook.cells = cells()
    nbformat.write(notebook, folder / "exercises.ipynb")
    for student, (changes, _earned) in (SUBMITTED | DECEIVING).items():
        hand_in(course, student, changes)
    return course


def hand_in(root: Path, student: str, changes: dict[str, str]) -> None:
    notebook = release(load_catalog(root), SLUG).notebooks["exercises"]
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = changes.get(name, cell.source)
    folder = root / "class" / "submitted" / student / SLUG
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "exercises.ipynb")


def points(root: Path) -> dict[str, Earned]:
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as book:
        return {
            submission.student.id: {
                grade.name: None if grade.needs_manual_grade else grade.score
                for grade in submission.notebooks[0].grades
            }
            for submission in book.assignment_submissions(SLUG)
        }


def test_everybody_gets_what_was_earned(root: Path) -> None:
    class_folder = ClassFolder(load_catalog(root))
    plan = Plan(SLUG, class_folder.submitted(SLUG), "sandbox")
    assert {row.result["status"] for row in grade_class(class_folder.catalog, class_folder, plan)} == {"graded"}
    assert points(root) == {student: earned for student, (_changes, earned) in (SUBMITTED | DECEIVING).items()}


def test_stock_nbgrader_gives_the_same_where_it_is_not_deceived(root: Path, tmp_path: Path) -> None:
    course = copy_course(tmp_path / "course")
    for name in ("lesson.ipynb", "exercises.ipynb"):
        (course / "notebooks" / SLUG / name).unlink()
    notebook = nbformat.read(root / "notebooks" / SLUG / "exercises.ipynb", as_version=4)
    nbformat.write(notebook, course / "notebooks" / SLUG / "exercises.ipynb")
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text().partition("# What differs from stock nbgrader")[0])
    for student, (changes, _earned) in SUBMITTED.items():
        hand_in(course, student, changes)
    for command in (["generate_assignment", SLUG], ["autograde", SLUG]):
        run = run_module(("nbgrader", *command), course, environment())
        assert run.returncode == 0, run.stderr
    assert points(course) == {student: earned for student, (_changes, earned) in SUBMITTED.items()}

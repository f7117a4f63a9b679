"""One submission through the whole pipeline, for the tests of what comes of it."""

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from course.catalog import Catalog
from course.grading.run import Result, grade_folder
from course.notebooks.restore import grade_id
from tests.platform.tiny import SLUG, exercise_points

Submission = Callable[..., Path]


NAMES = [*exercise_points(), "explain_scaling", "quiz"]


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

"""The tests' own course, tests/platform/course: one chapter, three exercises without Keras, one quiz.

The engine's tests use it wherever they need a chapter. Its package lies beside the real chapters in the engine that the
tests import (tests/session.py).
"""

import runpy
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from tests.session import ENGINE, ROOT, TINY  # first of all: it says which package `course` is

# isort: split
from course.catalog import load_catalog
from course.exercises.registry import chapter_exercises
from course.notebooks.release import release, source_notebooks
from course.notebooks.restore import grade_id
from tests.conftest import environment as plain_environment
from tests.conftest import filled

SLUG = "2-1-tiny"
_SOLUTIONS = TINY / "tests" / "chapters" / "tiny" / "solutions"
NAMES = ("standardise", "running_sum", "first_peak")


def _table(name: str) -> dict[str, dict[str, str]]:
    return {each: runpy.run_path(str(_SOLUTIONS / f"{each}.py"))[name] for each in NAMES}


RIGHT, WRONG, UNNAMED = _table("RIGHT"), _table("WRONG"), _table("UNNAMED")


def copy_course(target: Path) -> Path:
    """Sources and settings of the tiny course, in a folder of its own: no class and no workspace yet."""
    shutil.copytree(TINY / "notebooks", target / "notebooks", ignore=shutil.ignore_patterns(".*"))
    shutil.copytree(TINY / "quizzes", target / "quizzes")
    shutil.copy(ROOT / "nbgrader_config.py", target)
    return target


def write_submission(folder: Path, solutions: Mapping[str, str], root: Path = TINY) -> Path:
    """The notebooks released from root in folder, the solution cells named in solutions filled with those sources.

    The folder's name is the chapter's slug, as in class/submitted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for stem, notebook in release(load_catalog(root), folder.name).notebooks.items():
        nbformat.write(filled(notebook, dict(solutions)), folder / f"{stem}.ipynb")
    return folder


def reference_solutions() -> dict[str, str]:
    """The solution cells' sources by name, from the source notebooks."""
    return {
        name.removesuffix("-solution"): cell.source
        for notebook in source_notebooks(load_catalog(TINY), SLUG).values()
        for cell in notebook.cells
        if (name := grade_id(cell)) and cell.metadata.nbgrader.solution
    }


def exercise_points() -> dict[str, float]:
    """Points of the judged exercises by name, in order."""
    return {name: exercise.points for name, exercise in chapter_exercises(load_catalog(TINY).chapter(SLUG)).items()}


def defined(source: str) -> dict[str, Any]:
    """What a learner's cell defines, run after the notebook's own imports."""
    namespace: dict[str, Any] = {"np": np}
    exec(source, namespace)
    return namespace


def environment(**extra: str) -> dict[str, str]:
    """For commands that tests run: as a user would, on the engine that has the tiny chapter."""
    return plain_environment(**{"PYTHONPATH": str(ENGINE), **extra})

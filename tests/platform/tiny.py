"""The tests' own course, tests/platform/course: one chapter, three exercises without Keras, one quiz.

The engine's tests use it wherever they need a chapter. Its package lies beside the real chapters in the engine that the
tests import (tests/session.py).
"""

import runpy
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tests.session import ENGINE, ROOT, TINY  # first of all: it says which package `course` is

# isort: split
from tests import conftest

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
    """The notebooks released from root in folder, with these sources in the solution cells of those names."""
    return conftest.write_submission(folder, dict(solutions), root)


def reference_solutions() -> dict[str, str]:
    """The solution cells' sources by name, from the source notebooks."""
    return conftest.reference_solutions(SLUG, TINY)


def exercise_points() -> dict[str, float]:
    """Points of the judged exercises by name, in order."""
    return conftest.exercise_points(SLUG, TINY)


def defined(source: str) -> dict[str, Any]:
    """What a learner's cell defines, run after the notebook's own imports."""
    namespace: dict[str, Any] = {"np": np}
    exec(source, namespace)
    return namespace


def environment(**extra: str) -> dict[str, str]:
    """For commands that tests run: as a user would, on the engine that has the tiny chapter."""
    return conftest.environment(**{"PYTHONPATH": str(ENGINE), **extra})

"""The lesson, run once for all tests that look at it."""

from __future__ import annotations

import nbformat
import pytest

from tests.conftest import ROOT
from tests.lesson_run import LessonRun, run_lesson

SLUG = "2-4-dropout"


@pytest.fixture(scope="session")
def lesson_source() -> nbformat.NotebookNode:
    return nbformat.read(ROOT / "notebooks" / SLUG / "lesson.ipynb", as_version=4)


@pytest.fixture(scope="session")
def lesson_run() -> LessonRun:
    return run_lesson(SLUG)

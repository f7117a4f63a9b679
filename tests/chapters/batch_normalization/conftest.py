"""The lesson, run once for all tests that look at it."""

from __future__ import annotations

import pytest

from tests.lesson_run import LessonRun, run_lesson


@pytest.fixture(scope="session")
def lesson_run() -> LessonRun:
    return run_lesson("2-5-batch-normalization")

"""The engine's tests know no real chapter: their course is the tiny one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.platform.tiny import (  # before `course`
    ENGINE,
    SLUG,
    TINY,
    copy_course,
    reference_solutions,
    write_submission,
)

# isort: split
from course.catalog import Catalog, load_catalog


@pytest.fixture(autouse=True)
def _tiny_course(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody says otherwise, the course is the tiny one."""
    monkeypatch.setenv("COURSE_ROOT", str(TINY))
    monkeypatch.setenv("PYTHONPATH", str(ENGINE))  # for kernels that are not sealed


@pytest.fixture
def catalog() -> Catalog:
    return load_catalog(TINY)


@pytest.fixture
def course_copy(tmp_path: Path) -> Path:
    """A course folder of its own: sources and settings, no class and no workspace yet."""
    return copy_course(tmp_path / "course-copy")


@pytest.fixture
def submission(tmp_path: Path) -> Callable[..., Path]:
    """submission(standardise="…source…") → a folder with the released notebooks, so filled in."""

    def make(**solutions: str) -> Path:
        return write_submission(tmp_path / "submission" / SLUG, solutions)

    return make


@pytest.fixture
def reference(submission: Callable[..., Path]) -> Path:
    return submission(**reference_solutions())

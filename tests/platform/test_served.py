"""The contents page as JupyterLab's server reads it: fresh where it can be, and shown as it lies where it cannot."""

from pathlib import Path

import pytest

from course.catalog import load_catalog
from course.notebooks import served
from course.notebooks.workspace import lay_out
from course.quiz.record import Recorder
from tests.asynchronous import run_async
from tests.platform.tiny import SLUG


@pytest.fixture
def workspace(course_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(served, "load_catalog", lambda: load_catalog(course_copy))
    lay_out(load_catalog(course_copy), course_copy / "workspace")
    Recorder(course_copy / "workspace" / SLUG, SLUG).record("answers", "what-it-does", "mean-and-spread")
    return course_copy / "workspace"


def opened(folder: Path) -> str:
    manager = served.CourseContents(root_dir=str(folder))
    return str(run_async(manager.get("index.ipynb", type="notebook"))["content"])


def test_it_is_brought_up_to_date_when_it_is_opened(workspace: Path) -> None:
    assert "0 of 2 questions answered" in (workspace / "index.ipynb").read_text()
    assert "1 of 2 questions answered" in opened(workspace)


@pytest.mark.parametrize("fault", [OSError("no"), ValueError("not expected"), RuntimeError("nor this")])
def test_whatever_is_wrong_it_is_shown_as_it_lies(
    workspace: Path, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise fault

    monkeypatch.setattr(served, "refresh_contents_page", broken)
    assert "0 of 2 questions answered" in opened(workspace)

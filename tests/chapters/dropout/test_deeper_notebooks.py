"""The optional notebooks as files: marked as such, within their budget, with nothing graded in them."""

from __future__ import annotations

import re

import nbformat
import pytest

from tests.conftest import ROOT

FOLDER = ROOT / "notebooks" / "2-4-dropout"
NAMES = ("mechanism", "practice", "theory")


@pytest.fixture(params=NAMES)
def notebook(request) -> nbformat.NotebookNode:
    return nbformat.read(FOLDER / f"deeper-{request.param}.ipynb", as_version=4)


def text_of(notebook: nbformat.NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_is_marked_optional_with_its_time_and_leads_back(notebook):
    first, last = notebook.cells[0].source, notebook.cells[-1].source
    assert re.search(r"\*\*Optional, \d+ to \d+ minutes\.\*\*", first)
    assert "You need the lesson, and no other notebook." in first
    assert all(link in last for link in ("(lesson.ipynb)", "(exercises.ipynb)"))


def test_keeps_to_its_budget(notebook):
    assert len(notebook.cells) <= 49  # the last three are questions and a summary
    assert len(text_of(notebook).split()) <= 2_300
    code = [cell.source.splitlines() for cell in notebook.cells if cell.cell_type == "code"]
    assert max(map(len, code)) <= 15


def test_nothing_is_graded_in_it(notebook):
    assert all("nbgrader" not in cell.metadata for cell in notebook.cells)


def test_stands_on_the_lesson_alone(notebook):
    assert not re.search(r"\(deeper-\w+\.ipynb", text_of(notebook))


def test_predicts_before_it_runs_and_tells_what_was_seen(notebook):
    text = text_of(notebook)
    assert text.count("**Predict") >= 8
    assert text.count("**What we saw") >= 10


def test_says_it_in_the_fields_words(notebook):
    every = " ".join(cell.source for cell in notebook.cells).lower()
    for word in ("crowd", "strangers?", "lies", "lied", "opinions?", "dice", "behind", "acquaintance", "blamed"):
        assert not re.search(rf"\b{word}\b", every), word

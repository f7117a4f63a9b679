"""A lesson stays short: what every chapter's lesson may hold at most."""

from __future__ import annotations

import re

import nbformat
import pytest

from course.catalog import Catalog

MOST_CELLS, MOST_WORDS, MOST_WIDGETS = 45, 2200, 3


@pytest.fixture
def lesson(slug: str, catalog: Catalog) -> nbformat.NotebookNode:
    return nbformat.read(catalog.notebooks_folder(slug) / "lesson.ipynb", as_version=4)


def sources(lesson: nbformat.NotebookNode, kind: str) -> list[str]:
    return [cell.source for cell in lesson.cells if cell.cell_type == kind]


def test_a_lesson_has_at_most_45_cells_and_2200_words(lesson: nbformat.NotebookNode) -> None:
    assert len(lesson.cells) <= MOST_CELLS
    assert len(" ".join(sources(lesson, "markdown")).split()) <= MOST_WORDS


def test_a_lesson_has_at_most_three_interactive_figures(lesson: nbformat.NotebookNode) -> None:
    """An interactive figure is shown by a cell that only calls it, without arguments; a card is kept, not moved."""
    calls = [source for source in sources(lesson, "code") if re.fullmatch(r"lesson\.(?!keep_)\w+\(\)", source)]
    assert len(calls) <= MOST_WIDGETS


def test_a_lesson_keeps_one_sentence_per_line(lesson: nbformat.NotebookNode) -> None:
    ends_within_a_line = re.compile(r"[a-z0-9)`*]{2}[.?!] [A-Z]")
    broken = [
        line
        for source in sources(lesson, "markdown")
        for line in source.splitlines()
        if ends_within_a_line.search(line) and not line.lstrip().startswith(("- ", "|", "[", "("))
    ]
    assert broken == []

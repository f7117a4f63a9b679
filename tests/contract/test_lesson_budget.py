"""A lesson stays short: what every chapter's lesson may hold at most, and that a notebook's time is told honestly."""

from __future__ import annotations

import re

import nbformat
import pytest

from course.authoring.run.budgets import count_words
from course.catalog import Catalog

MOST_CELLS, MOST_WORDS, MOST_WIDGETS = 45, 2200, 3
WORDS_A_MINUTE, SECONDS_A_CODE_CELL, SECONDS_A_WIDGET, SECONDS_TO_RUN = 200, 20, 60, 60  # a rule of thumb


@pytest.fixture
def lesson(slug: str, catalog: Catalog) -> nbformat.NotebookNode:
    return nbformat.read(catalog.notebooks_folder(slug) / "lesson.ipynb", as_version=4)


def sources(lesson: nbformat.NotebookNode, kind: str) -> list[str]:
    return [cell.source for cell in lesson.cells if cell.cell_type == kind]


def words(notebook: nbformat.NotebookNode) -> int:
    return count_words(sources(notebook, "markdown"))


def widgets(notebook: nbformat.NotebookNode) -> int:
    """An interactive figure is shown by a cell that only calls it, without arguments; a card is kept, not moved."""
    return sum(bool(re.fullmatch(r"lesson\.(?!keep_)\w+\(\)", source)) for source in sources(notebook, "code"))


def test_a_lesson_has_at_most_45_cells_and_2200_words(lesson: nbformat.NotebookNode) -> None:
    assert len(lesson.cells) <= MOST_CELLS
    assert words(lesson) <= MOST_WORDS


def test_a_lesson_has_at_most_three_interactive_figures(lesson: nbformat.NotebookNode) -> None:
    assert widgets(lesson) <= MOST_WIDGETS


def test_a_notebook_takes_no_longer_than_is_told(slug: str, stem: str, catalog: Catalog) -> None:
    """Reading, a moment at each code cell, moving the figures, and waiting; what is written by hand comes on top."""
    notebook = nbformat.read(catalog.notebooks_folder(slug) / f"{stem}.ipynb", as_version=4)
    seconds = 60 * words(notebook) / WORDS_A_MINUTE + SECONDS_TO_RUN
    seconds += SECONDS_A_CODE_CELL * len(sources(notebook, "code")) + SECONDS_A_WIDGET * widgets(notebook)
    told = catalog.chapter(slug).minutes.get(stem)
    assert told is None or told >= seconds / 60


def test_a_lesson_tells_the_minutes_that_the_contents_page_tells(
    lesson: nbformat.NotebookNode, slug: str, catalog: Catalog
) -> None:
    told = re.search(r"takes about (\d+) minutes", lesson.cells[0].source)
    assert (int(told[1]) if told else None) == catalog.chapter(slug).minutes.get("lesson")


def test_a_lesson_keeps_one_sentence_per_line(lesson: nbformat.NotebookNode) -> None:
    ends_within_a_line = re.compile(r"[a-z0-9)`*]{2}[.?!] [A-Z]")
    broken = [
        line
        for source in sources(lesson, "markdown")
        for line in source.splitlines()
        if ends_within_a_line.search(line) and not line.lstrip().startswith(("- ", "|", "[", "("))
    ]
    assert broken == []

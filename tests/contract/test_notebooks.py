"""The notebooks as files that people keep in git, and as notebooks that run from top to bottom."""

import importlib
import re

import nbformat
import pytest
from nbformat import NotebookNode

from course.catalog import Catalog, Chapter
from course.notebooks.release import release
from course.notebooks.restore import grade_id
from tests.conftest import ROOT
from tests.executed import Executed, executed

MOST_LINES = 15
WIDEST_LINE = 68  # characters beside JupyterLab's file browser
WIDEST_PRINTED = 71  # characters there, before a printed line is broken within a word


@pytest.fixture
def notebook(slug: str, stem: str, catalog: Catalog) -> NotebookNode:
    return nbformat.read(catalog.notebooks_folder(slug) / f"{stem}.ipynb", as_version=4)


@pytest.fixture
def run(slug: str, stem: str, catalog: Catalog) -> Executed:
    """The notebook, executed once for all tests of this run that look at it."""
    return executed(catalog.notebooks_folder(slug) / f"{stem}.ipynb", ROOT)


def code_of(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text_of(notebook: NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_it_is_a_notebook_of_format_4_5_for_python_3_without_outputs(notebook: NotebookNode) -> None:
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert not [cell.id for cell in code_of(notebook) if cell.outputs or cell.execution_count]


def test_cell_ids_are_readable_and_unique(notebook: NotebookNode) -> None:
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert not [name for name in ids if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)]
    assert not [name for name in ids if re.fullmatch(r"[0-9a-f]{8}", name)]


def test_code_cells_that_a_learner_reads_stay_short(notebook: NotebookNode) -> None:
    read = [cell for cell in code_of(notebook) if not cell.metadata.get("nbgrader", {}).get("solution")]
    assert {cell.id: len(cell.source.splitlines()) for cell in read if cell.source.count("\n") >= MOST_LINES} == {}


def test_code_of_a_lesson_fits_a_window_of_1000_pixels(notebook: NotebookNode, stem: str) -> None:
    if stem == "lesson":
        lines = [line for cell in code_of(notebook) for line in cell.source.splitlines()]
        assert [line for line in lines if len(line) > WIDEST_LINE] == []


def test_it_begins_with_its_title_and_each_heading_is_a_unique_anchor(notebook: NotebookNode) -> None:
    assert notebook.cells[0].source.startswith("# ")
    headings = re.findall(r"^#+ (.+)$", text_of(notebook), flags=re.MULTILINE)
    assert len(set(headings)) == len(headings)


def test_links_to_neighbours_lead_somewhere(notebook: NotebookNode, slug: str, catalog: Catalog) -> None:
    """A place is a cell with a heading, by the cell's id: JupyterLab finds no heading in a notebook not open yet."""
    for target, place in re.findall(r"\]\(([\w./-]+\.ipynb)(?:#([^)]*))?", text_of(notebook)):
        cells = nbformat.read(catalog.notebooks_folder(slug) / target, as_version=4).cells
        headed = [cell.id for cell in cells if cell.cell_type == "markdown" and re.search(r"^#+ ", cell.source, re.M)]
        assert place in ("", *(f"cell-id={each}" for each in headed)), (target, place)


def test_released_it_says_where_in_the_course_it_is(slug: str, stem: str, catalog: Catalog, chapter: Chapter) -> None:
    first = release(catalog, slug).notebooks[stem].cells[0].source
    assert chapter.address in first
    assert "(../index.ipynb)" in first


def test_it_runs_to_the_end_without_an_error_or_a_warning(run: Executed) -> None:
    assert {cell: found[0].evalue for cell, found in run.outputs("error").items()} == {}
    assert {cell: found[0].text for cell, found in run.outputs("stderr").items()} == {}
    printed = {cell: "".join(output.text for output in found) for cell, found in run.outputs("stdout").items()}
    assert not [cell for cell, text in printed.items() if "warning" in text.lower()]
    assert all(cell.execution_count for cell in code_of(run.notebook) if cell.source)


def test_what_it_prints_fits_a_window_of_1000_pixels(run: Executed) -> None:
    printed = {cell: "".join(output.text for output in found) for cell, found in run.outputs("stdout").items()}
    lines = [(cell, line) for cell, text in printed.items() for line in text.splitlines()]
    assert [(cell, line) for cell, line in lines if len(line) > WIDEST_PRINTED] == []


def test_every_picture_that_it_shows_has_a_text_beside_it(run: Executed) -> None:
    outputs = [output for cell in code_of(run.notebook) for output in cell.outputs]
    pages = [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    for page in pages:
        if "<figure" in page:
            assert re.search(r'<img alt="[^"]{20,}"', page)
            assert re.search(r"<figcaption[^>]*>[^<]{20,}", page)
    assert not [
        output for output in outputs if "image/png" in output.get("data", {}) and "text/html" not in output.data
    ]


def test_the_lessons_quiz_is_graded_and_its_form_is_not(slug: str, catalog: Catalog) -> None:
    lesson = nbformat.read(catalog.notebooks_folder(slug) / "lesson.ipynb", as_version=4)
    (quiz,) = (cell for cell in lesson.cells if grade_id(cell) == "quiz")
    (form,) = (cell for cell in lesson.cells if cell.source == f'feedback("{slug}")')
    assert quiz.source == f'quiz("{slug}")'
    marks = {"grade": True, "locked": True, "points": 2, "solution": False, "cell_type": "code"}
    assert marks.items() <= dict(quiz.metadata.nbgrader).items()
    assert "nbgrader" not in form.metadata


def test_notebooks_import_nothing_of_another_chapter_and_all_that_their_lesson_offers(
    slug: str, catalog: Catalog, chapter: Chapter
) -> None:
    notebooks = [nbformat.read(path, as_version=4) for path in catalog.notebooks_folder(slug).glob("*.ipynb")]
    code = "\n".join(cell.source for notebook in notebooks for cell in code_of(notebook))
    places = re.findall(r"^\s*(?:from|import) (course\.chapters\.\w+)", code, flags=re.MULTILINE)
    assert set(places) <= {f"course.chapters.{chapter.module}"}
    lesson = importlib.import_module(f"course.chapters.{chapter.module}.lesson")
    assert set(re.findall(r"\blesson\.(\w+)", code)) == set(lesson.__all__)

"""The questions of a chapter that are answered in words: the authors' answers, and whether a learner has written one.

Reads notebooks, and releases a chapter to know what was handed out; model_answer.py is what a notebook imports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.catalog import Catalog
from course.notebooks.release import release, source_notebooks
from course.notebooks.restore import grade_id

_MARKS = re.compile(r"^#+ (BEGIN|END) SOLUTION[^\S\n]*$", re.MULTILINE)  # nbgrader's, around what is not released


def authors_answers(catalog: Catalog, slug: str) -> dict[str, NotebookNode]:
    """The authors' cells with model answers by name, whoever asks: to be shown once the learner's own is graded.

    None in an installed course, whose notebooks are as handed out.
    """
    if catalog.is_installed or not any(catalog.notebooks_folder(slug).glob("*.ipynb")):
        return {}
    notebooks = source_notebooks(catalog, slug).values()
    cells = [cell for notebook in notebooks for cell in notebook.cells if _is_written_question(cell)]
    for cell in cells:
        cell.source = _MARKS.sub("", cell.source).strip()
    return {str(grade_id(cell)): cell for cell in cells}


def has_written(catalog: Catalog, slug: str, name: str, folder: Path) -> bool:
    """True if a notebook saved in folder holds an answer to that question that is not what was handed out."""
    handed_out = str(_written_cells(release(catalog, slug).notebooks.values(), name)[0].source).strip()
    for path in folder.glob("*.ipynb"):
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception:  # a notebook that cannot be read holds no answer that we could see
            continue
        answers = (str(cell.source).strip() for cell in _written_cells([notebook], name))
        if any(answer not in {"", handed_out} for answer in answers):
            return True
    return False


def _written_cells(notebooks: Iterable[NotebookNode], name: str) -> list[NotebookNode]:
    """The cells of that name in which a learner answers in words."""
    cells = [cell for notebook in notebooks for cell in notebook.cells if grade_id(cell) == name]
    return [cell for cell in cells if _is_written_question(cell)]


def _is_written_question(cell: NotebookNode) -> bool:
    named = grade_id(cell) is not None and cell.cell_type == "markdown"
    return named and bool(cell.metadata.nbgrader.get("solution"))

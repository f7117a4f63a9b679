"""`model_answer("explain_inference")`: an answer to compare one's own with, once one has written it.

Model answers stand in the authors' notebooks, which a learner alone has in the clone. Where the course is installed, as
in a class, they are not at hand: there the instructor shows them after grading.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.catalog import Catalog, Chapter, load_catalog
from course.errors import UsageError
from course.language import _
from course.notebooks.release import release, source_notebooks
from course.notebooks.restore import grade_id
from course.quiz.text import to_html
from course.storage.folder import notebook_folder

_MARKS = re.compile(r"^#+ (BEGIN|END) SOLUTION[^\S\n]*$", re.MULTILINE)  # nbgrader's, around what is not released


@dataclass(frozen=True)
class Answer:
    """A model answer in Markdown, or a sentence on why none is shown."""

    text: str
    is_shown: bool = True

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        if not self.is_shown:
            return f"<p>{html.escape(self.text)}</p>"
        title = html.escape(_("One good answer; yours may differ"))
        return f"<details open><summary><strong>{title}</strong></summary>{to_html(self.text)}</details>"


def model_answer_here(name: str) -> Answer:
    """The model answer to the written question of that name in the notebook's chapter. UsageError if there is none."""
    catalog, folder = load_catalog(), notebook_folder()
    if catalog.is_installed:
        return Answer(_("In a class, your instructor shows the model answer after grading."), is_shown=False)
    for chapter in sorted(catalog.chapters, key=lambda chapter: chapter.slug != folder.name):
        found = _models(catalog, chapter).get(name)
        if found is not None:
            handed_out = _written_cells(release(catalog, chapter.slug).notebooks.values(), name)[0].source
            if _is_written(folder, name, handed_out):
                return Answer(found.source)
            told = _("First write your own answer in the cell above. Then save the notebook and run this cell again.")
            return Answer(told, is_shown=False)
    raise UsageError(_("There is no written question {name!r}.").format(name=name))


def authors_answers(catalog: Catalog, slug: str) -> dict[str, NotebookNode]:
    """The authors' cells with model answers by name, whoever asks: to be shown once the learner's own is graded.

    None in an installed course, whose notebooks are as handed out.
    """
    return {} if catalog.is_installed else _models(catalog, catalog.chapter(slug))


def _models(catalog: Catalog, chapter: Chapter) -> dict[str, NotebookNode]:
    if not any(catalog.notebooks_folder(chapter.slug).glob("*.ipynb")):
        return {}
    notebooks = source_notebooks(catalog, chapter.slug).values()
    cells = [cell for notebook in notebooks for cell in notebook.cells if _is_written_question(cell)]
    for cell in cells:
        cell.source = _MARKS.sub("", cell.source).strip()
    return {str(grade_id(cell)): cell for cell in cells}


def _written_cells(notebooks: Iterable[NotebookNode], name: str) -> list[NotebookNode]:
    """The cells of that name in which a learner answers in words."""
    cells = [cell for notebook in notebooks for cell in notebook.cells if grade_id(cell) == name]
    return [cell for cell in cells if _is_written_question(cell)]


def _is_written_question(cell: NotebookNode) -> bool:
    named = grade_id(cell) is not None and cell.cell_type == "markdown"
    return named and bool(cell.metadata.nbgrader.get("solution"))


def _is_written(folder: Path, name: str, handed_out: str) -> bool:
    """True if a notebook saved in folder holds an answer that is not what was handed out."""
    for path in folder.glob("*.ipynb"):
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception:  # a notebook that cannot be read holds no answer that we could see
            continue
        answers = (str(cell.source).strip() for cell in _written_cells([notebook], name))
        if any(answer not in {"", handed_out.strip()} for answer in answers):
            return True
    return False

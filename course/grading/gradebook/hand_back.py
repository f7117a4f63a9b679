"""`nbgrader generate_feedback`, and formgrader's button, make the course's own page: nbgrader_config.py names what is
here.

nbgrader hands a student one file for each notebook handed in, by its name, and no other. So each of them is the page
on the whole chapter, whichever is opened; feedback.html beside them is the same once more, under one name for all.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from course.catalog import load_catalog
from course.errors import CourseError
from course.grading.feedback.page import NAME, page_of
from course.grading.feedback.work import Work
from course.grading.gradebook.scores import row_of_marks, row_with_standing
from course.grading.gradebook.store import ClassFolder
from course.language import _, in_language
from course.notebooks.reading import UnreadableNotebook, read_notebook
from course.rules.read import grading_language


class FeedbackExporter(Exporter):  # type: ignore[misc]
    """In place of nbconvert's HTMLExporter: from the gradebook and the student's folder, not from one notebook."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.file_extension = ".html"
        self._class: tuple[ClassFolder, dict[str, str]] | None = None
        self._made: tuple[Path, str] | None = None  # the last student's page: nbgrader asks once for each notebook

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> tuple[str, Any]:
        """The page of the student whose graded notebook that is. resources: nbgrader's, which say who and what."""
        folder = Path(filename).resolve().parent
        if self._made is None or self._made[0] != folder:
            of = resources["nbgrader"]
            self._made = folder, self._page(folder, of["assignment"], of["student"])
        page = self._made[1]
        resources |= {"output_extension": self.file_extension, "outputs": {NAME: page.encode()}}
        return page, resources

    def _page(self, folder: Path, slug: str, student: str) -> str:
        if self._class is None:
            self._class = self._open_class()
        class_folder, names = self._class
        standing, note = class_folder.standing(slug, student)
        if standing is None:
            told = _("{student} has no submission of {slug} in the gradebook. Grade it first.")
            raise CourseError(told.format(student=student, slug=slug))
        row = row_with_standing(note.row if note else row_of_marks(standing), standing)
        when, late, comments = standing.told_when, standing.told_late, standing.comments
        work = Work(row, notebooks_in(folder), folder, names.get(student, student), when, late, comments)
        with in_language(grading_language(class_folder.catalog, slug)):
            return page_of(class_folder.catalog, slug, work).encode("utf-8", "replace").decode()

    def _open_class(self) -> tuple[ClassFolder, dict[str, str]]:
        """The class, and what those are called of whom the gradebook has both names."""
        course = self.parent.coursedir
        class_folder = ClassFolder(load_catalog(Path(course.root)), course, self.config)
        whole = [person for person in class_folder.people() if person.has_full_name]
        return class_folder, {each.id: each.in_full for each in whole}


def notebooks_in(folder: Path) -> dict[str, NotebookNode]:
    """The graded notebooks by name; what cannot be read is left out."""
    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        with contextlib.suppress(UnreadableNotebook):
            found[path.stem] = read_notebook(path)
    return found

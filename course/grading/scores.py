"""Saves one submission's scores by nbgrader's own steps, with the gradebook's rows read at once, not cell by cell.

nbgrader asks for each cell's row by a query of its own and commits after each; a large class has one writer, which
would be busy with little else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nbformat import NotebookNode


def save_scores(gradebook: Any, settings: Any, names: tuple[str, str], notebooks: Mapping[str, NotebookNode]) -> bool:
    """Saves the scores of names (assignment, student), without committing; True if it was handed in late."""
    from nbgrader.preprocessors import SaveAutoGrades

    submission = gradebook.find_submission(*names)
    rows = _Rows(gradebook.db, submission)
    for name, notebook in notebooks.items():
        save = SaveAutoGrades(config=settings)
        save.gradebook = rows
        save.notebook_id, save.assignment_id, save.student_id = name, *names
        for index, cell in enumerate(notebook.cells):
            save.preprocess_cell(cell, {}, index)
    for notebook in submission.notebooks:
        notebook.late_submission_penalty = None
    return bool(submission.total_seconds_late)


def save_submission(gradebook: Any, slug: str, student: str, timestamp: datetime | str | None) -> None:
    """Makes the gradebook know of the student's submission, and when it was handed in if that is known."""
    gradebook.update_or_create_student(student)
    gradebook.update_or_create_submission(slug, student, **({"timestamp": timestamp} if timestamp else {}))


class _Rows:
    """What SaveAutoGrades asks of a gradebook, answered from one submission's rows."""

    def __init__(self, session: Any, submission: Any) -> None:
        from nbgrader.api import Comment, Grade

        self.db = self
        self._grades, self._comments = (_rows_of(session, submission, kind) for kind in (Grade, Comment))

    def find_grade(self, cell: str, notebook: str, *_names: str) -> Any:
        return _found(self._grades, cell, notebook)

    def find_comment(self, cell: str, notebook: str, *_names: str) -> Any:
        return _found(self._comments, cell, notebook)

    def commit(self) -> None:
        """Nothing yet: all of a submission's scores are stored together, or none."""


def _rows_of(session: Any, submission: Any, kind: Any) -> dict[tuple[str, str], Any]:
    """The submission's grades or comments by names of cell and notebook."""
    from nbgrader.api import BaseCell, Notebook, SubmittedNotebook

    rows = (
        session.query(kind, BaseCell.name, Notebook.name)
        .join(BaseCell, BaseCell.id == kind.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .filter(SubmittedNotebook.assignment_id == submission.id)
    )
    return {(cell, notebook): row for row, cell, notebook in rows}


def _found(rows: dict[tuple[str, str], Any], cell: str, notebook: str) -> Any:
    from nbgrader.api import MissingEntry

    if (cell, notebook) not in rows:
        raise MissingEntry(f"The gradebook does not know the cell {cell} of {notebook}.")
    return rows[cell, notebook]

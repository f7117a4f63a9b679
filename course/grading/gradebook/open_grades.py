"""What feedback says of points: a task that waits for a person is told as waiting, and sums as what they are so far."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import GetGrades

from course.catalog import load_catalog
from course.language import _, in_language
from course.rules.read import grading_language
from course.verdict import format_points, total_points


class GetOpenGrades(GetGrades):  # type: ignore[misc]
    """nbgrader's step that writes grades and comments into the notebook, and the sentences that the page shows."""

    def preprocess(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        with in_language(grading_language(load_catalog(Path(self.config.CourseDirectory.root)))):
            return self._told(notebook, resources)

    def _told(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        notebook, resources = super().preprocess(notebook, resources)
        told = resources["nbgrader"]
        with Gradebook(self.db_url) as gradebook:
            submitted = gradebook.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
            told["total"] = total_text(submitted.grades, told["late_penalty"])
        told["penalty"] = _("Late submission penalty: {points}").format(points=_points(told["late_penalty"]))
        told["words"] = {
            "answer": _("Your answer"), "test": _("Test"), "task": _("Task"), "comment": _("Comment"), "top": _("Top")
        }  # fmt: skip
        return notebook, resources

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        try:
            super()._get_score(cell, resources)
        except MissingEntry:  # a cell that the gradebook does not know: shown without points
            return
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata.nbgrader["told"] = score_text(grade)

    def _get_comment(self, cell: NotebookNode, resources: Any) -> None:
        try:
            super()._get_comment(cell, resources)
        except MissingEntry:
            cell.metadata.nbgrader["comment"] = None


def score_text(grade: Any) -> str:
    """Of one cell: its points, or that a person has yet to give them."""
    possible = _points(grade.max_score)
    if grade.needs_manual_grade:
        return _("Waits for a person to grade it (of {possible})").format(possible=possible)
    return _("Score: {points} / {possible}").format(points=_points(grade.score), possible=possible)


def total_text(grades: Iterable[Any], penalty: float | None) -> str:
    """Of a notebook: the points that the gradebook counts so far, less the penalty, and how many grades are open."""
    every = list(grades)
    waiting = sum(bool(grade.needs_manual_grade) for grade in every)
    points = format_points(max(0.0, total_points([*(grade.score for grade in every), -(penalty or 0.0)])))
    possible = format_points(total_points(grade.max_score for grade in every))
    if not waiting:
        return _("Score: {points} / {possible}").format(points=points, possible=possible)
    told = _("Score so far: {points} / {possible}; waiting for a person: {waiting}")
    return told.format(points=points, possible=possible, waiting=waiting)


def _points(number: float | None) -> str:
    return format_points(total_points([number or 0.0]))

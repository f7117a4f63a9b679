"""Writes verdicts into nbgrader's rows of one submission, and reads there what counts: points, marks by hand, penalty.

A verdict that could not be made leaves no points: its cell waits for a person. A mark given by hand stands while the
answer is as it was when the mark was given; else it is shown, and waits to be given anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nbformat import NotebookNode

from course.errors import CourseError
from course.grading.intake.timestamp import HandedIn, is_assumed
from course.grading.run import outcome_of, reason_of
from course.language import _
from course.notebooks.restore import grade_id
from course.verdict import total_points

NO_RESPONSE = "No response."


@dataclass(frozen=True)
class Mark:
    """What the gradebook says of one graded cell: points so far, out of how many, and whether a person has yet to look.

    by_hand: points that a person gave; None where none did. extra: points that a person gave on top.
    """

    score: float
    max_score: float
    waits: bool
    by_hand: float | None = None
    extra: float = 0.0

    @property
    def points(self) -> float | None:
        """None: no points yet."""
        return None if self.waits and self.by_hand is None and not self.score else self.score


@dataclass(frozen=True)
class Standing:
    """One submission in the gradebook: its marks by name of the cell, and the points off for being late.

    timestamp: when it was handed in (UTC, without zone), if that is known. seconds_late: 0 where it is in time.
    comments: what a person wrote, by name of the cell.
    """

    marks: Mapping[str, Mark]
    penalty: float = 0.0
    timestamp: datetime | None = None
    seconds_late: float = 0.0
    comments: Mapping[str, str] = field(default_factory=dict)

    @property
    def told_late(self) -> float | None:
        """seconds_late as a person may be told it; None for late work of which nobody knows since when."""
        return None if self.seconds_late and is_assumed(self.timestamp) else self.seconds_late

    @property
    def told_when(self) -> datetime | None:
        """timestamp as a person may be told it."""
        return None if is_assumed(self.timestamp) else self.timestamp

    @property
    def score(self) -> float:
        return total_points(mark.score for mark in self.marks.values())

    @property
    def max_score(self) -> float:
        return total_points(mark.max_score for mark in self.marks.values())

    @property
    def waits(self) -> bool:
        return any(mark.waits for mark in self.marks.values())


def save_submission(gradebook: Any, slug: str, student: str, time: HandedIn | None) -> None:
    """Makes the gradebook know of the student's submission, and when it was handed in, or that nobody knows.

    time None: what says it cannot be read, so what the gradebook has stands until that is mended.
    """
    gradebook.update_or_create_student(student)
    gradebook.update_or_create_submission(slug, student, **({"timestamp": time.when} if time else {}))


def load_submissions(gradebook: Any, slug: str, student: str | None = None) -> list[Any]:
    """nbgrader's rows of the chapter's submissions, or of one student's, with all that belongs to them, as stored."""
    from nbgrader.api import Assignment, Comment, Grade, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy.orm import joinedload, selectinload

    notebooks = selectinload(SubmittedAssignment.notebooks)
    query = (
        gradebook.db.query(SubmittedAssignment)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == slug)
        .options(
            joinedload(SubmittedAssignment.assignment),
            joinedload(SubmittedAssignment.student),
            notebooks.selectinload(SubmittedNotebook.grades).joinedload(Grade.cell),
            notebooks.selectinload(SubmittedNotebook.comments).joinedload(Comment.cell),
        )
        .execution_options(populate_existing=True)
    )
    return list(query.filter(SubmittedAssignment.student_id == student) if student is not None else query)


def save_verdicts(
    submission: Any, cells: Mapping[str, Mapping[str, Any]], unchanged: set[str], stood: Mapping[str, float]
) -> None:
    """Writes verdicts (as JSON, by name of the cell) into the submission's grades, without committing.

    unchanged: the cells whose answer is the one that was graded last. stood: the marks by hand that were final before
    a run that could judge nothing opened them.
    """
    for grade in _grades(submission):
        verdict = cells.get(grade.name)
        if verdict is None:
            continue  # a cell that the chapter no longer has: kept because a person graded it
        grade.auto_score = verdict["score"]
        by_hand = _by_hand(grade)
        if by_hand is None:
            grade.needs_manual_grade = verdict["score"] is None
        elif grade.name not in unchanged:
            grade.needs_manual_grade = True
        elif grade.manual_score is None:  # extra points only: the rest is still to be graded
            grade.needs_manual_grade = verdict["score"] is None or bool(grade.needs_manual_grade)
        elif stood.get(grade.name) == by_hand:
            grade.needs_manual_grade = False


def marks_that_stand(submission: Any) -> dict[str, float]:
    """The points given by hand for which nobody has to look again, by name of the cell."""
    grades = {grade.name: _by_hand(grade) for grade in _grades(submission) if not grade.needs_manual_grade}
    return {name: points for name, points in grades.items() if points is not None}


def _by_hand(grade: Any) -> float | None:
    """What a person gave, extra points included; None where no person gave any."""
    if grade.manual_score is None and not grade.extra_credit:
        return None
    return total_points([grade.manual_score or 0.0, grade.extra_credit or 0.0])


def save_comments(submission: Any, notebooks: Iterable[NotebookNode]) -> None:
    """nbgrader's own remark on answers that are as handed out, without committing."""
    from nbgrader.utils import compute_checksum, is_solution, is_task

    untouched = {
        grade_id(cell): is_solution(cell) and cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
        for notebook in notebooks
        for cell in notebook.cells
        if grade_id(cell) and (is_solution(cell) or is_task(cell))
    }
    for notebook in submission.notebooks:
        for comment in notebook.comments:
            if comment.name in untouched:
                comment.auto_comment = NO_RESPONSE if untouched[comment.name] else None


class PenaltyFailed(CourseError):
    """The plugin that says how many points lateness costs is faulty, so no score of late work would be right."""


def save_penalties(submission: Any, settings: Any) -> None:
    """Points off for being late by the plugin that the settings name, without committing; none where it is not late."""
    from nbgrader.preprocessors import AssignLatePenalties

    late = submission.total_seconds_late
    assigned = AssignLatePenalties(config=settings)
    assigned.assignment_id = submission.assignment.name  # as nbgrader has it when it asks the plugin
    for notebook in submission.notebooks:
        penalty = None
        if late > 0:
            try:
                assigned.init_plugin()
                told = assigned.plugin_inst.late_submission_penalty(submission.student.id, notebook.score, late)
                penalty = None if told is None else float(told)
            except Exception as error:
                failed = _(
                    "The late penalty could not be worked out: {error}. Mend the plugin that nbgrader_config.py names "
                    "(plugin_class), then grade again."
                )
                raise PenaltyFailed(failed.format(error=f"{type(error).__name__}: {error}")) from None
        wanted = None if penalty is None else min(max(0.0, penalty), notebook.score)
        if notebook.late_submission_penalty != wanted:
            notebook.late_submission_penalty = wanted


def forget_penalties(submission: Any) -> None:
    """For work that is open: it has no points yet that lateness could cost."""
    for notebook in submission.notebooks:
        notebook.late_submission_penalty = None


def standing_of(submission: Any) -> Standing:
    """What the gradebook says of a submission."""
    marks = {
        grade.name: Mark(
            grade.score, grade.max_score, bool(grade.needs_manual_grade), grade.manual_score, grade.extra_credit or 0.0
        )
        for grade in _grades(submission)
    }
    penalties = [notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks]
    late = float(submission.total_seconds_late)
    return Standing(marks, total_points(penalties), submission.timestamp, late, _comments_in(submission))


def _comments_in(submission: Any) -> dict[str, str]:
    comments = [comment for notebook in submission.notebooks for comment in notebook.comments]
    return {comment.name: comment.manual_comment for comment in comments if comment.manual_comment}


def _grades(submission: Any) -> list[Any]:
    return [grade for notebook in submission.notebooks for grade in notebook.grades]


def row_of_marks(standing: Standing) -> dict[str, Any]:
    """A row for work that somebody else, such as stock nbgrader, has graded: points, and nothing that was found."""
    cells = {}
    for name, mark in standing.marks.items():
        status = "passed" if mark.score >= mark.max_score else "partial" if mark.score else "failed"
        cells[name] = {"status": "manual" if mark.waits else status, "reason": "", "misconceptions": [], "findings": []}
    return {"notes": [], "cells": cells}


def row_with_standing(row: Mapping[str, Any], standing: Standing) -> dict[str, Any]:
    """The row of a result, as the gradebook has it: with marks given by hand, what waits, and the penalty."""
    cells = {name: _cell(row["cells"].get(name), mark) for name, mark in standing.marks.items()}
    ordered = {name: cells[name] for name in [*row["cells"], *sorted(cells)] if name in cells}
    notes = tuple(row.get("notes", ()))
    return {
        **row,
        "status": outcome_of([cell["status"] for cell in ordered.values()]),
        "score": standing.score,
        "max_score": standing.max_score,
        "needs_manual_grade": standing.waits,
        "penalty": standing.penalty,
        "reason": reason_of({name: (cell["status"], cell["reason"]) for name, cell in ordered.items()}, notes),
        "cells": ordered,
    }


def _cell(cell: Mapping[str, Any] | None, mark: Mark) -> dict[str, Any]:
    """One cell of the row; score None: no points yet."""
    told = dict(cell or {"status": "manual", "reason": "", "misconceptions": [], "findings": []})
    told |= {"max_score": mark.max_score, "needs_manual_grade": mark.waits, "by_hand": mark.by_hand}
    told["score"] = mark.points
    if mark.waits and (mark.by_hand is not None or told["status"] not in {"error", "manual"}):
        told |= {"status": "manual", "reason": _("The answer has changed since a person gave points for it.")}
    elif mark.by_hand is not None:
        status = "passed" if mark.score >= mark.max_score else "partial" if mark.score > 0 else "failed"
        told |= {"status": status, "reason": ""}
    return told

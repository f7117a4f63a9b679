"""Grades for learning platforms, as nbgrader's export plugins: `--exporter course.grading.gradebook.export.…`.

A grade is given out only when it is whole: who waits for a person's grading has an empty cell, which Canvas and Moodle
leave as it is. All points are rounded to cents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from course.storage.spreadsheet import Cell, csv_text
from course.verdict import format_points, total_points


class _CsvExporter(ExportPlugin):  # type: ignore[misc]
    """Writes the rows of one file. --to names it; --student and --assignment choose, as in nbgrader."""

    name = "grades.csv"

    def export(self, gradebook: Gradebook) -> None:
        assignments = [each for each in gradebook.assignments if self._chosen(self.assignment, each.name)]
        students = [each for each in gradebook.students if self._chosen(self.student, each.id)]
        columns, rows = self.table(gradebook, assignments, students)
        target = Path(self.to or self.name)
        try:
            target.write_text(csv_text(columns, rows), encoding="utf-8")
        except OSError as error:
            raise SystemExit(f"{target} cannot be written: {error.strerror}.") from None
        self.log.info("The grades are written in %s", target)

    @staticmethod
    def _chosen(names: Sequence[object], name: str) -> bool:
        return not names or name in map(str, names)

    def table(
        self, gradebook: Gradebook, assignments: Sequence[Any], students: Sequence[Any]
    ) -> tuple[list[str], list[list[Cell]]]:
        """Column names and rows."""
        raise NotImplementedError

    def submission(self, gradebook: Gradebook, assignment: Any, student: Any) -> Any | None:
        """What a student handed in, as far as it is in the gradebook."""
        try:
            return gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            return None

    def score(self, submission: Any | None) -> float | None:
        """Points less the penalty for being late; None where there is no submission or no whole grade."""
        if submission is None:
            return None
        if submission.needs_manual_grade:
            assignment, student = submission.name, submission.student.id
            self.log.warning("%s of %s waits for a person's grading and is left empty.", assignment, student)
            return None
        return max(0.0, total_points([submission.score, -_penalty(submission)]))


class GradesExporter(_CsvExporter):
    """What `nbgrader export` writes: nbgrader's own columns, and whether a person has yet to grade something.

    raw_score and score are empty then. Who handed nothing in has 0, as in nbgrader, and no timestamp.
    """

    def table(
        self, gradebook: Gradebook, assignments: Sequence[Any], students: Sequence[Any]
    ) -> tuple[list[str], list[list[Cell]]]:
        columns = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"]
        columns += ["raw_score", "late_submission_penalty", "score", "max_score", "needs_manual_grade"]
        rows: list[list[Cell]] = []
        for each in assignments:
            for student in students:
                submission = self.submission(gradebook, each, student)
                handed_in = submission.timestamp if submission else None
                who = [student.id, student.last_name, student.first_name, student.email]
                *grade, waits = self._grade(submission, each.name, student.id)
                points: list[Cell] = [*grade, total_points([each.max_score]), "yes" if waits else "no"]
                rows.append([each.name, _told(each.duedate), _told(handed_in), *who, *points])
        return columns, rows

    def _grade(
        self, submission: Any | None, assignment: str, student: str
    ) -> tuple[float | None, float, float | None, bool]:
        """raw_score, late_submission_penalty, score, and whether it is open."""
        if submission is not None:
            score, penalty = self.score(submission), _penalty(submission)
            return (
                (None, penalty, None, True)
                if score is None
                else (total_points([submission.score]), penalty, score, False)
            )
        course = self.parent.coursedir
        if Path(course.format_path(course.submitted_directory, student, assignment)).is_dir():
            self.log.warning("%s of %s is not graded yet and is left empty.", assignment, student)
            return None, 0.0, None, True
        return 0.0, 0.0, 0.0, False


class CanvasExporter(_CsvExporter):
    """What Canvas takes in Grades, Import. A column without an id becomes a new assignment there."""

    name = "canvas.csv"
    canvas_id = Unicode("", help="The assignment's number in Canvas, for an export of one assignment.").tag(config=True)

    def table(
        self, gradebook: Gradebook, assignments: Sequence[Any], students: Sequence[Any]
    ) -> tuple[list[str], list[list[Cell]]]:
        titles = [f"{each.name} ({self.canvas_id})" if self.canvas_id else each.name for each in assignments]
        columns = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *titles]
        rows: list[list[Cell]] = [
            ["    Points Possible", "", "", "", "", *(total_points([each.max_score]) for each in assignments)]
        ]
        for student in students:
            who: list[Cell] = [full_name(student), student.lms_user_id or "", "", student.id, ""]
            rows.append(who + [self.score(self.submission(gradebook, each, student)) for each in assignments])
        return columns, rows


class MoodleExporter(_CsvExporter):
    """What Moodle takes in Grades, Import, CSV file: map the person by e-mail or ID number."""

    name = "moodle.csv"

    def table(
        self, gradebook: Gradebook, assignments: Sequence[Any], students: Sequence[Any]
    ) -> tuple[list[str], list[list[Cell]]]:
        titles = [title for each in assignments for title in (each.name, f"{each.name} feedback")]
        columns = ["Email address", "ID number", "Full name", *titles]
        rows: list[list[Cell]] = []
        for student in students:
            who: list[Cell] = [student.email or "", student.lms_user_id or student.id, full_name(student)]
            for each in assignments:
                submission = self.submission(gradebook, each, student)
                who += [self.score(submission), points_by_cell(submission) if submission else ""]
            rows.append(who)
        return columns, rows


class CellsExporter(_CsvExporter):
    """Plain CSV, one row for each graded cell of each learner; points that a person has yet to give are empty."""

    name = "cells.csv"

    def table(
        self, gradebook: Gradebook, assignments: Sequence[Any], students: Sequence[Any]
    ) -> tuple[list[str], list[list[Cell]]]:
        columns = ["assignment", "student", "name", "notebook", "cell", "score", "max_score", "needs_manual_grade"]
        rows = [row for each in assignments for student in students for row in self._cells(gradebook, each, student)]
        return columns, rows

    def _cells(self, gradebook: Gradebook, assignment: Any, student: Any) -> Iterator[list[Cell]]:
        submission = self.submission(gradebook, assignment, student)
        if submission is None:
            return
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                waits = bool(grade.needs_manual_grade)
                points = None if waits else total_points([grade.score])
                who = [assignment.name, student.id, full_name(student), notebook.name, grade.name]
                yield [*who, points, total_points([grade.max_score]), "yes" if waits else "no"]


def points_by_cell(submission: Any) -> str:
    """'choose_rate 1.5/2; mc_predict waits', for the feedback that a platform shows beside the grade."""
    told = sorted(_points(grade) for notebook in submission.notebooks for grade in notebook.grades)
    penalty = _penalty(submission)
    return "; ".join([*told, f"late −{format_points(penalty)}"] if penalty else told)


def _points(grade: Any) -> str:
    if grade.needs_manual_grade:
        return f"{grade.name} waits"
    return f"{grade.name} {format_points(total_points([grade.score]))}/{format_points(total_points([grade.max_score]))}"


def _penalty(submission: Any) -> float:
    return total_points([submission.late_submission_penalty or 0.0])


def _told(moment: object) -> str:
    return "" if moment is None else str(moment)


def full_name(student: Any) -> str:
    """'Last, First' as far as the gradebook knows; else the id."""
    return ", ".join(part for part in (student.last_name, student.first_name) if part) or str(student.id)

"""Grades for learning platforms, as nbgrader's export plugins: `nbgrader export --exporter course.grading.export.…`.

A grade is given out only when it is whole: who waits for a person's grading, or handed nothing in, has an empty cell,
which Canvas and Moodle leave as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from course.spreadsheet import Cell, csv_text
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

    def score(self, gradebook: Gradebook, assignment: Any, student: Any) -> float | None:
        """Points less the penalty for being late; None where there is no submission or no whole grade."""
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            return None
        if submission.needs_manual_grade:
            self.log.warning("%s of %s waits for a person's grading and is left empty.", assignment.name, student.id)
            return None
        penalty = float(submission.late_submission_penalty or 0.0)
        return max(0.0, total_points([float(submission.score), -penalty]))


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
            rows.append(who + [self.score(gradebook, each, student) for each in assignments])
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
                score = self.score(gradebook, each, student)
                who += [score, "" if score is None else points_by_cell(gradebook, each, student)]
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
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            return
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                waits = bool(grade.needs_manual_grade)
                points = None if waits else grade.score
                who = [assignment.name, student.id, full_name(student), notebook.name, grade.name]
                yield [*who, points, grade.max_score, "yes" if waits else "no"]


def points_by_cell(gradebook: Gradebook, assignment: Any, student: Any) -> str:
    """'choose_rate 1.5/2; mc_predict 3/3', for the feedback that a platform shows beside the grade."""
    submission = gradebook.find_submission(assignment.name, student.id)
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    return "; ".join(
        sorted(f"{each.name} {format_points(each.score)}/{format_points(each.max_score)}" for each in grades)
    )


def full_name(student: Any) -> str:
    """'Last, First' as far as the gradebook knows; else the id."""
    return ", ".join(part for part in (student.last_name, student.first_name) if part) or str(student.id)

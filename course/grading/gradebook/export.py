"""Grades for learning platforms, as nbgrader's export plugins: `--exporter course.grading.gradebook.export.…`.

A grade is given out only when it is whole. Files that a platform imports have rows with a grade only, for Canvas and
Moodle take an empty cell for "no grade" and erase what is there; who is left out, and why, is told. All points are
rounded to cents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Enum, Unicode

from course.catalog import load_catalog
from course.errors import CourseError
from course.grading.gradebook.canvas_column import CanvasColumn, canvas_column
from course.language import NAMED, _, first_of, in_language, ngettext, with_marks
from course.rules.read import course_language, grading_language
from course.storage.spreadsheet import Cell, csv_text
from course.verdict import format_points, total_points


class _CsvExporter(ExportPlugin):  # type: ignore[misc]
    """Writes the rows of one file. --to names it; --student and --assignment choose, as in nbgrader."""

    name = "grades.csv"
    encoding = "utf-8"

    def export(self, gradebook: Gradebook) -> None:
        assignments = [each for each in gradebook.assignments if self._chosen(self.assignment, each.name)]
        students = [each for each in gradebook.students if self._chosen(self.student, each.id)]
        with in_language(self._language([each.name for each in assignments])):
            columns, rows = self.table(gradebook, assignments, students)
            target = Path(self.to or self.name)
            try:
                target.write_text(csv_text(columns, rows), encoding=self.encoding)
            except OSError as error:
                told = _("{path} cannot be written: {reason}.")
                raise SystemExit(told.format(path=target, reason=error.strerror)) from None
            self.log.info(_("The grades are written in {path}").format(path=target))

    def _language(self, assignments: Sequence[str]) -> str | None:
        """What course.yml sets for the assignments, if it is one for all of them, else for the course."""
        if self.parent is None:
            return None
        catalog = load_catalog(Path(self.parent.coursedir.root))
        slugs = [chapter.slug for chapter in catalog.chapters]
        chosen = {grading_language(catalog, each) for each in assignments if each in slugs}
        return chosen.pop() if len(chosen) == 1 else course_language(catalog)

    def tell_left_out(self, told: str, of_many: str, names: Sequence[str], **values: str) -> None:
        """Warns once of all whom one reason concerns: by name, or of many by number and the first names.

        told, of_many: sentences with the field names, and of_many with count besides; values: of their other fields.
        """
        chosen = of_many if len(names) > NAMED else told
        self.log.warning(chosen.format(count=len(names), names=first_of(sorted(names)), **values))

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

    def score(self, submission: Any) -> float | None:
        """Points less the penalty for being late; None where there is no whole grade."""
        if submission.needs_manual_grade:
            return None
        return max(0.0, total_points([submission.score, -_penalty(submission)]))

    def waits_in_submitted(self, assignment: str, student: str) -> bool:
        """True for work that is there and that nobody has graded."""
        if self.parent is None:
            return False
        course = self.parent.coursedir
        return Path(course.format_path(course.submitted_directory, student, assignment)).is_dir()


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
            left_empty = defaultdict(list)
            for student in students:
                submission = self.submission(gradebook, each, student)
                handed_in = submission.timestamp if submission else None
                who = [student.id, student.last_name, student.first_name, student.email]
                *grade, reason = self._grade(submission, each.name, student.id)
                points: list[Cell] = [*grade, total_points([each.max_score]), "yes" if reason else "no"]
                rows.append([each.name, _told(each.duedate), _told(handed_in), *who, *points])
                left_empty[reason].append(student.id)
            for reason, names in left_empty.items():
                if reason:
                    told = _("Left empty in {assignment}: {names}. {reason}")
                    of_many = _("Left empty in {assignment}: {count} ({names}). {reason}")
                    self.tell_left_out(told, of_many, names, assignment=each.name, reason=reason)
        return columns, rows

    def _grade(
        self, submission: Any | None, assignment: str, student: str
    ) -> tuple[float | None, float, float | None, str]:
        """raw_score, late_submission_penalty, score, and why it is open, '' where it is not."""
        if submission is not None:
            score, penalty = self.score(submission), _penalty(submission)
            if score is not None:
                return total_points([submission.score]), penalty, score, ""
            return None, penalty, None, waits_for_a_person()
        if self.waits_in_submitted(assignment, student):
            return None, 0.0, None, not_graded_yet()
        return 0.0, 0.0, 0.0, ""


def waits_for_a_person() -> str:
    return _("Their work waits for a person's grading.")


def not_graded_yet() -> str:
    return _("Their work is not graded yet.")


class _PlatformExporter(_CsvExporter):
    """Writes a file to be imported: one assignment, a row for everybody who has a grade and whom the platform knows."""

    encoding = "utf-8-sig"  # Excel then shows names as they are; Canvas and Moodle both read it

    def graded(
        self, gradebook: Gradebook, assignments: Sequence[Any], students: Sequence[Any]
    ) -> tuple[Any, list[tuple[Any, Any, float]]]:
        """The assignment, and each student with submission and grade. Who is left out is told, by reason."""
        assignment = self._only(assignments)
        found, left_out = [], defaultdict(list)
        for student in students:
            submission = self.submission(gradebook, assignment, student)
            score = self.score(submission) if submission else None
            reason = self.unknown(student) if score is not None else self._why_without(assignment, student, submission)
            if reason or score is None:
                left_out[reason].append(student.id)
            else:
                found.append((student, submission, score))
        for reason, names in left_out.items():
            told, of_many = _("Left out: {names}. {reason}"), _("Left out: {count} ({names}). {reason}")
            self.tell_left_out(told, of_many, names, reason=reason)
        return assignment, found

    def unknown(self, student: Any) -> str:
        """Why the platform would not know the student; '' where it does."""
        raise NotImplementedError

    def refuse(self, reason: str) -> NoReturn:
        self.log.error(reason)
        raise SystemExit(2)

    def _only(self, assignments: Sequence[Any]) -> Any:
        with_work = [each for each in assignments if each.submissions]
        if len(with_work) == 1:
            return with_work[0]
        names = ", ".join(each.name for each in with_work or assignments) or "–"
        if with_work:
            told = _(
                "A file to import holds one assignment, as empty cells erase grades: add --assignment NAME ({names})."
            )
            self.refuse(told.format(names=names))
        self.refuse(_("Nothing is graded of: {names}.").format(names=names))

    def _why_without(self, assignment: Any, student: Any, submission: Any | None) -> str:
        if submission is not None:
            return waits_for_a_person()
        if self.waits_in_submitted(assignment.name, student.id):
            return not_graded_yet()
        return _("They have handed nothing in.")


class CanvasExporter(_PlatformExporter):
    """What Canvas takes in Grades, Import. A column without a number becomes a new assignment there."""

    name = "canvas.csv"
    column = Unicode("", help="The assignment's column in Canvas, 'Dropout (12345)', or its number.").tag(config=True)
    canvas_gradebook = Unicode(
        "",
        help="The file that Canvas's Gradebook has exported: the column is looked up there, and who is in the class.",
    ).tag(config=True)
    _found = CanvasColumn("")

    def table(
        self, gradebook: Gradebook, assignments: Sequence[Any], students: Sequence[Any]
    ) -> tuple[list[str], list[list[Cell]]]:
        slug = self._only(assignments).name
        try:
            self._found = canvas_column(
                slug, self.column, Path(self.canvas_gradebook) if self.canvas_gradebook else None
            )
        except CourseError as error:
            self.refuse(str(error))
        assignment, graded = self.graded(gradebook, assignments, students)
        possible = total_points([assignment.max_score])
        rows: list[list[Cell]] = [["    Points Possible", "", "", "", "", possible]] if self._found.new else []
        for student, _submission, score in graded:
            rows.append([full_name(student), student.lms_user_id, "", student.id, "", score])
        self._tell(possible)
        return ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", self._found.header], rows

    def unknown(self, student: Any) -> str:
        number = student.lms_user_id or ""
        if not number.isdecimal():
            return _("Their number in Canvas is not known: take in Canvas's list with `course roster`.")
        if self._found.people is not None and number not in self._found.people:
            return _("They are not in Canvas's gradebook.")
        return ""

    def _tell(self, possible: float) -> None:
        """What an instructor should know of the column before the import."""
        found = self._found
        if found.new:
            told = _("Canvas will make a new assignment {name}. To fill one that is there: --CanvasExporter.column='…'")
            self.log.warning(told.format(name=found.header))
        elif found.possible is not None and found.possible != possible:
            told = ngettext(
                "In Canvas {column} has {theirs} point, and here {ours}: Canvas takes the points as they are.",
                "In Canvas {column} has {theirs} points, and here {ours}: Canvas takes the points as they are.",
                found.possible,
            )
            ours, theirs = (with_marks(format_points(points)) for points in (possible, found.possible))
            self.log.warning(told.format(column=found.header, theirs=theirs, ours=ours))


class MoodleExporter(_PlatformExporter):
    """What Moodle takes in Grades, Import, CSV file: map the first column to the person, the third to the grade."""

    name = "moodle.csv"
    person = Enum(
        ["email", "idnumber", "username"], "email", help="By which of these Moodle knows a person on import."
    ).tag(config=True)

    def table(
        self, gradebook: Gradebook, assignments: Sequence[Any], students: Sequence[Any]
    ) -> tuple[list[str], list[list[Cell]]]:
        assignment, graded = self.graded(gradebook, assignments, students)
        title = {"email": "Email address", "idnumber": "ID number", "username": "Username"}[self.person]
        rows: list[list[Cell]] = [
            [self._key(student), full_name(student), score, points_by_cell(submission)]
            for student, submission, score in graded
        ]
        return [title, "Full name", assignment.name, f"{assignment.name} feedback"], rows

    def _key(self, student: Any) -> str:
        keys = {"email": student.email, "idnumber": student.lms_user_id, "username": student.id}
        return str(keys[self.person] or "")

    def unknown(self, student: Any) -> str:
        """Moodle would give the grade of a line without a key to the person of the line before."""
        if self._key(student):
            return ""
        if self.person == "email":
            return _("Their e-mail address is not known: take in Moodle's list with `course roster`.")
        return _("Their ID number is not known: take in Moodle's list with `course roster`.")


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
    if penalty:
        told.append(_("late −{points}").format(points=with_marks(format_points(penalty))))
    return "; ".join(told)


def _points(grade: Any) -> str:
    if grade.needs_manual_grade:
        return _("{name} waits").format(name=grade.name)
    given, most = (with_marks(format_points(total_points([each]))) for each in (grade.score, grade.max_score))
    return f"{grade.name} {given}/{most}"


def _penalty(submission: Any) -> float:
    return total_points([submission.late_submission_penalty or 0.0])


def _told(moment: object) -> str:
    return "" if moment is None else str(moment)


def full_name(student: Any) -> str:
    """'Last, First' as far as the gradebook knows; else the id."""
    return ", ".join(part for part in (student.last_name, student.first_name) if part) or str(student.id)

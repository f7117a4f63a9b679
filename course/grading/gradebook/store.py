"""Writes results into nbgrader's gradebook and class/autograded, as `nbgrader autograde` would.

The one writer: nothing else of ours touches the database. Scores given by hand in formgrader are kept.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import nbformat
from nbformat import NotebookNode
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from course.catalog import Catalog
from course.errors import CourseError
from course.grading.gradebook.database import is_there, newest_schema, one_transaction, patient_url, without_warnings
from course.grading.gradebook.lateness import follow_due_date, other_plugin
from course.grading.gradebook.notes import Note, make_table, read_notes, rename_notes, write_note
from course.grading.gradebook.scores import (
    Standing,
    forget_penalties,
    load_submissions,
    marks_that_stand,
    row_with_standing,
    save_comments,
    save_penalties,
    save_submission,
    save_verdicts,
    standing_of,
)
from course.grading.intake.timestamp import HandedIn, handed_in, not_known_any_more
from course.grading.run import answer_digests
from course.grading.task import Graded
from course.language import _
from course.notebooks.reading import UnreadableNotebook, read_notebook
from course.notebooks.release import grading_template, nbgrader_settings
from course.notebooks.restore import grade_id
from course.notebooks.rules import require_sound_rules
from course.rules.read import RulesError, load_rules
from course.storage.regular_files import copy_submission


class GradebookUnusable(CourseError):
    """The database does not answer, is locked or full: nothing more can be stored for now."""


@dataclass(frozen=True)
class Person:
    """A learner in the gradebook; number: what the learning platform calls them. '' for what it does not know."""

    id: str
    first: str
    last: str
    number: str
    email: str = ""

    @property
    def has_full_name(self) -> bool:
        return bool(self.first and self.last)

    @property
    def in_full(self) -> str:
        """'Ada Byron (ada)'."""
        return f"{self.first} {self.last} ({self.id})"


class ClassFolder:
    """The class's files and gradebook, where nbgrader_config.py says they are."""

    def __init__(self, catalog: Catalog, course: Any = None, settings: Any = None) -> None:
        """course, settings: nbgrader's, where it calls us; else as nbgrader_config.py says."""
        from nbgrader.coursedir import CourseDirectory

        self.catalog = catalog
        self.settings = settings or nbgrader_settings(catalog.root)
        self.course = course or CourseDirectory(config=self.settings)
        self.course.db_url = patient_url(self.course.db_url)
        self._open: Any = None

    def submitted(self, slug: str) -> dict[str, Path]:
        """Folder of each student's submission, by student: under the chapter's slug, else under an earlier one."""
        found: dict[str, Path] = {}
        for name in (*self.catalog.chapter(slug).formerly, slug):
            place = Path(self.course.format_path(self.course.submitted_directory, "*", name))
            folders = place.parent.parent.glob(f"*/{name}") if place.parent.parent.is_dir() else []
            found |= {folder.parent.name: folder for folder in folders if folder.is_dir()}
        return dict(sorted(found.items()))

    def follow_rename(self, slug: str) -> None:
        """What the gradebook and class/autograded hold under an earlier slug of the chapter goes on under this one."""
        from nbgrader.api import Assignment

        for old in self.catalog.chapter(slug).formerly:
            with self._gradebook() as gradebook:
                names = {name for (name,) in gradebook.db.query(Assignment.name)}
                if old not in names or slug in names:
                    continue
                gradebook.find_assignment(old).name = slug
                rename_notes(gradebook, old, slug)
                gradebook.db.commit()
            place = self.autograded(old, "*")
            for folder in place.parent.parent.glob(f"*/{old}") if place.parent.parent.is_dir() else []:
                if not self.autograded(slug, folder.parent.name).exists():
                    folder.rename(folder.with_name(slug))

    def require_assignment(self, slug: str) -> str:
        """Makes the gradebook know the chapter's cells as they are now, as `nbgrader generate_assignment` does, and
        when it is due. What to tell of that; '' for nothing. RulesError where course.yml has faults."""
        from nbgrader.api import MissingEntry

        require_sound_rules(self.catalog)
        self.follow_rename(slug)
        with self._gradebook() as gradebook:
            told = follow_due_date(gradebook, self.catalog, slug)
            try:
                notebooks = gradebook.find_assignment(slug).notebooks
            except MissingEntry:
                notebooks = []
            known = {
                notebook.name: {cell.name: cell.checksum for cell in notebook.source_cells} for notebook in notebooks
            }
        if known != _checksums(grading_template(self.catalog, slug)):
            self._generate(slug)
        return " ".join(each for each in (told, other_plugin(self.settings, self.catalog, slug)) if each)

    def _generate(self, slug: str) -> None:
        """Tells the gradebook of the assignment; what stands in class/release stays as it is."""
        from nbgrader.converters import GenerateAssignment
        from nbgrader.converters.base import NbGraderException
        from nbgrader.coursedir import CourseDirectory

        with tempfile.TemporaryDirectory(prefix="course-release-") as elsewhere:
            course = CourseDirectory(config=self.settings)
            course.assignment_id, course.release_directory = slug, elsewhere
            course.db_url = self.course.db_url
            try:
                GenerateAssignment(coursedir=course, config=self.settings).start()
            except (NbGraderException, SystemExit) as error:
                told = _("The assignment {slug} could not be generated: {reason}")
                raise CourseError(told.format(slug=slug, reason=error)) from None

    def notes(self, slug: str) -> dict[str, Note]:
        """What was found in each student's work when it was graded last."""
        with self._gradebook() as gradebook:
            return read_notes(gradebook, slug)

    def graded(self, slug: str) -> set[str]:
        """The students whose judged notebooks and scores are where `store` puts them."""
        return {student for student in self._stored(slug) if self.autograded(slug, student).is_dir()}

    def _stored(self, slug: str) -> list[str]:
        from nbgrader.api import Assignment, SubmittedAssignment

        with self._gradebook() as gradebook:
            students = gradebook.db.query(SubmittedAssignment.student_id).join(
                Assignment, Assignment.id == SubmittedAssignment.assignment_id
            )
            return [str(student) for (student,) in students.filter(Assignment.name == slug)]

    def standings(self, slug: str) -> dict[str, Standing]:
        """What the gradebook says of each student's submission, marks given by hand included."""
        with self._gradebook() as gradebook:
            return {each.student_id: standing_of(each) for each in load_submissions(gradebook, slug)}

    def standing(self, slug: str, student: str) -> tuple[Standing | None, Note | None]:
        """The same of one student, None where there is no submission; and what was found in it."""
        with self._gradebook() as gradebook:
            submissions = load_submissions(gradebook, slug, student)
            note = read_notes(gradebook, slug, student).get(student)
            return (standing_of(submissions[0]) if submissions else None), note

    def submission(self, slug: str, student: str) -> Path:
        """Where the student's work is expected."""
        return Path(self.course.format_path(self.course.submitted_directory, student, slug))

    def people(self) -> list[Person]:
        """Everybody in the gradebook; nobody, and no gradebook is made, where there is none yet."""
        if not is_there(self.course.db_url):
            return []
        with self._gradebook() as gradebook:
            return [
                Person(
                    *(value or "" for value in (each.id, each.first_name, each.last_name, each.lms_user_id, each.email))
                )
                for each in gradebook.students
            ]

    def save_people(self, people: Iterable[Person]) -> None:
        """Adds them or puts what is said of them in place of what was; all or, after an exception, none."""
        with self._gradebook() as gradebook, without_warnings(), one_transaction(gradebook):
            for each in people:
                known = {"first_name": each.first, "last_name": each.last, "lms_user_id": each.number}
                known["email"] = each.email
                gradebook.update_or_create_student(each.id, **{name: value or None for name, value in known.items()})

    def due_date(self, slug: str) -> datetime | None:
        """When the work is due, in UTC without a zone: as course.yml says, else the gradebook; None where neither does.

        A course.yml with faults says nothing here: grading tells of them.
        """
        from nbgrader.api import MissingEntry

        with contextlib.suppress(RulesError):
            if due := load_rules(self.catalog).chapter(slug).due:
                return due.in_utc
        with self._gradebook() as gradebook:
            try:
                return cast("datetime | None", gradebook.find_assignment(slug).duedate)
            except MissingEntry:
                return None

    def autograded(self, slug: str, student: str) -> Path:
        return Path(self.course.format_path(self.course.autograded_directory, student, slug))

    def store(self, slug: str, student: str, graded: Graded, submitted: Path, key: str | None = None) -> dict[str, Any]:
        """Saves one student's judged notebooks and scores in place of an earlier run's; the row as it then stands.

        key: what the verdicts depend on, noted so that the same work is not run again; None: it is run again.
        """
        target = self.autograded(slug, student)
        staged = target.parent / f".{slug}.new"
        try:
            _write_notebooks(graded.notebooks, submitted, staged)
            standing, before = self._store_scores(slug, student, graded, submitted)
            shutil.rmtree(target, ignore_errors=True)
            staged.rename(target)
            self._note_key(slug, student, key)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        return row_with_standing(_timed(graded.row, submitted, before), standing)

    def store_open(self, slug: str, student: str, graded: Graded, submitted: Path) -> dict[str, Any]:
        """Opens the student's grades for a person, as nothing could be judged; files of an earlier run stay."""
        standing, before = self._store_scores(slug, student, graded, submitted)
        return row_with_standing(_timed(graded.row, submitted, before), standing)

    def settle(
        self, slug: str, student: str, row: Mapping[str, Any], standing: Standing, submitted: Path
    ) -> dict[str, Any]:
        """The row of work that is not run again, after what depends on the time of handing in has been set right."""
        time, before = _time(submitted), standing.timestamp
        if (time and time.when != before) or standing.seconds_late or standing.penalty:
            with self._gradebook() as gradebook, without_warnings(), one_transaction(gradebook):
                save_submission(gradebook, slug, student, time)
                standing = _with_penalties(gradebook, slug, student, self.settings)
        return row_with_standing(_timed(row, submitted, before), standing)

    def _store_scores(
        self, slug: str, student: str, graded: Graded, submitted: Path
    ) -> tuple[Standing, datetime | None]:
        """All scores of one student, the points off for being late and the note, or nothing, in one transaction.

        Also when the gradebook, until now, had the work handed in.
        """
        notebooks = [nbformat.v4.reads(text) for text in graded.notebooks.values()]  # ours, so not validated again
        with self._gradebook() as gradebook, without_warnings(), one_transaction(gradebook):
            before = next((each.timestamp for each in load_submissions(gradebook, slug, student)), None)
            save_submission(gradebook, slug, student, _time(submitted))
            [submission] = load_submissions(gradebook, slug, student)
            note = read_notes(gradebook, slug, student).get(student)
            answers = note.answers if note else self._answers_of_another_grader(slug, student)
            stood = {**(note.stood if note else {}), **marks_that_stand(submission)}
            unchanged = {name for name, digest in graded.answers.items() if answers.get(name) == digest}
            save_verdicts(submission, graded.row["cells"], unchanged, stood)
            save_comments(submission, notebooks)
            if graded.answers:
                write_note(gradebook, slug, student, Note(graded.row, graded.answers))
                return _with_penalties(gradebook, slug, student, self.settings), before
            write_note(gradebook, slug, student, Note(graded.row, answers, stood=stood))  # nothing was judged
            forget_penalties(submission)
            gradebook.db.flush()
            return standing_of(submission), before

    def _answers_of_another_grader(self, slug: str, student: str) -> dict[str, str]:
        """Digests of the answers in the notebooks that somebody else, such as stock nbgrader, has graded."""
        found: dict[str, str] = {}
        folder = self.autograded(slug, student)
        for path in sorted(folder.glob("*.ipynb")) if folder.is_dir() else []:
            with contextlib.suppress(UnreadableNotebook):
                found |= answer_digests(read_notebook(path), folder)
        return found

    def _note_key(self, slug: str, student: str, key: str | None) -> None:
        """Says that scores and notebooks are all in place."""
        with self._gradebook() as gradebook, one_transaction(gradebook):
            note = read_notes(gradebook, slug, student)[student]
            write_note(gradebook, slug, student, note.with_key(key))

    @contextlib.contextmanager
    def _gradebook(self) -> Iterator[Any]:
        """nbgrader's gradebook, kept open for the next time; CourseError where the database cannot be used."""
        from nbgrader import api

        try:
            if self._open is None:
                api.get_alembic_version = newest_schema
                self._open = api.Gradebook(self.course.db_url, self.course.course_id)
                make_table(self._open)
            yield self._open
        except BaseException as error:
            self._forget()
            if isinstance(error, OperationalError | ModuleNotFoundError):
                raise self._unusable(error) from None
            raise
        self._open.db.remove()

    def _forget(self) -> None:
        """Closes the gradebook, whatever state it is in; the next one to need it opens it anew."""
        opened, self._open = self._open, None
        if opened is not None:
            with contextlib.suppress(SQLAlchemyError):
                opened.close()

    def _unusable(self, error: Exception) -> GradebookUnusable:
        """What to tell of a database that does not answer, or whose driver is missing; passwords stay hidden."""
        reason = str(getattr(error, "orig", error)).strip()
        shown = make_url(self.course.db_url).difference_update_query(["timeout"]).render_as_string(hide_password=True)
        told = _(
            "The gradebook {gradebook} cannot be used: {reason}. What is stored stays as it is; when the gradebook is "
            "free again, the same command goes on with the rest."
        )
        return GradebookUnusable(told.format(gradebook=shown, reason=reason))


def _checksums(notebooks: Mapping[str, NotebookNode]) -> dict[str, dict[str, str]]:
    """nbgrader's checksum (of source, kind and points) of each named cell, by notebook."""
    return {
        stem: {name: cell.metadata.nbgrader.get("checksum") for cell in notebook.cells if (name := grade_id(cell))}
        for stem, notebook in notebooks.items()
    }


def _time(submitted: Path) -> HandedIn | None:
    """When the work was handed in; None where what says so cannot be read (see _timed)."""
    with contextlib.suppress(CourseError):
        return handed_in(submitted)
    return None


def _timed(row: Mapping[str, Any], submitted: Path, before: datetime | None) -> dict[str, Any]:
    """The row, with a note where the time of handing in cannot be read, or hardly means what it says; or was that of
    earlier work. before: what the gradebook had."""
    try:
        time = handed_in(submitted)
        told = time.warning or ("" if time.when else not_known_any_more(before))
    except CourseError as error:
        told = str(error)
    return {**row, "notes": [*row.get("notes", ()), told]} if told else dict(row)


def _with_penalties(gradebook: Any, slug: str, student: str, settings: Any) -> Standing:
    """The submission as it stands once its lateness, and nothing else, has been looked at anew."""
    gradebook.db.flush()
    [submission] = load_submissions(gradebook, slug, student)
    save_penalties(submission, settings)
    gradebook.db.flush()
    return standing_of(submission)


def _write_notebooks(notebooks: Mapping[str, str], submitted: Path, target: Path) -> None:
    """The submission's own files with the judged notebooks among them, in place of what was there."""
    if target.exists():
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    copy_submission(submitted, target)
    for path in target.glob("*.ipynb"):
        path.unlink()
    for name, text in notebooks.items():
        (target / f"{name}.ipynb").write_text(text, encoding="utf-8")

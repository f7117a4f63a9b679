"""Writes results into nbgrader's gradebook and class/autograded, as `nbgrader autograde` would.

The one writer: nothing else of ours touches the database. Scores given by hand in formgrader are kept.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, SAWarning

from course.catalog import Catalog
from course.errors import CourseError
from course.grading.files import copy_submission
from course.release import nbgrader_settings


class ClassFolder:
    """The class's files and gradebook, where nbgrader_config.py says they are."""

    def __init__(self, catalog: Catalog) -> None:
        from nbgrader.coursedir import CourseDirectory

        self.catalog = catalog
        self.settings = nbgrader_settings(catalog.root)
        self.course = CourseDirectory(config=self.settings)

    def submitted(self, slug: str) -> dict[str, Path]:
        """Folder of each student's submission, by student."""
        found = Path(self.course.format_path(self.course.submitted_directory, "*", slug))
        folders = sorted(found.parent.parent.glob(f"*/{slug}")) if found.parent.parent.is_dir() else []
        return {folder.parent.name: folder for folder in folders if folder.is_dir()}

    def require_assignment(self, slug: str) -> None:
        """Makes the gradebook know the assignment, as `nbgrader generate_assignment` does, unless it does already."""
        from nbgrader.api import MissingEntry

        with self._gradebook() as gradebook:
            try:
                if gradebook.find_assignment(slug).notebooks:
                    return
            except MissingEntry:
                pass
        self._generate(slug)

    def _generate(self, slug: str) -> None:
        """Tells the gradebook of the assignment; what stands in class/release stays as it is."""
        from nbgrader.converters import GenerateAssignment
        from nbgrader.converters.base import NbGraderException
        from nbgrader.coursedir import CourseDirectory

        with tempfile.TemporaryDirectory(prefix="course-release-") as elsewhere:
            course = CourseDirectory(config=self.settings)
            course.assignment_id, course.release_directory = slug, elsewhere
            try:
                GenerateAssignment(coursedir=course, config=self.settings).start()
            except (NbGraderException, SystemExit) as error:
                raise CourseError(f"The assignment {slug} could not be generated: {error}") from None

    def memory(self, slug: str, student: str) -> Path:
        """Where it is noted what was graded, so that nothing is graded twice."""
        return self.catalog.root / "class" / "graded" / slug / f"{student}.json"

    def has_grades(self, slug: str, student: str) -> bool:
        """True if the student's judged notebooks and scores are where `store` puts them."""
        from nbgrader.api import MissingEntry

        if not self._autograded(slug, student).is_dir():
            return False
        with self._gradebook() as gradebook:
            try:
                gradebook.find_submission(slug, student)
            except MissingEntry:
                return False
        return True

    def _autograded(self, slug: str, student: str) -> Path:
        return Path(self.course.format_path(self.course.autograded_directory, student, slug))

    def store(self, slug: str, student: str, notebooks: Mapping[str, str], submitted: Path) -> None:
        """Saves judged notebooks (as text, by name) and scores of one student; replaces an earlier run."""
        from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades

        _write_notebooks(notebooks, submitted, self._autograded(slug, student))
        with self._gradebook() as gradebook:
            gradebook.update_or_create_student(student)
            timestamp = self.course.get_existing_timestamp(str(submitted))
            when = {"timestamp": timestamp} if timestamp else {}
            gradebook.update_or_create_submission(slug, student, **when)
        for name, text in notebooks.items():
            notebook = nbformat.reads(text, as_version=4)
            names = {
                "assignment": slug,
                "student": student,
                "notebook": name,
                "db_url": self.course.db_url,
            }
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SAWarning)  # nbgrader's own use of its session, no loss
                for preprocessor in (SaveAutoGrades, AssignLatePenalties):
                    preprocessor(config=self.settings).preprocess(notebook, {"nbgrader": names})

    @contextlib.contextmanager
    def _gradebook(self) -> Iterator[Any]:
        """nbgrader's gradebook, open; CourseError where the database cannot be used."""
        from nbgrader.api import Gradebook

        try:
            with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
                yield gradebook
        except (OperationalError, ModuleNotFoundError) as error:
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> CourseError:
        """What to tell of a database that does not answer, or whose driver is missing; passwords stay hidden."""
        reason = str(getattr(error, "orig", error)).strip()
        shown = make_url(self.course.db_url).render_as_string(hide_password=True)
        return CourseError(f"The gradebook {shown} cannot be used: {reason}. What is stored stays as it is.")


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

"""Writes results into nbgrader's gradebook and class/autograded, as `nbgrader autograde` would.

The one writer: nothing else of ours touches the database. Scores given by hand in formgrader are kept.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat

from course.catalog import Catalog
from course.errors import CourseError
from course.grading.run import Result
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

    def store(self, result: Result, student: str, submitted: Path) -> None:
        """Saves judged notebooks and scores of one student; replaces an earlier run of the same submission."""
        from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades

        target = Path(self.course.format_path(self.course.autograded_directory, student, result.chapter))
        self._write_notebooks(result, submitted, target)
        with self._gradebook() as gradebook:
            gradebook.update_or_create_student(student)
            timestamp = self.course.get_existing_timestamp(str(submitted))
            when = {"timestamp": timestamp} if timestamp else {}
            gradebook.update_or_create_submission(result.chapter, student, **when)
        for name, notebook in result.notebooks.items():
            names = {
                "assignment": result.chapter,
                "student": student,
                "notebook": name,
                "db_url": self.course.db_url,
            }
            for preprocessor in (SaveAutoGrades, AssignLatePenalties):
                preprocessor(config=self.settings).preprocess(notebook, {"nbgrader": names})

    def _write_notebooks(self, result: Result, submitted: Path, target: Path) -> None:
        if target.exists():
            shutil.rmtree(target)
        ignored = shutil.ignore_patterns(".*", "*.ipynb")
        shutil.copytree(submitted, target, symlinks=True, ignore=ignored)
        for name, notebook in result.notebooks.items():
            nbformat.write(notebook, target / f"{name}.ipynb")

    def _gradebook(self) -> Any:
        from nbgrader.api import Gradebook

        return Gradebook(self.course.db_url, self.course.course_id)

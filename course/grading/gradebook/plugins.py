"""Our place inside nbgrader, named in nbgrader_config.py: four steps and a hook at release, and how it autogrades.

`nbgrader autograde` and formgrader's button grade by the very pipeline of `course grade`, one submission after the
other, so they cannot say anything else. Formgrader, gradebook, feedback and exchange are nbgrader's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, MissingEntry, Notebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor, SaveCells
from traitlets import Enum

from course.catalog import Catalog, is_chapter_notebook, load_catalog
from course.errors import CourseError
from course.grading.gradebook.lateness import follow_due_date
from course.grading.gradebook.store import ClassFolder
from course.grading.sandbox.sandbox_process import close_sandbox
from course.grading.schedule import Plan, Row, grade_class
from course.language import _, in_language, language
from course.notebooks.breadcrumbs import with_breadcrumb
from course.notebooks.points import apply_points, points_in_all
from course.notebooks.release import is_personal, is_side_file
from course.notebooks.rules import require_sound_rules
from course.quiz.model import keyless_files
from course.rules.read import RulesError, chapter_rules, grading_language


def _catalog(preprocessor: NbGraderPreprocessor) -> Catalog:
    """The course that nbgrader_config.py belongs to."""
    return load_catalog(Path(preprocessor.config.CourseDirectory.root))


class ApplyPoints(NbGraderPreprocessor):  # type: ignore[misc]
    """At release, first of all: cells give the points that course.yml sets, and headings say so."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        catalog, slug = _catalog(self), resources["nbgrader"]["assignment"]
        rules = chapter_rules(catalog, slug)
        return (apply_points(nb, rules, points_in_all(catalog, slug, rules)) if rules.points else nb), resources


class WriteKeylessQuiz(NbGraderPreprocessor):  # type: ignore[misc]
    """At release: what a learner may see of a quiz that tells only after grading, as files beside the notebook."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        outputs = resources["outputs"] if isinstance(resources.get("outputs"), dict) else {}
        for name, sheet in keyless_files(resources["nbgrader"]["assignment"], _catalog(self)).items():
            outputs[name] = json.dumps(sheet, ensure_ascii=False, indent=1).encode()
        resources["outputs"] = outputs
        return nb, resources


class AddBreadcrumb(NbGraderPreprocessor):  # type: ignore[misc]
    """At release, last of all: the cell that says where the notebook stands in the course. Grading does not see it.

    Learners fetch a chapter's folder by itself: no contents page is above it, no other chapter need be beside it.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        of = resources["nbgrader"]
        return with_breadcrumb(nb, _catalog(self), of["assignment"], of["notebook"], alone=True), resources


class UpdateCells(SaveCells):  # type: ignore[misc]
    """At release: the gradebook's cells follow the sources, also once students have handed in; nbgrader refuses then.

    A cell that is gone leaves the gradebook, unless somebody has graded it by hand or written a comment: then it stays.
    """

    def _create_notebook(self, nb: NotebookNode) -> None:
        if told := follow_due_date(self.gradebook, _catalog(self), self.assignment_id):
            self.log.warning(told)
        try:
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            notebook = None
        if notebook is None or not notebook.submissions:
            super()._create_notebook(nb)
            return
        self._forget_gone(notebook)
        for kind in ("grade", "solution", "task", "source"):
            for name, fields in getattr(self, f"new_{kind}_cells").items():
                update = getattr(self.gradebook, f"update_or_create_{kind}_cell")
                update(name, self.notebook_id, self.assignment_id, **fields)
        self._make_room(notebook)
        self.gradebook.db.commit()

    def _forget_gone(self, notebook: Notebook) -> None:
        delete = self.gradebook.db.delete
        for kind in ("grade", "solution", "task"):
            for cell in getattr(notebook, f"{kind}_cells"):
                if cell.name not in getattr(self, f"new_{kind}_cells") and not _touched_by_hand(cell):
                    for entry in [*(cell.grades or []), *(cell.comments or []), cell]:
                        delete(entry)
        for cell in notebook.source_cells:
            if cell.name not in self.new_source_cells:
                delete(cell)
        self.gradebook.db.commit()

    def _make_room(self, notebook: Notebook) -> None:
        """For each submission, an empty grade and comment for every cell that has none yet."""
        self.gradebook.db.refresh(notebook)
        for submitted in notebook.submissions:
            graded = {grade.cell_id for grade in submitted.grades}
            commented = {comment.cell_id for comment in submitted.comments}
            for cell in [*notebook.grade_cells, *notebook.task_cells]:
                if cell.id not in graded:
                    self.gradebook.db.add(Grade(cell_id=cell.id, notebook=submitted))
            for cell in [*notebook.solution_cells, *notebook.task_cells]:
                if cell.id not in commented:
                    self.gradebook.db.add(Comment(cell_id=cell.id, notebook=submitted))


def _touched_by_hand(cell: BaseCell) -> bool:
    by_hand = any(grade.manual_score is not None or grade.extra_credit for grade in cell.grades or [])
    return by_hand or any(comment.manual_comment for comment in cell.comments or [])


class CourseAutograde(Autograde):  # type: ignore[misc]
    """In place of nbgrader's Autograde: judges outside the kernel, and leaves open what it cannot judge.

    What was graded before and has not changed is not graded again, unless force is set.
    """

    isolation = Enum(
        ["sandbox", "none"],
        default_value="sandbox",
        help="Where submissions run: sealed in the sandbox, or (only if you ask) with the rights of who grades.",
    ).tag(config=True)

    def start(self) -> None:
        """Grades the submissions that --student and --assignment choose. NbGraderException where there are none."""
        try:
            catalog = load_catalog(Path(self.coursedir.root))
            with in_language(grading_language(catalog, self.coursedir.assignment_id)):
                _speak_in_sandbox(catalog.root)
                self._grade()
        except RulesError as error:
            raise _refused(self, error) from None
        except CourseError as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from None

    def _grade(self) -> None:
        class_folder = ClassFolder(load_catalog(Path(self.coursedir.root)), self.coursedir, self.config)
        slug = class_folder.catalog.chapter(self.coursedir.assignment_id).slug
        chosen = self._chosen(class_folder.submitted(slug), class_folder)
        if told := class_folder.require_assignment(slug):
            self.log.warning(told)
        if self.coursedir.notebook_id != "*":
            self.log.warning(_("A submission is graded as a whole, not only the notebook that was asked for."))
        plan = Plan(slug, chosen, self.isolation, again=self.force)
        for row in grade_class(class_folder.catalog, class_folder, plan):
            self._tell(row)
            if not row.unchanged and class_folder.autograded(slug, row.student).is_dir():
                self._sanitizing = False
                self.set_permissions(slug, row.student)

    def _chosen(self, submissions: Mapping[str, Path], class_folder: ClassFolder) -> dict[str, Path]:
        excluded = self.coursedir.student_id_exclude.split(",")
        chosen = {
            student: folder
            for student, folder in submissions.items()
            if fnmatchcase(student, self.coursedir.student_id) and student not in excluded
        }
        if not chosen:
            pattern = self.coursedir.format_path(
                self.coursedir.submitted_directory, self.coursedir.student_id, self.coursedir.assignment_id
            )
            raise CourseError(f"No notebooks were matched by '{pattern}'")  # in nbgrader's words, as below
        unknown = sorted(set(chosen) - {person.id for person in class_folder.people()})
        if unknown and not self.create_student:
            raise CourseError(f"No student with ID '{unknown[0]}' exists in the database")
        return chosen

    def _tell(self, row: Row) -> None:
        from course.grading.display import row_line

        tell = self.log.info if row.result["status"] == "graded" else self.log.warning
        tell("%s", row_line(row))


_spoken: dict[Path, str] = {}  # the language in which each course's sandbox was started


def _speak_in_sandbox(root: Path) -> None:
    """Ends the sandbox that speaks another language than that of now: a server grades one chapter after another."""
    if _spoken.setdefault(root, language()) != language():
        close_sandbox(root)
        _spoken[root] = language()


class CourseRelease(GenerateAssignment):  # type: ignore[misc]
    """nbgrader's GenerateAssignment, which does nothing where course.yml has faults."""

    def start(self) -> None:
        try:
            require_sound_rules(load_catalog(Path(self.coursedir.root)))
        except RulesError as error:
            raise _refused(self, error) from None
        super().start()


def _refused(converter: Any, error: RulesError) -> SystemExit:
    """What ends nbgrader's command as it ends ours; formgrader shows what was logged."""
    converter.log.error(str(error))
    return SystemExit(error.exit_code)


def release_and_autograde_by_course() -> None:
    """Puts ours where nbgrader's commands and formgrader look for their own: there is no setting for it."""
    import nbgrader.apps.api
    import nbgrader.apps.autogradeapp
    import nbgrader.apps.generateassignmentapp

    for module in (nbgrader.apps.api, nbgrader.apps.autogradeapp):
        module.Autograde = CourseAutograde
    for module in (nbgrader.apps.api, nbgrader.apps.generateassignmentapp):
        module.GenerateAssignment = CourseRelease


def keep_only_released(root: Path, assignment: str, student: str, notebooks: list[str]) -> None:
    """Hook after a release of the course in root, for nbgrader copies all that lies beside the notebooks.

    What an author answered while trying the chapter, and any file that no release has, is taken out again.
    """
    released, sources = root / "class" / "release" / assignment, root / "notebooks" / assignment
    for path in sorted(released.rglob("*")):
        name = path.relative_to(released)
        copied = (sources / name).is_file() and not _is_released(name)
        if path.is_file() and (copied or is_personal(path.name)):
            path.unlink()


def _is_released(name: Path) -> bool:
    if name.suffix == ".ipynb":
        return len(name.parts) == 1 and is_chapter_notebook(name.stem)
    return is_side_file(name)

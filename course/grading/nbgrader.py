"""Our place inside nbgrader: four preprocessors and a hook, named in nbgrader_config.py.

They hand each notebook to the same pipeline as `course grade`; nbgrader keeps the gradebook, the files and the order.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, MissingEntry, Notebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveCells
from traitlets import Enum

from course.catalog import Catalog, load_catalog
from course.grading.restore import restore
from course.grading.run import judge_notebook
from course.quiz.model import keyless_files
from course.release import grading_template, is_personal


def _catalog(preprocessor: NbGraderPreprocessor) -> Catalog:
    """The course that nbgrader_config.py belongs to."""
    return load_catalog(Path(preprocessor.config.CourseDirectory.root))


class WriteKeylessQuiz(NbGraderPreprocessor):  # type: ignore[misc]
    """At release: what a learner may see of a quiz that tells only after grading, as files beside the notebook."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        outputs = resources["outputs"] if isinstance(resources.get("outputs"), dict) else {}
        for name, sheet in keyless_files(resources["nbgrader"]["assignment"], _catalog(self)).items():
            outputs[name] = json.dumps(sheet, ensure_ascii=False, indent=1).encode()
        resources["outputs"] = outputs
        return nb, resources


class UpdateCells(SaveCells):  # type: ignore[misc]
    """At release: the gradebook's cells follow the sources, also once students have handed in; nbgrader refuses then.

    A cell that is gone leaves the gradebook, unless somebody has graded it by hand or written a comment: then it stays.
    """

    def _create_notebook(self, nb: NotebookNode) -> None:
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


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Before nbgrader looks at a submission: every graded cell is there once, as handed out."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        names = resources["nbgrader"]
        restored, notes = restore(nb, grading_template(_catalog(self), names["assignment"])[names["notebook"]])
        for note in notes:
            self.log.warning("%s, %s: %s", names["student"], names["notebook"], note)
        return restored, resources


class JudgeCells(NbGraderPreprocessor):  # type: ignore[misc]
    """In place of nbgrader's Execute: runs the cells, and judges exercises and quizzes outside the kernel."""

    isolation = Enum(
        ["sandbox", "none"],
        default_value="sandbox",
        help="Where submissions run: sealed in the sandbox, or (only if you ask) with the rights of who grades.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        names = resources["nbgrader"]
        catalog = _catalog(self)
        folder = Path(resources["metadata"]["path"]).resolve()
        verdicts, run = judge_notebook(nb, folder, catalog, names["assignment"], self.isolation)
        for note in run.notes:
            self.log.warning("%s, %s: %s", names["student"], names["notebook"], note)
        for verdict in verdicts.values():
            self.log.info("%s, %s: %s of %s points", names["student"], verdict.name, verdict, verdict.max_score)
        return nb, resources


def forget_authors_answers(root: Path, assignment: str, student: str, notebooks: list[str]) -> None:
    """Hook after a release of the course in root: what an author answered while trying it is not handed out."""
    for path in (root / "class" / "release" / assignment).glob("*"):
        if path.is_file() and is_personal(path.name):
            path.unlink()

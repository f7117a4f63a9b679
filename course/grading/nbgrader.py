"""Our place inside nbgrader: two preprocessors and a hook, named in nbgrader_config.py.

They hand each notebook to the same pipeline as `course grade`; nbgrader keeps the gradebook, the files and the order.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum

from course.catalog import Catalog, load_catalog
from course.grading.restore import restore
from course.grading.run import judge_notebook
from course.release import grading_template, is_personal


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Before nbgrader looks at a submission: every graded cell is there once, as handed out."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        names = resources["nbgrader"]
        restored, notes = restore(nb, grading_template(load_catalog(), names["assignment"])[names["notebook"]])
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
        catalog: Catalog = load_catalog()
        folder = Path(resources["metadata"]["path"]).resolve()
        verdicts, notes = judge_notebook(nb, folder, catalog, names["assignment"], self.isolation)
        for note in notes:
            self.log.warning("%s, %s: %s", names["student"], names["notebook"], note)
        for verdict in verdicts.values():
            self.log.info("%s, %s: %s of %s points", names["student"], verdict.name, verdict, verdict.max_score)
        return nb, resources


def forget_authors_answers(assignment: str, student: str, notebooks: list[str]) -> None:
    """Hook after a release: what an author answered while trying the notebooks is not handed out."""
    root = load_catalog().root
    for path in (root / "class" / "release" / assignment).glob("*"):
        if path.is_file() and is_personal(path.name):
            path.unlink()

"""Our place inside nbgrader: three preprocessors and a hook, named in nbgrader_config.py.

They hand each notebook to the same pipeline as `course grade`; nbgrader keeps the gradebook, the files and the order.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
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
        verdicts, notes = judge_notebook(nb, folder, catalog, names["assignment"], self.isolation)
        for note in notes:
            self.log.warning("%s, %s: %s", names["student"], names["notebook"], note)
        for verdict in verdicts.values():
            self.log.info("%s, %s: %s of %s points", names["student"], verdict.name, verdict, verdict.max_score)
        return nb, resources


def forget_authors_answers(root: Path, assignment: str, student: str, notebooks: list[str]) -> None:
    """Hook after a release of the course in root: what an author answered while trying it is not handed out."""
    for path in (root / "class" / "release" / assignment).glob("*"):
        if path.is_file() and is_personal(path.name):
            path.unlink()

"""Grades one submission: restore, run, observe, judge. The one pipeline behind check, grade and nbgrader autograde.

Takes notebooks and a folder, gives verdicts and judged notebooks back; writes nothing outside a temporary copy and
knows no gradebook. Verdicts are made here, never in the kernel.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from course.catalog import Catalog
from course.exercises.base import judge_transcript, transcript_from_json
from course.exercises.lookup import chapter_exercises, find_judge
from course.exercises.values import BadValue
from course.grading.client import Answer
from course.grading.files import copy_submission
from course.grading.harmless import keep_text_and_pictures
from course.grading.kernels import Isolation, Run, Work, run_notebook
from course.grading.restore import grade_id, restore
from course.grading.scratch import scratch_folder
from course.quiz.scoring import score_quiz
from course.release import grading_template
from course.verdict import Verdict

QUIZ = "quiz"
VERDICT_MIME = "application/vnd.course.verdict+json"
Outcome = Literal["graded", "partly graded", "needs attention"]


@dataclass(frozen=True)
class Result:
    """The outcome of one submission: a verdict for each graded cell and the notebooks with the verdicts in them.

    seconds: where the time went: `cells` ran, their `kernel` started and ended, `judging` and the rest.
    """

    chapter: str
    cells: Mapping[str, Verdict]
    notebooks: Mapping[str, NotebookNode] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return sum(verdict.score or 0.0 for verdict in self.cells.values())

    @property
    def max_score(self) -> float:
        return sum(verdict.max_score for verdict in self.cells.values())

    @property
    def status(self) -> Outcome:
        faults = [verdict for verdict in self.cells.values() if verdict.status == "error"]
        if not self.cells or len(faults) == len(self.cells):
            return "needs attention"
        return "partly graded" if faults else "graded"

    @property
    def reason(self) -> str:
        told = [f"{v.name}: {v.reason}" for v in self.cells.values() if v.status == "error"]
        return " ".join([*told, *self.notes])

    def as_json(self) -> dict[str, Any]:
        return {
            "chapter": self.chapter,
            "status": self.status,
            "score": self.score,
            "max_score": self.max_score,
            "reason": self.reason,
            "cells": {name: verdict.as_json() for name, verdict in self.cells.items()},
        }


def grade_folder(catalog: Catalog, slug: str, folder: Path, isolation: Isolation) -> Result:
    """Grades the notebooks and answers in folder, which is only read. Missing or broken notebooks are told in notes."""
    template = grading_template(catalog, slug)
    cells: dict[str, Verdict] = {}
    notes: list[str] = []
    seconds = {"cells": 0.0, "kernel": 0.0}
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="course-", dir=scratch_folder()) as name:
        work = Path(name) / slug
        copy_submission(folder, work)
        for stem, source in template.items():
            submitted, problem = _read_notebook(work / f"{stem}.ipynb")
            if submitted is None:
                notes.append(problem)
                cells.update(_unreadable(source, problem))
                continue
            template[stem], mended = restore(submitted, source)
            notes += mended
            verdicts, run = judge_notebook(template[stem], work, catalog, slug, isolation)
            cells.update(verdicts)
            notes += run.notes
            seconds["cells"] += run.seconds
            seconds["kernel"] += run.kernel_seconds
    seconds["judging"] = time.monotonic() - started - sum(seconds.values())
    return Result(slug, cells, template, tuple(notes), seconds)


def _read_notebook(path: Path) -> tuple[NotebookNode | None, str]:
    """The notebook, or None and a sentence on why it cannot be read."""
    if path.is_symlink() or not path.is_file():
        return None, f"{path.name} is missing."
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(notebook, relax_add_props=True)
    except Exception as error:  # nbformat raises many kinds for a broken file
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        return None, f"{path.name} is not a notebook that can be read ({reason})."
    return notebook, ""


def _unreadable(source: NotebookNode, problem: str) -> dict[str, Verdict]:
    """Verdicts of a notebook that is not there: nobody has judged anything, and a person should look."""
    return {
        str(grade_id(cell)): Verdict(str(grade_id(cell)), 0.0, _points(cell), "error", reason=problem)
        for cell in source.cells
        if _is_graded(cell)
    }


def judge_notebook(
    notebook: NotebookNode, folder: Path, catalog: Catalog, slug: str, isolation: Isolation
) -> tuple[dict[str, Verdict], Run]:
    """Runs a restored notebook in folder where anything needs running, and writes each verdict into its cell.

    notebook: changed in place; graded cells show a table and, as plain text, the points that nbgrader reads.
    Returns the verdicts by grade_id, and what came of running the cells.
    """
    exercises = chapter_exercises(catalog.chapter(slug))
    graded = {str(grade_id(cell)): cell for cell in notebook.cells if _is_graded(cell)}
    seeds = {name: graded_seed(notebook, name) for name in graded if name in exercises}
    requests = {name: observation_request(name, seed) for name, seed in seeds.items()}
    run = Run({})
    if any(name != QUIZ and cell.cell_type == "code" for name, cell in graded.items()):
        metadata = deepcopy(notebook.metadata)
        run = run_notebook(Work(notebook, folder, requests, catalog.root), isolation)
        notebook.metadata = metadata  # the kernel has had a say in it
        keep_text_and_pictures(notebook)
    verdicts = {}
    for name, cell in graded.items():
        if name in exercises:
            verdict = _judge_answer(catalog, slug, name, seeds[name], run.answers[name], _points(cell))
        elif name == QUIZ:
            verdict = score_quiz(slug, folder, _points(cell), catalog)
        else:
            verdict = _stock_verdict(name, cell)
        verdicts[name] = verdict
        if name in exercises or name == QUIZ:
            _show(cell, verdict)
    return verdicts, run


def observation_request(name: str, seed: int) -> str:
    """The code that a kernel runs in place of `check(name)`."""
    module = '__import__("course.exercises.observe", fromlist=["publish"])'
    return f"{module}.publish({name!r}, {seed}, globals())"


def graded_seed(notebook: NotebookNode, name: str) -> int:
    """Seed of the graded cases: fixed by the submission itself, so a second grading agrees with the first, and
    answers written into a notebook for one seed change the seed."""
    text = "\0".join([name, *(cell.source for cell in notebook.cells if cell.cell_type == "code")])
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:4], "big")


def _judge_answer(catalog: Catalog, slug: str, name: str, seed: int, answer: Answer, points: float) -> Verdict:
    chapter = catalog.chapter(slug)
    exercise = chapter_exercises(chapter)[name]
    if answer.transcript is None:
        return Verdict(name, 0.0, points, "failed", reason=answer.failure)
    try:
        transcript = transcript_from_json(answer.transcript)
    except BadValue as error:
        return Verdict(name, 0.0, points, "failed", reason=f"The observation could not be read: {error}.")
    try:
        return judge_transcript(exercise, find_judge(chapter, name), seed, transcript, points)
    except Exception as error:  # a judge that trips is our fault: a person should look, nobody is failed for it
        return Verdict(name, 0.0, points, "error", reason=f"The judge failed: {type(error).__name__}: {error}.")


def _is_graded(cell: NotebookNode) -> bool:
    return grade_id(cell) is not None and bool(cell.metadata.nbgrader.get("grade"))


def _points(cell: NotebookNode) -> float:
    return float(cell.metadata.nbgrader["points"])


def _stock_verdict(name: str, cell: NotebookNode) -> Verdict:
    """A plain nbgrader test cell, or one that a person grades, scored by nbgrader's own rule."""
    from nbgrader.utils import determine_grade

    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            output.name = "stdout"  # what is written to stderr informs; it is no reason for a zero
    points = _points(cell)
    try:
        score, _points_again = determine_grade(cell)
    except ValueError as error:
        return Verdict(name, 0.0, points, "error", reason=f"{error}.")
    if score is None:
        return Verdict(name, None, points, "manual", reason="Waits for a person to grade it.")
    if cell.metadata.nbgrader.get("solution"):
        return Verdict(name, 0.0, points, "not attempted", reason="Nothing was written.")
    return Verdict(name, score, points, "passed" if score == points else "partial" if score else "failed")


def _show(cell: NotebookNode, verdict: Verdict) -> None:
    data = {"text/plain": repr(verdict), "text/html": verdict._repr_html_(), VERDICT_MIME: verdict.as_json()}
    cell.outputs = [new_output("execute_result", data=data, execution_count=cell.get("execution_count") or 1)]
    cell.execution_count = cell.get("execution_count") or 1

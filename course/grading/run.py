"""Grades one submission: restore, run, observe, judge. The one pipeline behind check, grade and nbgrader autograde.

Takes a folder, gives verdicts and judged notebooks back; writes nothing outside a temporary copy and knows no
gradebook. Verdicts are made here, never in the kernel.
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

from nbformat import NotebookNode
from nbformat.v4 import new_output

from course.catalog import Catalog
from course.errors import CourseError
from course.exercises import time_limit
from course.exercises.registry import chapter_exercises
from course.grading.judging import Ran, is_graded, points_of, verdict_on
from course.grading.sandbox.kernels import Isolation, NotebookToRun, Run, run_notebook
from course.grading.scratch import scratch_folder
from course.language import _
from course.notebooks.elsewhere import documents_in, files_that_define
from course.notebooks.reading import UnreadableNotebook, read_notebook
from course.notebooks.release import grading_template
from course.notebooks.restore import PUT_BACK, Restored, entries_of, grade_id, restore, tests_in
from course.notebooks.sanitise import keep_text_and_pictures
from course.quiz.record import ANSWERS_FILE
from course.quiz.scoring import score_quiz
from course.rules.read import chapter_rules
from course.storage.regular_files import copy_submission, plain_files
from course.verdict import Verdict, total_points

QUIZ = "quiz"
VERDICT_MIME = "application/vnd.course.verdict+json"
# Written by graders, not by the learner: no kernel sees them, and no grade depends on them.
NOT_HANDED_IN = ("feedback.html", "timestamp.txt")
Outcome = Literal["graded", "partly graded", "needs attention"]


def outcome_words() -> dict[str, str]:
    """The outcome of a submission, as it is told; stored is the code."""
    return {"graded": _("graded"), "partly graded": _("partly graded"), "needs attention": _("needs attention")}


@dataclass(frozen=True)
class Result:
    """The outcome of one submission: a verdict for each graded cell and the notebooks with the verdicts in them.

    answers: a digest of what the learner has written for each graded cell; a mark given by hand stands while it stays.
    seconds: where the time went: `cells` ran, their `kernel` started and ended, `judging` and the rest.
    """

    chapter: str
    cells: Mapping[str, Verdict]
    notebooks: Mapping[str, NotebookNode] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return total_points(verdict.score or 0.0 for verdict in self.cells.values())

    @property
    def max_score(self) -> float:
        return total_points(verdict.max_score for verdict in self.cells.values())

    @property
    def status(self) -> Outcome:
        return outcome_of([verdict.status for verdict in self.cells.values()])

    @property
    def reason(self) -> str:
        return reason_of({name: (v.status, v.reason) for name, v in self.cells.items()}, self.notes)

    def as_json(self) -> dict[str, Any]:
        return {
            "chapter": self.chapter,
            "status": self.status,
            "score": self.score,
            "max_score": self.max_score,
            "reason": self.reason,
            "notes": list(self.notes),
            "cells": {name: verdict.as_json() for name, verdict in self.cells.items()},
        }


def outcome_of(statuses: list[str]) -> Outcome:
    faults = statuses.count("error")
    if faults == len(statuses):
        return "needs attention"
    return "partly graded" if faults else "graded"


def reason_of(cells: Mapping[str, tuple[str, str]], notes: tuple[str, ...]) -> str:
    """Why a person should look; what several cells have in common is said once. cells: status and reason by name."""
    names: dict[str, list[str]] = {}
    for name, (status, reason) in cells.items():
        if status == "error":
            names.setdefault(reason, []).append(name)
    told = [reason if len(each) > 1 or reason in notes else f"{each[0]}: {reason}" for reason, each in names.items()]
    return " ".join([*told, *(note for note in notes if note not in told)])


def unjudged(catalog: Catalog, slug: str, reason: str) -> Result:
    """A result in which nothing could be judged, for one reason."""
    template = grading_template(catalog, slug)
    cells: dict[str, Verdict] = {}
    for notebook in template.values():
        cells |= _not_judged(notebook, reason)
    return Result(slug, cells, template, (reason,))


def grade_folder(catalog: Catalog, slug: str, folder: Path, isolation: Isolation) -> Result:
    """Grades the notebooks and answers in folder, which is only read. Missing or broken notebooks are told in notes."""
    with tempfile.TemporaryDirectory(prefix="course-", dir=scratch_folder()) as name:
        copy_submission(folder, Path(name) / slug)
        return grade_copy(catalog, slug, Path(name) / slug, isolation)


def grade_copy(catalog: Catalog, slug: str, submission: Path, isolation: Isolation) -> Result:
    """The same for a folder, in one of its own, that is there to be graded and for nothing else."""
    template = grading_template(catalog, slug)
    cells: dict[str, Verdict] = {}
    notes: list[str] = []
    answers: dict[str, str] = {}
    seconds = {"cells": 0.0, "kernel": 0.0}
    started = time.monotonic()
    for own in NOT_HANDED_IN:
        (submission / own).unlink(missing_ok=True)
    digest = digest_of_files(submission)
    place = submission
    if isolation == "none":  # else the learner's code could change answers that have yet to be read
        place = submission.parent / "run" / slug
        copy_submission(submission, place)
    graded = {stem: source for stem, source in template.items() if _graded(source)}  # the others are there to be read
    for stem, source in graded.items():
        try:
            restored = restore(read_notebook(submission / f"{stem}.ipynb"), source)
            _look_in_files(restored, source, submission, template)
        except UnreadableNotebook as error:
            notes.append(f"{stem}.ipynb {error}.{_others_beside(submission, template)}")
            verdicts = _without_notebook(source, notes[-1], submission, catalog, slug)
        else:
            notes += [told] if (told := restored.sentence(f"{stem}.ipynb")) else []
            verdicts, run = judge_notebook(restored, Places(submission, place), catalog, slug, isolation, digest)
            template[stem] = restored.notebook
            notes += run.notes
            seconds["cells"] += run.seconds
            seconds["kernel"] += run.kernel_seconds
        cells |= verdicts
        answers |= answer_digests(template[stem], submission)
    seconds["judging"] = time.monotonic() - started - sum(seconds.values())
    return Result(slug, cells, template, tuple(notes), answers, seconds)


def _others_beside(submission: Path, template: Mapping[str, NotebookNode]) -> str:
    """Names notebooks that are not the chapter's: one of them may be the missing one under another name."""
    others = sorted(path.name for path in submission.glob("*.ipynb") if path.stem not in template)
    return _(" Beside it there is {names}.").format(names=", ".join(others[:3])) if others else ""


def _look_in_files(
    restored: Restored, source: NotebookNode, submission: Path, template: Mapping[str, NotebookNode]
) -> None:
    """Where a cell is as handed out, its answer may be in a file beside the notebook: a copy, a module, a text."""
    released = {stem: {"".join(cell.source.split()) for cell in each.cells} for stem, each in template.items()}
    told = _("Its cell holds no answer, but {file} may hold one.")
    cells = {str(grade_id(cell)): cell for cell in source.cells}
    for solution, tests in tests_in(source).items():
        entries = entries_of(cells[solution]) if solution not in restored.attempted else set()
        files = [name for entry in entries for name in files_that_define(submission, entry, released)]
        for test in tests if files else ():
            restored.elsewhere.setdefault(test, told.format(file=files[0]))
    documents = documents_in(submission, released)
    for name, cell in _graded(source).items():
        if documents and cell.metadata.nbgrader.get("solution") and name not in restored.attempted:
            restored.doubts.setdefault(name, told.format(file=documents[0]))


def _without_notebook(
    source: NotebookNode, reason: str, folder: Path, catalog: Catalog, slug: str
) -> dict[str, Verdict]:
    """Verdicts of a notebook that is not there: only a quiz, whose answers are a file of their own, can be judged."""
    verdicts = _not_judged(source, reason)
    if QUIZ in verdicts and (folder / ANSWERS_FILE).is_file():
        verdicts[QUIZ] = _quiz_verdict(slug, folder, verdicts[QUIZ].max_score, catalog)
        _show(next(cell for cell in source.cells if grade_id(cell) == QUIZ), verdicts[QUIZ])
    return verdicts


def _quiz_verdict(slug: str, folder: Path, points: float, catalog: Catalog) -> Verdict:
    try:
        return score_quiz(slug, folder, points, catalog)
    except CourseError as error:  # the quiz is missing or faulty, which is no fault of the learner's
        return Verdict(QUIZ, None, points, "error", reason=str(error))


def _not_judged(source: NotebookNode, reason: str) -> dict[str, Verdict]:
    """An open verdict for each graded cell, told in the cell as well: a person should look."""
    verdicts = {}
    for name, cell in _graded(source).items():
        verdicts[name] = Verdict(name, None, points_of(cell), "error", reason=reason)
        if cell.cell_type == "code":
            _show(cell, verdicts[name])
    return verdicts


@dataclass(frozen=True)
class Places:
    """What was handed in, as it was; and where it runs, which the learner's code may change."""

    handed_in: Path
    run_in: Path


def judge_notebook(
    restored: Restored, places: Places, catalog: Catalog, slug: str, isolation: Isolation, digest: str
) -> tuple[dict[str, Verdict], Run]:
    """Runs a restored notebook where anything needs running, and writes each verdict into its cell.

    restored.notebook is changed in place; graded cells show a table and, as plain text, the points. digest: of all
    that was handed in. Returns the verdicts by grade_id, and what came of running the cells.
    """
    notebook = restored.notebook
    exercises = chapter_exercises(catalog.chapter(slug))
    graded = _graded(notebook)
    seeds = {name: graded_seed(digest, name) for name in graded if name in exercises}
    rules = chapter_rules(catalog, slug)
    limits = {name: rules.seconds_of_call(name, time_limit.SECONDS) for name in seeds}
    requests = {name: observation_request(name, seed, slug, limits[name]) for name, seed in seeds.items()}
    run = Run({})
    if any(name != QUIZ and cell.cell_type == "code" for name, cell in graded.items()):
        metadata = deepcopy(notebook.metadata)
        to_run = NotebookToRun(notebook, places.run_in, requests, catalog.root, slug, rules.cell_seconds)
        run = run_notebook(to_run, isolation)
        notebook.metadata = metadata  # the kernel has had a say in it
        keep_text_and_pictures(notebook)
    ran = Ran(catalog.chapter(slug), restored, run, seeds)
    verdicts = {}
    for name, cell in graded.items():
        is_quiz = name == QUIZ and name not in exercises
        verdicts[name] = (
            _quiz_verdict(slug, places.handed_in, points_of(cell), catalog) if is_quiz else verdict_on(cell, ran)
        )
        if name in exercises or is_quiz:
            _show(cell, verdicts[name])
    return verdicts, run


def observation_request(name: str, seed: int, slug: str, seconds: float) -> str:
    """The code that a kernel runs in place of `check(name)` of that chapter; seconds: for each call of the function."""
    module = '__import__("course.exercises.observe", fromlist=["publish"])'
    return f"{module}.publish({name!r}, {seed}, globals(), {slug!r}, {seconds!r})"


def graded_seed(digest: str, name: str) -> int:
    """Seed of the graded cases: fixed by all that was handed in, so a second grading agrees with the first, and
    answers kept in any file for one seed change the seed."""
    return int.from_bytes(hashlib.sha256(f"{name}\0{digest}".encode()).digest()[:16], "big")


def digest_of_files(folder: Path) -> str:
    """Digest of the plain files in folder, names and contents."""
    digest = hashlib.sha256()
    for path in plain_files(folder):
        name = path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape")
        digest.update(hashlib.sha256(name).digest() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def answer_digests(notebook: NotebookNode, folder: Path) -> dict[str, str]:
    """For each graded cell, a digest of what the learner has written for it; what is handed out does not count.

    Of a cell that is judged by running, that is all of the learner's code.
    """
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code" and _is_learners(cell)]
    digests = {}
    for name, cell in _graded(notebook).items():
        written = "\0".join(code)
        if name == QUIZ:
            answers = folder / ANSWERS_FILE
            written = answers.read_text(errors="replace") if answers.is_file() and not answers.is_symlink() else ""
        elif cell.metadata.nbgrader.get("solution") or cell.metadata.nbgrader.get("task"):
            written = cell.source + str(sorted(cell.get("attachments", {}).items()))
        written += f"\0{points_of(cell):g}"  # a mark out of three says nothing about two
        digests[name] = hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
    return digests


def _is_learners(cell: NotebookNode) -> bool:
    """False for what a new version of the chapter may change or add without any doing of the learner's."""
    from nbgrader.utils import compute_checksum

    data = cell.metadata.get("nbgrader")
    if not isinstance(data, dict):
        return not cell.metadata.get(PUT_BACK)
    as_handed_out = data.get("checksum") is not None and data["checksum"] == compute_checksum(cell)
    return not (data.get("locked") or as_handed_out)


def _graded(notebook: NotebookNode) -> dict[str, NotebookNode]:
    return {str(grade_id(cell)): cell for cell in notebook.cells if is_graded(cell)}


def _show(cell: NotebookNode, verdict: Verdict) -> None:
    data = {"text/plain": repr(verdict), "text/html": verdict._repr_html_(), VERDICT_MIME: verdict.as_json()}
    cell.outputs = [new_output("execute_result", data=data, execution_count=cell.get("execution_count") or 1)]
    cell.execution_count = cell.get("execution_count") or 1

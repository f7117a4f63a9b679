"""The verdict on one graded cell, from what its run brought: an exercise's observation, or how a test cell ended.

Sees numbers and the kernel's replies, never the learner's objects. A verdict that cannot be made is an open one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from nbformat import NotebookNode

from course.catalog import Chapter
from course.exercises.base import judge_transcript, transcript_from_json
from course.exercises.codec import BadValue
from course.exercises.registry import chapter_exercises, find_judge
from course.grading.sandbox.client import Answer, CellEnd
from course.grading.sandbox.kernels import Run
from course.language import _
from course.notebooks.elsewhere import functions_in, seems_to_define
from course.notebooks.restore import SOLUTION, Restored, grade_id
from course.verdict import Verdict


@dataclass(frozen=True)
class Ran:
    """A restored notebook, what came of running it, and the seed of each exercise's cases by name."""

    chapter: Chapter
    restored: Restored
    run: Run
    seeds: Mapping[str, int]

    def end_of(self, name: str) -> CellEnd | None:
        """How the cell of that name ended; None if it was not reached."""
        for index, cell in enumerate(self.restored.notebook.cells):
            if grade_id(cell) == name:
                return self.run.ended.get(index)
        return None


def is_graded(cell: NotebookNode) -> bool:
    """True for a cell that gives points, one that only a person can grade included."""
    if grade_id(cell) is None:
        return False
    return bool(cell.metadata.nbgrader.get("grade") or cell.metadata.nbgrader.get("task"))


def points_of(cell: NotebookNode) -> float:
    return float(cell.metadata.nbgrader["points"])


def verdict_on(cell: NotebookNode, ran: Ran) -> Verdict:
    """The verdict on a graded cell that is no quiz."""
    name, points = str(grade_id(cell)), points_of(cell)
    by_hand = cell.metadata.nbgrader.get("solution") or cell.metadata.nbgrader.get("task")
    doubt = ran.restored.doubts.get(name)
    if by_hand or cell.cell_type != "code":
        return _verdict_by_hand(cell, name, points, ran, doubt)
    if doubt:
        return Verdict(name, None, points, "error", reason=doubt)
    verdict = _judge_answer(ran, name, points) if name in ran.seeds else _stock_verdict(cell, name, points, ran)
    return _open_where_in_doubt(verdict, ran)


def _open_where_in_doubt(verdict: Verdict, ran: Ran) -> Verdict:
    """Where a better answer may stand in another cell, it is for a person to find: no part of the points is final."""
    reason = ""
    if verdict.score is not None and verdict.score < verdict.max_score:
        if verdict.name in ran.restored.rivals:
            reason = _("It is defined in several cells, and the definition that counted is not fully right.")
        elif not verdict.findings:  # no function was tried
            reason = ran.restored.elsewhere.get(verdict.name, "")
    return replace(verdict, score=None, status="error", reason=reason) if reason else verdict


def _verdict_by_hand(cell: NotebookNode, name: str, points: float, ran: Ran, doubt: str | None) -> Verdict:
    if not points:
        return Verdict(name, 0.0, points, "manual", reason=_("It gives no points, so nobody needs to grade it."))
    is_answer = cell.metadata.nbgrader.get("solution") and not cell.metadata.nbgrader.get("task")
    if is_answer and name not in ran.restored.attempted and not doubt:
        return Verdict(name, 0.0, points, "not attempted", reason=_("Nothing was written."))
    return Verdict(name, None, points, "manual", reason=doubt or _("Waits for a person to grade it."))


def _judge_answer(ran: Ran, name: str, points: float) -> Verdict:
    answer: Answer = ran.run.answers[name]
    if answer.transcript is None:
        if not answer.judged:
            return Verdict(name, None, points, "error", reason=answer.failure)
        return Verdict(name, 0.0, points, "failed", reason=answer.failure)
    try:
        transcript = transcript_from_json(answer.transcript)
    except BadValue as error:
        return Verdict(
            name, 0.0, points, "failed", reason=_("The observation could not be read: {error}.").format(error=error)
        )
    if transcript.attempt == "missing" and f"{name}{SOLUTION}" in ran.restored.attempted:
        return _verdict_without_function(ran, name, points)
    exercise = chapter_exercises(ran.chapter)[name]
    try:
        return judge_transcript(exercise, find_judge(ran.chapter, name), ran.seeds[name], transcript, points)
    except Exception as error:  # a judge that trips is our fault: a person should look, nobody is failed for it
        told = _("The judge failed: {error}.").format(error=f"{type(error).__name__}: {error}")
        return Verdict(name, None, points, "error", reason=told)


def _verdict_without_function(ran: Ran, name: str, points: float) -> Verdict:
    """Something was written, and there is no function: why, as far as its cell tells."""
    end = ran.end_of(f"{name}{SOLUTION}")
    if end is not None and end.how == "not run":
        return Verdict(name, None, points, "error", reason=end.told)
    reason = _("There is no function {name} after its cell was run. Is its name as in the task?").format(name=name)
    if end is not None and end.how == "error":
        told = _("The cell that should define {name} stopped with an error: {error}")
        reason = told.format(name=name, error=end.told)
        if end.told.startswith(_NOT_HERE):
            return Verdict(name, None, points, "error", reason=reason)
    elif end is not None and end.how == "stopped":
        told = _("The cell that should define {name} did not come to its end. {reason}")
        reason = told.format(name=name, reason=end.told)
    elif end is not None and end.how == "left out":
        reason = end.told
    elif _may_be_an_answer(ran, name):
        return Verdict(name, None, points, "error", reason=reason)
    return Verdict(name, 0.0, points, "failed", reason=reason)


_CALLS_CHECK = re.compile(r"^[^\S\n]*(?:course\.)?check\(", re.MULTILINE)
# Errors of a cell that may be right where the learner works: a module or a file is missing here.
_NOT_HERE = ("ModuleNotFoundError:", "ImportError:", "FileNotFoundError:")


def _may_be_an_answer(ran: Ran, name: str) -> bool:
    """True if the solution cell holds a function: under another name, or one that was lost before its check."""
    solution = f"{name}{SOLUTION}"
    source = next(cell.source for cell in ran.restored.notebook.cells if grade_id(cell) == solution)
    return bool(functions_in(source)) or seems_to_define(source, name)


def _stock_verdict(cell: NotebookNode, name: str, points: float, ran: Ran) -> Verdict:
    """A plain nbgrader test cell, scored by nbgrader's own rule, but by the kernel's reply: outputs can be silenced."""
    from nbgrader.utils import determine_grade

    if _CALLS_CHECK.search(cell.source):  # where cells run there are no judges, so it tells nothing
        told = _("A test that calls check() is graded only under its exercise's name.")
        return Verdict(name, None, points, "error", reason=told)
    end = ran.end_of(name)
    if end is None or end.how == "not run":
        reason = end.told if end else next(iter(ran.run.notes[-1:]), _("This cell was not run."))
        return Verdict(name, None, points, "error", reason=reason)
    if end.how != "ok":
        return Verdict(name, 0.0, points, "failed", reason=end.told)
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            output.name = "stdout"  # what is written to stderr informs; it is no reason for a zero
    try:
        score, _points_again = determine_grade(cell)
    except ValueError as error:
        return Verdict(name, None, points, "error", reason=f"{error}.")
    return Verdict(name, score, points, "passed" if score == points else "partial" if score else "failed")

"""The tasks of a chapter as the page tells them: points, what was found, what the learner wrote, what a person said.

Nothing here decides right or wrong. Texts that a learner wrote leave as escaped or cleaned HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from course.catalog import Catalog
from course.grading.feedback.replies import chosen_in
from course.grading.feedback.sections import heading_before
from course.grading.feedback.work import Work
from course.grading.gradebook.markdown import draw
from course.grading.judging import is_graded
from course.grading.run import QUIZ
from course.language import _
from course.notebooks.release import grading_template
from course.notebooks.restore import grade_id, tests_in
from course.notebooks.sanitise import safe_attachments, too_long
from course.notebooks.written_questions import authors_answers
from course.verdict import Finding, Verdict

MAX_CODE = 50_000  # characters of a task's code that are shown
_POINTS = re.compile(r"\s*\(\d[^()]*\)$")  # after a heading: the page says them itself
_NOTHING = Markup()


@dataclass(frozen=True)
class Told:
    """A finding, and what the learner chose, as HTML, where it is about a question of the quiz."""

    finding: Finding
    chosen: tuple[Markup, ...] = ()


@dataclass(frozen=True)
class Task:
    """One graded cell. waits: whether a person has yet to look. by_hand: whether a person gave the points.

    code: what the learner wrote. answer, model: the learner's and the authors' answer in words, as HTML; model only
    once a person has given points. see_model: whether the learner's own notebook shows it, as there is no such person.
    """

    name: str
    title: str
    verdict: Verdict
    waits: bool
    by_hand: bool
    told: tuple[Told, ...]
    code: str = ""
    answer: Markup = _NOTHING
    comment: Markup = _NOTHING
    model: Markup = _NOTHING
    see_model: bool = False

    @property
    def is_quiz(self) -> bool:
        return self.name == QUIZ

    @property
    def wrong(self) -> list[Told]:
        return [each for each in self.told if not each.finding.passed]

    @property
    def right(self) -> list[Told]:
        return [each for each in self.told if each.finding.passed]


@dataclass(frozen=True)
class _Place:
    """Where a task stands: its heading, and the learner's cell that was graded, if that is one to show.

    model: the authors' cell, if it is a question that is answered in words.
    """

    heading: str
    own: NotebookNode | None
    model: NotebookNode | None


def tasks_of(work: Work, catalog: Catalog, slug: str) -> list[Task]:
    """Every task that the row has, in the order of the row."""
    cells = work.row["cells"]
    chosen = chosen_in(catalog, slug, work.folder) if QUIZ in cells else {}
    models = _models(catalog, slug)
    places: dict[str, _Place] = {}
    for stem, template in grading_template(catalog, slug).items():
        places |= _places(template, work.notebooks.get(stem, template), models)
    return [_task(name, cell, places.get(name, _Place("", None, None)), chosen, work) for name, cell in cells.items()]


@cache
def _models(catalog: Catalog, slug: str) -> dict[str, NotebookNode]:
    return authors_answers(catalog, slug)


def _places(template: NotebookNode, own: NotebookNode, models: Mapping[str, NotebookNode]) -> dict[str, _Place]:
    cells = {grade_id(cell): cell for cell in own.cells}
    tried_by = {test: solution for solution, tests in tests_in(template).items() for test in tests}
    found = {}
    for name in (str(grade_id(cell)) for cell in template.cells if is_graded(cell)):
        is_answer = cells[name].metadata.nbgrader.get("solution") if name in cells else False
        solution = name if is_answer else tried_by.get(name, "")
        heading = _POINTS.sub("", heading_before(template, name))
        found[name] = _Place(heading, None if name == QUIZ else cells.get(solution), models.get(name))
    return found


def _task(name: str, cell: Mapping[str, Any], place: _Place, chosen: Mapping[str, list[str]], work: Work) -> Task:
    verdict = Verdict.from_json(name, cell)
    waits = bool(cell.get("needs_manual_grade", verdict.is_open))
    by_hand = cell.get("by_hand") is not None
    pieces = chosen if name == QUIZ else {}
    told = tuple(Told(each, tuple(map(Markup, pieces.get(each.label, ())))) for each in verdict.findings)
    own = None if verdict.status == "not attempted" else place.own
    comments = [work.comments.get(each, "") for each in (name, *([str(grade_id(place.own))] if place.own else []))]
    return Task(
        name=name,
        title=_("Quiz") if name == QUIZ else place.heading or name,
        verdict=verdict,
        waits=waits,
        by_hand=by_hand,
        told=told,
        code=_cut(own.source) if own and own.cell_type == "code" else "",
        answer=_drawn(own) if own and own.cell_type == "markdown" else Markup(),
        comment=Markup("").join(Markup(draw(text, {})) for text in dict.fromkeys(comments) if text),
        model=_drawn(place.model) if place.model and by_hand and not waits else Markup(),
        see_model=place.model is not None and not work.is_of_a_class,
    )


def _drawn(cell: NotebookNode) -> Markup:
    return Markup(draw(cell.source, safe_attachments(cell)))


def _cut(code: str) -> str:
    return code if len(code) <= MAX_CODE else f"{code[:MAX_CODE]}\n… {too_long()}"

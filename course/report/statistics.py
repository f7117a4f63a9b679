"""The report's figures, from what was graded and answered: plain data in, plain data out, no file and no page.

Who is missing is missing, not zero, and work that could not be read is not graded. Text from a submission is cut and
cleared of control characters, never trusted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from course.catalog import Chapter
from course.exercises.misconceptions import misconception_text
from course.grading.changes import CellChange
from course.language import _, number
from course.quiz.model import Quiz
from course.quiz.text import to_plain
from course.report.measures import Reliability, mean, reliability
from course.report.questions import (
    PredictionStatistics,
    QuestionStatistics,
    first_answer,
    first_credits,
    prediction_statistics,
    question_statistics,
    quiz_reliability,
)
from course.report.similarity import Pair
from course.report.work import QUIZ, StudentWork, plain


@dataclass(frozen=True)
class StudentStatistics:
    """score, max_score: points so far; answered: questions of the quiz; reasons: why to look, as code and text.

    waits: for a person to grade a part of it. points_range: what an anonymous report says in place of the points.
    """

    name: str
    status: str
    score: float
    max_score: float
    answered: int
    first_answer: datetime | None
    last_answer: datetime | None
    reasons: tuple[tuple[str, str], ...]
    waits: bool = False
    points_range: str = ""

    @property
    def graded(self) -> bool:
        """False where a fault left cells without points: a percentage would be of what could be read only."""
        return self.status == "graded"

    @property
    def exact_percent(self) -> float | None:
        """But for what floating point makes of 70 %, so that it belongs to the right tenth."""
        return round(100 * self.score / self.max_score, 9) if self.max_score else None

    @property
    def percent(self) -> float | None:
        """As it is shown."""
        return None if self.exact_percent is None else round(self.exact_percent, 1)


@dataclass(frozen=True)
class Spread:
    """Of the graded learners' shares of the points, in percent: mean, and lower quartile, median, upper quartile."""

    mean: float
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class ExerciseStatistics:
    """Learners by outcome; waiting: a person has yet to grade it, or the grader could not.

    mean_score: of those who have points, out of max_score; by_hand: learners whose points a person gave.
    """

    name: str
    students: int
    solved: int
    partly: int
    wrong: int
    not_attempted: int
    waiting: int
    mean_score: float | None = None
    max_score: float = 0.0
    by_hand: int = 0

    @property
    def outcomes(self) -> tuple[int, int, int, int, int]:
        """Learners with full points, some, none, no attempt, and still open, in this order."""
        return (self.solved, self.partly, self.wrong, self.not_attempted, self.waiting)


@dataclass(frozen=True)
class MisconceptionStatistics:
    """where: the exercise, or QUIZ; name: its code, which nobody is shown; says: the sentence that is.

    points_lost: in the exercise by all who have it, shared evenly where one answer shows several; 0 in the quiz, as a
    first answer need not count. reread: the heading of the section that puts it right, '' where there is none.
    """

    where: str
    name: str
    students: int
    says: str
    example: str = ""
    points_lost: float = 0.0
    reread: str = ""


@dataclass(frozen=True)
class FormStatistics:
    """clear: learners by their latest answer to `was everything clear?`; texts by field, in order of the alphabet."""

    clear: Mapping[str, int]
    texts: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class ChangedPoints:
    """In the last grading that changed any: a learner's points before and after, and those of each cell."""

    name: str
    before: float
    after: float
    cells: tuple[CellChange, ...]


@dataclass(frozen=True)
class Report:
    """counts: learners who handed in, are graded, wait, need attention, are missing; reasons: learners by reason.

    changed: whose points the last grading changed that changed any, and when; change_reasons: learners by reason.
    hidden: what was coarsened or left out so that nobody can be told, in sentences; none in a report with names.
    """

    students: tuple[StudentStatistics, ...]
    counts: Mapping[str, int]
    reasons: Mapping[str, int]
    spread: Spread | None
    scores: tuple[int, ...]
    exercises: tuple[ExerciseStatistics, ...]
    misconceptions: tuple[MisconceptionStatistics, ...]
    questions: tuple[QuestionStatistics, ...]
    predictions: tuple[PredictionStatistics, ...]
    form: FormStatistics
    similar: tuple[Pair, ...] = ()
    exercise_reliability: Reliability | None = None
    quiz_reliability: Reliability | None = None
    changed: tuple[ChangedPoints, ...] = ()
    changed_at: datetime | None = None
    change_reasons: Mapping[str, int] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()


def report_of(works: Sequence[StudentWork], quiz: Quiz | None, chapter: Chapter | None = None) -> Report:
    """All figures of a class. quiz: with its key; None for a chapter without one. chapter: whose words to use."""
    students = tuple(_student(work, quiz) for work in works)
    credits = [first_credits(quiz, work) for work in works] if quiz else []
    questions = tuple(question_statistics(quiz, q, works, credits) for q in quiz.questions) if quiz else ()
    return Report(
        students,
        _counts(students),
        Counter(code for student in students for code in {code for code, _text in student.reasons}),
        _spread(students),
        _distribution(students),
        tuple(_exercises(works)),
        tuple(_exercise_misconceptions(works, chapter)) + tuple(_quiz_misconceptions(quiz, works) if quiz else ()),
        questions,
        tuple(prediction_statistics(quiz, works)) if quiz else (),
        _form(works),
        exercise_reliability=_exercise_reliability(works),
        quiz_reliability=quiz_reliability(quiz, works, credits) if quiz else None,
    )


def _counts(students: Sequence[StudentStatistics]) -> dict[str, int]:
    """What waits to be marked by hand is no reason to look at a learner."""
    return {
        "handed in": sum(student.status != "missing" for student in students),
        "graded": sum(student.graded for student in students),
        "waiting": sum(student.waits for student in students),
        "attention": sum(any(code != "by hand" for code, _text in student.reasons) for student in students),
        "missing": sum(student.status == "missing" for student in students),
    }


def _spread(students: Sequence[StudentStatistics]) -> Spread | None:
    shares = _graded_percents(students)
    if not shares:
        return None
    low, middle, high = np.percentile(shares, (25, 50, 75))
    return Spread(float(np.mean(shares)), float(low), float(middle), float(high))


def _distribution(students: Sequence[StudentStatistics]) -> tuple[int, ...]:
    """Graded learners in each tenth of the points; full marks belong to the last."""
    bins = Counter(min(9, int(share // 10)) for share in _graded_percents(students))
    return tuple(bins[tenth] for tenth in range(10))


def _graded_percents(students: Sequence[StudentStatistics]) -> list[float]:
    return [s.exact_percent for s in students if s.graded and s.exact_percent is not None]


def _student(work: StudentWork, quiz: Quiz | None) -> StudentStatistics:
    row = work.row or {}
    records = [*work.answers.answers.values(), *work.answers.predictions.values()]
    times = [time for record in records for time in (record.first.time, record.latest.time)]
    known = {question.id for question in quiz.questions} if quiz else set()
    return StudentStatistics(
        work.name,
        str(row.get("status", "not graded" if work.submitted else "missing")),
        float(row.get("score", 0.0)),
        float(row.get("max_score", 0.0)),
        len(known & set(work.answers.answers)),
        min(times, default=None),
        max(times, default=None),
        tuple(_reasons(work, quiz)),
        bool(row.get("needs_manual_grade")) or any(map(_waits, work.cells.values())),
    )


def _reasons(work: StudentWork, quiz: Quiz | None) -> Iterator[tuple[str, str]]:
    """Why a person should look: a code, and a text where the code alone does not say enough."""
    yield from (("unreadable", plain(problem, 200)) for problem in work.problems)
    if not work.submitted:
        yield "missing", ""
        return
    if work.seconds_late is None:
        yield "late", _("Canvas does not tell since when")
    elif work.seconds_late:
        yield "late", f"{number(work.seconds_late / 3600, '.1f')} h"
    if work.row is None:
        yield "not graded", ""
        return
    if work.row.get("status") != "graded":
        yield "fault", plain(work.row.get("reason", ""), 300)
    elif work.row.get("reason"):
        yield "note", plain(work.row["reason"], 300)
    outcomes = [cell["status"] for name, cell in work.cells.items() if name != QUIZ]
    if outcomes and all(outcome in {"not attempted", "manual"} for outcome in outcomes):
        yield "no exercise", ""
    if quiz and not work.answers.answers:
        yield "no quiz", ""
    if work.row.get("status") == "graded" and work.percent is not None and work.percent < 50:
        yield "under half", ""
    if any(_waits(cell) for name, cell in work.cells.items() if name != QUIZ):
        yield "by hand", ""


def _waits(cell: Mapping[str, Any]) -> bool:
    """Whether a person has yet to mark it; nobody has to where it gives no points."""
    return cell["status"] == "manual" and bool(cell["max_score"])


def _exercises(works: Sequence[StudentWork]) -> Iterator[ExerciseStatistics]:
    cells: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for work in works:
        for name, cell in work.cells.items():
            if name != QUIZ:
                cells[name].append(cell)
    for name, given in cells.items():
        counts = Counter(cell["status"] for cell in given)
        yield ExerciseStatistics(
            name=name,
            students=len(given),
            solved=counts["passed"],
            partly=counts["partial"],
            wrong=counts["failed"],
            not_attempted=counts["not attempted"],
            waiting=sum(map(_waits, given)) + counts["error"],
            mean_score=mean([cell["score"] for cell in given if cell["score"] is not None]),
            max_score=max(float(cell["max_score"]) for cell in given),
            by_hand=sum(cell.get("by_hand") is not None for cell in given),
        )


def _exercise_reliability(works: Sequence[StudentWork]) -> Reliability | None:
    """Of the points in the exercises, among the learners whose work was graded."""
    names = sorted({name for work in works for name in work.cells if name != QUIZ})
    cells = [work.cells for work in works if work.cells]
    return reliability([[given[name]["score"] if name in given else None for name in names] for given in cells])


def _exercise_misconceptions(works: Sequence[StudentWork], chapter: Chapter | None) -> list[MisconceptionStatistics]:
    """With one message as an example: of the learner in whose work the fewest other things went wrong."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    lost: dict[tuple[str, str], float] = defaultdict(float)
    for work in works:
        for name, cell in work.cells.items():
            if name == QUIZ:
                continue
            failed = [f"{f['label']}: {f['message']}" for f in cell["findings"] if not f["passed"]]
            for wrong in cell["misconceptions"]:
                found[name, wrong].append((len(failed), plain(failed[0]) if failed else ""))
                if cell["score"] is not None:
                    lost[name, wrong] += (float(cell["max_score"]) - cell["score"]) / len(cell["misconceptions"])
    listed = [
        MisconceptionStatistics(
            where, name, len(seen), _says(chapter, name), min(seen)[1], lost[where, name], _reread(chapter, name)
        )
        for (where, name), seen in found.items()
    ]
    return sorted(listed, key=lambda each: (-each.students, each.where, each.name))


def _says(chapter: Chapter | None, name: str) -> str:
    """What a misconception says; a name that the course has no words for (any more) is not shown."""
    says = misconception_text(chapter, name)[0] if chapter else ""
    return to_plain(says) or _("A mistake that this version of the course does not describe.")


def _reread(chapter: Chapter | None, name: str) -> str:
    return to_plain(misconception_text(chapter, name)[1]) if chapter else ""


def _quiz_misconceptions(quiz: Quiz, works: Sequence[StudentWork]) -> list[MisconceptionStatistics]:
    counts: Counter[str] = Counter()
    for work in works:
        replies = [r for q in quiz.questions if (given := first_answer(q, work)) is not None for r in q.replies(given)]
        counts.update({reply.misconception for reply in replies if reply.misconception})
    return [
        MisconceptionStatistics(
            QUIZ,
            name,
            count,
            to_plain(quiz.misconceptions[name].says),
            reread=to_plain(quiz.misconceptions[name].reread or ""),
        )
        for name, count in counts.most_common()
    ]


def _form(works: Sequence[StudentWork]) -> FormStatistics:
    """Without names; of one learner no more than the latest few entries."""
    clear: Counter[str] = Counter()
    texts: dict[str, list[str]] = {"unclear": [], "improve": [], "happened": []}
    for work in works:
        said = [entry["clear"] for entry in work.entries if entry.get("clear") in ("yes", "mostly", "no")]
        clear.update(said[-1:])
        for entry in work.entries[-5:]:
            for name, listed in texts.items():
                if isinstance(entry.get(name), str) and entry[name].strip():
                    listed.append(plain(entry[name], 1000))
    return FormStatistics(clear, {name: tuple(sorted(listed)) for name, listed in texts.items()})

"""The report's figures, from what was graded and answered: plain data in, plain data out, no file and no page.

A question's difficulty, discrimination and wrong answers are taken from each learner's first answer, as one who is
told at once goes on until it is right. Text from a submission is cut and cleared of control characters, never trusted.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from course.catalog import Chapter
from course.exercises.misconceptions import misconception_text
from course.language import _
from course.quiz.model import Quiz
from course.quiz.questions import MultipleQuestion, OrderQuestion, Question, SingleQuestion
from course.quiz.record import QuizAnswers, Record, Response
from course.quiz.scoring import counting_answer
from course.quiz.text import to_words
from course.report.similarity import Pair

QUIZ = "quiz"
FEWEST = 3  # a correlation of fewer learners says nothing
SHOWN = 8  # different wrong answers that are told of one question


@dataclass(frozen=True)
class StudentWork:
    """One learner's: the row that grading wrote (None if there is none), answers, form entries, what was unreadable.

    submitted: False for who is in the gradebook and handed nothing in.
    """

    name: str
    row: Mapping[str, Any] | None
    answers: QuizAnswers = field(default_factory=QuizAnswers)
    entries: Sequence[Mapping[str, Any]] = ()
    problems: tuple[str, ...] = ()
    submitted: bool = True
    seconds_late: float = 0.0

    @property
    def cells(self) -> Mapping[str, Any]:
        cells: Mapping[str, Any] = (self.row or {}).get("cells", {})
        return cells

    @property
    def percent(self) -> float | None:
        row = self.row or {}
        total = float(row.get("max_score", 0.0))
        return 100 * float(row.get("score", 0.0)) / total if total else None


@dataclass(frozen=True)
class StudentStatistics:
    """score, max_score: points so far; answered: questions of the quiz; reasons: why to look, as code and text."""

    name: str
    status: str
    score: float
    max_score: float
    answered: int
    first_answer: datetime | None
    last_answer: datetime | None
    reasons: tuple[tuple[str, str], ...]

    @property
    def percent(self) -> float | None:
        return round(100 * self.score / self.max_score, 1) if self.max_score else None


@dataclass(frozen=True)
class ExerciseStatistics:
    """Learners by outcome; waiting: a person has yet to grade it, or the grader could not."""

    name: str
    students: int
    solved: int
    partly: int
    wrong: int
    not_attempted: int
    waiting: int


@dataclass(frozen=True)
class WrongAnswer:
    """drew: those who gave it first; percent: their mean share of the points, None where nothing is graded yet.

    says: the misconception behind it, in a sentence; None where there is none.
    """

    text: str
    drew: tuple[str, ...]
    percent: float | None
    says: str | None


@dataclass(frozen=True)
class QuestionStatistics:
    """difficulty: mean credit of first answers; right_in_the_end: of the answers that count; both 0 to 1.

    discrimination: correlation of the first answer's credit with the mean credit of the other graded questions.
    """

    name: str
    title: str
    answered: int
    difficulty: float | None
    right_in_the_end: float | None
    discrimination: float | None
    wrong: tuple[WrongAnswer, ...]


@dataclass(frozen=True)
class MisconceptionStatistics:
    """where: the exercise, or QUIZ; name: its code, which nobody is shown; says: the sentence that is."""

    where: str
    name: str
    students: int
    says: str
    example: str = ""


@dataclass(frozen=True)
class PredictionStatistics:
    """Those who predicted and answered: how many were right before, after, and changed to right or to wrong."""

    name: str
    title: str
    students: int
    before: int
    after: int
    learned: int
    lost: int


@dataclass(frozen=True)
class FormStatistics:
    """clear: learners by their latest answer to `was everything clear?`; texts by field, in order of the alphabet."""

    clear: Mapping[str, int]
    texts: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Report:
    students: tuple[StudentStatistics, ...]
    scores: tuple[int, ...]
    exercises: tuple[ExerciseStatistics, ...]
    misconceptions: tuple[MisconceptionStatistics, ...]
    questions: tuple[QuestionStatistics, ...]
    predictions: tuple[PredictionStatistics, ...]
    form: FormStatistics
    similar: tuple[Pair, ...] = ()


def plain(text: object, limit: int = 600) -> str:
    """Text of a submission as it can be shown: short, and without what no page or terminal should obey."""
    whole = "".join(c if c.isprintable() or c == "\n" else "�" for c in str(text)[: limit + 1])
    return whole if len(whole) <= limit else whole[:limit] + "…"


def report_of(works: Sequence[StudentWork], quiz: Quiz | None, chapter: Chapter | None = None) -> Report:
    """All figures of a class. quiz: with its key; None for a chapter without one. chapter: whose words to use."""
    students = tuple(_student(work, quiz) for work in works)
    questions = tuple(_question(quiz, q, works) for q in quiz.questions) if quiz else ()
    return Report(
        students,
        _distribution(students),
        tuple(_exercises(works)),
        tuple(_exercise_misconceptions(works, chapter)) + tuple(_quiz_misconceptions(quiz, works) if quiz else ()),
        questions,
        tuple(_predictions(quiz, works)) if quiz else (),
        _form(works),
    )


def _distribution(students: Sequence[StudentStatistics]) -> tuple[int, ...]:
    """Learners in each tenth of the points; full marks belong to the last."""
    bins = Counter(min(9, int(student.percent // 10)) for student in students if student.percent is not None)
    return tuple(bins[tenth] for tenth in range(10))


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
    )


def _reasons(work: StudentWork, quiz: Quiz | None) -> Iterator[tuple[str, str]]:
    """Why a person should look: a code, and a text where the code alone does not say enough."""
    yield from (("unreadable", plain(problem, 200)) for problem in work.problems)
    if not work.submitted:
        yield "missing", ""
        return
    if work.seconds_late:
        yield "late", f"{work.seconds_late / 3600:.1f} h"
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
    if work.percent is not None and work.percent < 50:
        yield "under half", ""
    if "manual" in outcomes:
        yield "by hand", ""


def _exercises(works: Sequence[StudentWork]) -> Iterator[ExerciseStatistics]:
    outcomes: dict[str, Counter[str]] = {}
    for work in works:
        for name, cell in work.cells.items():
            if name != QUIZ:
                outcomes.setdefault(name, Counter())[cell["status"]] += 1
    for name, counts in outcomes.items():
        yield ExerciseStatistics(
            name=name,
            students=counts.total(),
            solved=counts["passed"],
            partly=counts["partial"],
            wrong=counts["failed"],
            not_attempted=counts["not attempted"],
            waiting=counts["manual"] + counts["error"],
        )


def _exercise_misconceptions(works: Sequence[StudentWork], chapter: Chapter | None) -> list[MisconceptionStatistics]:
    """With one message as an example: of the learner in whose work the fewest other things went wrong."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for work in works:
        for name, cell in work.cells.items():
            if name == QUIZ:
                continue
            failed = [f"{f['label']}: {f['message']}" for f in cell["findings"] if not f["passed"]]
            for wrong in cell["misconceptions"]:
                found[name, wrong].append((len(failed), plain(failed[0]) if failed else ""))
    listed = [
        MisconceptionStatistics(where, name, len(seen), _says(chapter, name), min(seen)[1])
        for (where, name), seen in found.items()
    ]
    return sorted(listed, key=lambda each: (-each.students, each.where, each.name))


def _says(chapter: Chapter | None, name: str) -> str:
    """What a misconception says; a name that the course has no words for (any more) is not shown."""
    says = misconception_text(chapter, name)[0] if chapter else ""
    return to_words(says) or _("A mistake that this version of the course does not describe.")


def _quiz_misconceptions(quiz: Quiz, works: Sequence[StudentWork]) -> list[MisconceptionStatistics]:
    counts: Counter[str] = Counter()
    for work in works:
        replies = [r for q in quiz.questions if (given := _first(q, work)) is not None for r in q.replies(given)]
        counts.update({reply.misconception for reply in replies if reply.misconception})
    return [
        MisconceptionStatistics(QUIZ, name, count, to_words(quiz.misconceptions[name].says))
        for name, count in counts.most_common()
    ]


def _first(question: Question, work: StudentWork) -> Response | None:
    return _first_of(question, work.answers.answers.get(question.id))


def _first_of(question: Question, record: Record | None) -> Response | None:
    """The first answer that is one of this question; None if there is none."""
    given = [answer.response for answer in record.answers] if record else []
    return next((response for response in given if question.accepts(response)), None)


def _question(quiz: Quiz, question: Question, works: Sequence[StudentWork]) -> QuestionStatistics:
    firsts, ends, rests = [], [], []
    wrong: dict[tuple[str, str | None], list[StudentWork]] = defaultdict(list)
    for work in works:
        response = _first(question, work)
        if response is None:
            continue
        firsts.append(question.credit(response))
        counted = counting_answer(quiz, question, work.answers.answers[question.id])
        ends.append(question.credit(counted.response) if counted else 0.0)
        rests.append(_rest(quiz, question, work))
        for each in _wrong_answers(question, response):
            wrong[each].append(work)
    most = sorted(wrong.items(), key=lambda item: -len(item[1]))[:SHOWN]
    says = {name: to_words(known.says) for name, known in quiz.misconceptions.items()}
    listed = tuple(_wrong_answer(text, says.get(name or ""), drawn) for (text, name), drawn in most)
    title = to_words(question.title)
    return QuestionStatistics(
        question.id, title, len(firsts), _mean(firsts), _mean(ends), correlation(firsts, rests), listed
    )


def _wrong_answer(text: str, says: str | None, drawn: Sequence[StudentWork]) -> WrongAnswer:
    percents = [work.percent for work in drawn if work.percent is not None]
    return WrongAnswer(text, tuple(work.name for work in drawn), _mean(percents), says)


def _rest(quiz: Quiz, question: Question, work: StudentWork) -> float:
    """Mean credit of the other graded questions, those not answered counting as wrong."""
    others = [each for each in quiz.graded if each.id != question.id]
    credits = [each.credit(given) if (given := _first(each, work)) is not None else 0.0 for each in others]
    return sum(credits) / len(credits) if credits else 0.0


def _wrong_answers(question: Question, response: Response) -> list[tuple[str, str | None]]:
    """What was wrong in a response, in words, each with the misconception that it reveals."""
    if question.credit(response) == 1.0:
        return []
    if isinstance(question, SingleQuestion | MultipleQuestion):
        chosen = {response} if isinstance(response, str) else set(response)
        wrong = [option for option in question.options if option.id in chosen and not option.correct]
        missed = [option for option in question.options if option.id not in chosen and option.correct]
        told: list[tuple[str, str | None]] = [(to_words(option.text), option.misconception) for option in wrong]
        if isinstance(question, MultipleQuestion):
            told += [(f"☐ {to_words(option.text)}", None) for option in missed]
        return told
    name = next((reply.misconception for reply in question.replies(response) if reply.misconception), None)
    if isinstance(question, OrderQuestion):
        texts = {item.id: to_words(item.text) for item in question.items}
        return [(" → ".join(texts[each] for each in response), name)]
    return [(plain(response, 40), name)]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Pearson's; None for fewer than FEWEST pairs or where one side does not vary."""
    if len(left) < FEWEST:
        return None
    middle, other = sum(left) / len(left), sum(right) / len(right)
    spread = math.sqrt(sum((x - middle) ** 2 for x in left) * sum((y - other) ** 2 for y in right))
    if spread < 1e-12:
        return None
    return sum((x - middle) * (y - other) for x, y in zip(left, right, strict=True)) / spread


def _predictions(quiz: Quiz, works: Sequence[StudentWork]) -> Iterator[PredictionStatistics]:
    for name in quiz.predictions:
        question = quiz.question(name)
        if question is None:
            continue
        pairs = []
        for work in works:
            before = _first_of(question, work.answers.predictions.get(name))
            record = work.answers.answers.get(name)
            after = counting_answer(quiz, question, record) if record else None
            if before is not None and after is not None:
                pairs.append((question.credit(before) == 1.0, question.credit(after.response) == 1.0))
        counts = Counter(pairs)
        before_right, after_right = (sum(pair[side] for pair in pairs) for side in (0, 1))
        changed = counts[False, True], counts[True, False]
        yield PredictionStatistics(name, to_words(question.title), len(pairs), before_right, after_right, *changed)


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

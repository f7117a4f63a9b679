"""The figures of a quiz's questions: difficulty, discrimination, wrong answers, reliability, predictions.

Difficulty, discrimination and wrong answers are taken from each learner's first answer, as one who is told at once goes
on until it is right. A question that a learner did not answer is missing, not wrong.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from course.quiz.model import Quiz
from course.quiz.questions import MultipleQuestion, OrderQuestion, Question, SingleQuestion
from course.quiz.record import Record, Response
from course.quiz.scoring import counting_answer
from course.quiz.text import to_plain
from course.report.measures import Reliability, correlation, mean, reliability, thirds
from course.report.work import StudentWork, plain

SHOWN = 8  # different wrong answers that are told of one question
Credits = Mapping[str, float]  # of one learner's first answers, 0 to 1, by question; none where there is no answer


@dataclass(frozen=True)
class WrongAnswer:
    """students: how many gave it first; drew: who; percent: their mean share of the points, None where none is graded.

    says: the misconception behind it, in a sentence; None where there is none.
    """

    text: str
    drew: tuple[str, ...]
    percent: float | None
    says: str | None
    students: int


@dataclass(frozen=True)
class QuestionStatistics:
    """difficulty: mean credit of first answers; right_in_the_end: of the answers that count; both 0 to 1.

    discrimination: correlation of the first answer's credit with the mean credit of all other questions that the
    learner answered; compared: learners it rests on, those who answered another one. bottom, top: mean credit of the
    third of them that is weakest and strongest in the others.
    """

    name: str
    title: str
    answered: int
    difficulty: float | None
    right_in_the_end: float | None
    discrimination: float | None
    compared: int
    bottom: float | None
    top: float | None
    wrong: tuple[WrongAnswer, ...]


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


def first_answer(question: Question, work: StudentWork) -> Response | None:
    return _first_of(question, work.answers.answers.get(question.id))


def _first_of(question: Question, record: Record | None) -> Response | None:
    """The first answer that is one of this question; None if there is none."""
    given = [answer.response for answer in record.answers] if record else []
    return next((response for response in given if question.accepts(response)), None)


def first_credits(quiz: Quiz, work: StudentWork) -> Credits:
    pairs = ((question, first_answer(question, work)) for question in quiz.questions)
    return {question.id: question.credit(given) for question, given in pairs if given is not None}


def question_statistics(
    quiz: Quiz, question: Question, works: Sequence[StudentWork], credits: Sequence[Credits]
) -> QuestionStatistics:
    """credits: of each of the works."""
    firsts, ends, rests = [], [], []
    wrong: dict[tuple[str, str | None], list[StudentWork]] = defaultdict(list)
    for work, own in zip(works, credits, strict=True):
        response = first_answer(question, work)
        if response is None:
            continue
        firsts.append(own[question.id])
        counted = counting_answer(quiz, question, work.answers.answers[question.id])
        ends.append(question.credit(counted.response) if counted else 0.0)
        rests.append(mean([credit for name, credit in own.items() if name != question.id]))
        for each in _wrong_answers(question, response):
            wrong[each].append(work)
    most = sorted(wrong.items(), key=lambda item: -len(item[1]))[:SHOWN]
    says = {name: to_plain(known.says) for name, known in quiz.misconceptions.items()}
    listed = tuple(_wrong_answer(text, says.get(name or ""), drawn) for (text, name), drawn in most)
    pairs = [(credit, rest) for credit, rest in zip(firsts, rests, strict=True) if rest is not None]
    given, others = [credit for credit, _rest in pairs], [rest for _credit, rest in pairs]
    bottom, top = thirds(given, others) or (None, None)
    return QuestionStatistics(
        name=question.id,
        title=to_plain(question.title),
        answered=len(firsts),
        difficulty=mean(firsts),
        right_in_the_end=mean(ends),
        discrimination=correlation(given, others),
        compared=len(pairs),
        bottom=bottom,
        top=top,
        wrong=listed,
    )


def quiz_reliability(quiz: Quiz, works: Sequence[StudentWork], credits: Sequence[Credits]) -> Reliability | None:
    """Of first answers' credit, among the learners who answered anything. credits: of each of the works."""
    answered = [own for work, own in zip(works, credits, strict=True) if work.answers.answers]
    return reliability([[own.get(question.id) for question in quiz.questions] for own in answered])


def _wrong_answer(text: str, says: str | None, drawn: Sequence[StudentWork]) -> WrongAnswer:
    percents = [work.percent for work in drawn if work.percent is not None]
    return WrongAnswer(text, tuple(work.name for work in drawn), mean(percents), says, len(drawn))


def _wrong_answers(question: Question, response: Response) -> list[tuple[str, str | None]]:
    """What was wrong in a response, in words, each with the misconception that it reveals."""
    if question.credit(response) == 1.0:
        return []
    if isinstance(question, SingleQuestion | MultipleQuestion):
        chosen = {response} if isinstance(response, str) else set(response)
        wrong = [option for option in question.options if option.id in chosen and not option.correct]
        missed = [option for option in question.options if option.id not in chosen and option.correct]
        told: list[tuple[str, str | None]] = [(to_plain(option.text), option.misconception) for option in wrong]
        if isinstance(question, MultipleQuestion):
            told += [(f"☐ {to_plain(option.text)}", None) for option in missed]
        return told
    name = next((reply.misconception for reply in question.replies(response) if reply.misconception), None)
    if isinstance(question, OrderQuestion):
        texts = {item.id: to_plain(item.text) for item in question.items}
        return [(" → ".join(texts[each] for each in response), name)]
    return [(plain(response, 40), name)]


def prediction_statistics(quiz: Quiz, works: Sequence[StudentWork]) -> Iterator[PredictionStatistics]:
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
        yield PredictionStatistics(name, to_plain(question.title), len(pairs), before_right, after_right, *changed)

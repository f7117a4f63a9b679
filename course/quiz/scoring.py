"""Points for a quiz, from answers.json and the key. It never runs a widget or anything else of the learner's.

Only ids and texts of answers are taken from the file; right, wrong, weights and points come from the key alone.
Whatever is in the file, a Verdict comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course.catalog import Catalog, load_catalog
from course.language import _
from course.quiz.model import Quiz, load_quiz, released_sheet
from course.quiz.questions import Question
from course.quiz.record import Answer, AnswersFile, QuizAnswers, Record, read_answers, told_name
from course.quiz.text import to_plain
from course.storage.json_file import BrokenFile
from course.verdict import Finding, Verdict, share_points, status_of

NAME = "quiz"


def score_quiz(slug: str, folder: Path, max_score: float, catalog: Catalog | None = None) -> Verdict:
    """The verdict on folder/answers.json, with 0 ≤ score ≤ max_score.

    Raises CourseError only where the quiz itself is missing or faulty, never for what the learner's file holds.
    """
    catalog = catalog or load_catalog()
    if released_sheet(slug, catalog):
        return Verdict(
            NAME, None, max_score, "manual", reason=_("Your instructor's copy of the course marks this quiz.")
        )
    quiz = load_quiz(slug, catalog)
    try:
        stored = read_answers(folder, catalog.renamed)
    except BrokenFile as error:
        reason = _("{reason} Show the quiz again in the notebook, answer, and submit.").format(reason=error)
        return Verdict(NAME, None, max_score, "error", (), reason)  # there may be answers in it: for a person to see
    return score_answers(quiz, stored, max_score)


def score_answers(quiz: Quiz, stored: AnswersFile, max_score: float) -> Verdict:
    """The verdict on answers that are already read."""
    answers = stored.quiz(quiz.slug)
    marks = [_mark(quiz, question, answers.answers.get(question.id)) for question in quiz.graded]
    findings = tuple(mark.finding for mark in marks) + _remarks(quiz, answers, stored.problems)
    if not any(mark.attempted for mark in marks):
        return Verdict(NAME, 0.0, max_score, "not attempted", findings, _("No question that counts is answered."))
    score = share_points([(mark.weight, mark.credit) for mark in marks], max_score)
    return Verdict(NAME, score, max_score, status_of(score, findings), findings)


@dataclass(frozen=True)
class _Mark:
    credit: float
    weight: float
    attempted: bool
    finding: Finding


def counting_answer(quiz: Quiz, question: Question, record: Record) -> Answer | None:
    """The answer that counts: the first, latest or best (as the quiz says) of those allowed and still meaningful."""
    allowed = record.answers[: quiz.attempts]
    meaningful = [answer for answer in allowed if question.accepts(answer.response)]
    if not meaningful:
        return None
    if quiz.counts == "first":
        return meaningful[0]
    if quiz.counts == "latest":
        return meaningful[-1]
    return max(meaningful, key=lambda answer: question.credit(answer.response))


def _mark(quiz: Quiz, question: Question, record: Record | None) -> _Mark:
    label = to_plain(question.title)
    answer = counting_answer(quiz, question, record) if record else None
    if answer is None:
        message = _("The answer is none of this question's options.") if record else _("Not answered.")
        return _Mark(0.0, question.points, False, Finding(False, label, message, question.points))
    credit = question.credit(answer.response)
    replies = question.replies(answer.response)
    wrong = next((reply.misconception for reply in replies if reply.misconception), None)
    message = "\n".join(to_plain(reply.text) for reply in replies)
    if 0 < credit < 1:
        message = _("Partly right ({percent} %).").format(percent=round(credit * 100)) + "\n" + message
    idea = quiz.misconceptions.get(wrong or "")
    words = (to_plain(idea.says), idea.reread or "") if idea else ("", "")
    return _Mark(credit, question.points, True, Finding(credit == 1, label, message, question.points, wrong, *words))


def _remarks(quiz: Quiz, answers: QuizAnswers, problems: Sequence[str]) -> tuple[Finding, ...]:
    """What else there is to say about the file; without weight."""
    known = {question.id for question in quiz.questions}
    unknown = sorted(name for name in answers.answers if name not in known)
    sentences = list(problems[:5])
    if unknown:
        listed = ", ".join(told_name(name) for name in unknown[:5])
        sentences.append(
            _("Answers to questions that this quiz does not have were ignored: {names}.").format(names=listed)
        )
    return tuple(Finding(False, _("answers.json"), sentence, 0.0) for sentence in sentences)


def points_so_far(quiz: Quiz, answers: QuizAnswers, max_score: float) -> float:
    """The points of these answers, out of max_score."""
    return score_answers(quiz, AnswersFile({quiz.slug: answers}), max_score).score or 0.0

"""What the quiz widget shows, as plain data: the page that stays, and what each answer changes.

Pure functions of the quiz and the answers, tested without a screen. Nothing here may put the key of an unanswered
question, or any key in after-grading mode, into what goes to the browser.
"""

from __future__ import annotations

import hashlib
from typing import Any

from course.language import _
from course.quiz.drawing import figure_html
from course.quiz.model import Quiz, Sheet, SheetPart, SheetQuestion
from course.quiz.questions import Reply, read_number, without_unit
from course.quiz.record import Record, Response
from course.quiz.text import to_html, to_inline_html, to_words
from course.verdict import reread_words

PREDICTIONS = "predictions"


def page(sheet: Sheet, part: str | None, learner: str) -> dict[str, Any]:
    """What answering does not change: title, questions and the browser's words.

    part: id of the only part to show, 'predictions' for the questions asked before the lesson, None for all parts but
    those that stand apart.
    learner: options are shuffled by it, the same way every time.
    """
    title = _("Predict first") if part == PREDICTIONS else sheet.title
    if part and part != PREDICTIONS:
        title = next(group.title for group in sheet.parts if group.id == part)
    groups = [
        {
            "title": group.title if group and part is None else "",
            "folded": bool(group and not group.graded and part is None and any(p.graded for p in sheet.parts)),
            "questions": [_question(question, sheet.slug, learner) for question in questions],
        }
        for group, questions in shown_questions(sheet, part)
    ]
    return {"title": title, "parts": groups, "strings": _strings()}


def shown_questions(sheet: Sheet, part: str | None) -> list[tuple[SheetPart | None, tuple[SheetQuestion, ...]]]:
    """The questions on this page, by part; predictions belong to none, and parts that stand apart must be named."""
    if part == PREDICTIONS:
        return [(None, tuple(q for q in sheet.questions if q.id in sheet.predictions))]
    return [(p, p.questions) for p in sheet.parts if p.id == part or (part is None and not p.apart)]


def _question(question: SheetQuestion, slug: str, learner: str) -> dict[str, Any]:
    def shuffled(option_id: str) -> bytes:
        return hashlib.sha256("\0".join((learner, slug, question.id, option_id)).encode()).digest()

    options = sorted(question.options, key=lambda option: shuffled(option.id))
    return {
        "id": question.id,
        "kind": question.kind,
        "prompt": to_html(question.prompt),
        "figure": figure_html(question.figure),
        "unit": question.unit,
        "options": [{"id": o.id, "html": to_inline_html(o.text), "words": to_words(o.text)} for o in options],
    }


def _strings() -> dict[str, str]:
    """The words that the browser needs, in the learner's language."""
    return {
        "question": _("Question"),
        "choose_one": _("With the keyboard: arrow keys move, Space answers."),
        "choose_any": _("Tick all that apply, then check."),
        "number": _("Your answer"),
        "put_in_order": _("Put these in order with the buttons, then check."),
        "check": _("Check"),
        "up": _("Move up"),
        "down": _("Move down"),
        "place": _("place"),
        "right": _("right"),
        "wrong": _("not right"),
        "left_out": _("rightly left out"),
        "changed": _("Your answer has changed, and is not checked yet."),
        "nothing_chosen": _("Tick at least one option first."),
        "waiting": _("Recording…"),
        "no_reply": _("No reply yet. If the kernel is busy, wait; if it was restarted, run this cell again."),
    }


def state(question: SheetQuestion, quiz: Quiz | None, record: Record | None, attempts: int | None) -> dict[str, Any]:
    """What is shown of a question's latest answer; empty where there is none.

    quiz: the quiz with its key, None where no right or wrong may be shown (after-grading mode, predictions).
    """
    if record is None:
        return {}
    key = quiz.question(question.id) if quiz else None
    response = record.latest.response
    shown: dict[str, Any] = {
        "attempts": record.attempts,
        "locked": attempts is not None and record.attempts >= attempts,
        "left": _attempts_left(record, attempts),
        "response": response if isinstance(response, str) else list(response),
        "replies": [],
    }
    if not fits(question, response) or (key and not key.accepts(response)):
        changed = _("This question has changed since you answered it. Your answer is kept; please answer again.")
        return shown | {"status": "changed", "response": None, "result": changed}
    if quiz is None or key is None:
        return shown | {"status": "recorded", "result": _("Your answer is kept.")}
    credit = key.credit(response)
    status = "right" if credit == 1 else "partly" if credit else "wrong"
    result = {"right": _("Right."), "partly": _("Partly right."), "wrong": _("Not right yet.")}[status]
    replies = [_reply(reply, quiz) for reply in key.replies(response)]
    return shown | {"status": status, "result": result, "replies": replies}


def _attempts_left(record: Record, attempts: int | None) -> str:
    if attempts is None:
        return ""
    return _("Attempts left: {number}.").format(number=max(0, attempts - record.attempts))


def fits(question: SheetQuestion, response: Response) -> bool:
    """Whether a response is of this question's kind, and names only options that it has."""
    known = {option.id for option in question.options}
    if isinstance(response, str):
        if question.kind == "numeric":
            return read_number(response, question.unit) is not None
        return question.kind == "single" and response in known
    chosen = set(response)
    if len(chosen) != len(response):
        return False
    return chosen == known if question.kind == "order" else question.kind == "multiple" and set() < chosen <= known


def as_kept(question: SheetQuestion, response: Response) -> Response:
    """A response that fits, in the one form in which it is kept."""
    if isinstance(response, str):
        return without_unit(response, question.unit) if question.kind == "numeric" else response
    return response if question.kind == "order" else tuple(sorted(response))


def _reply(reply: Reply, quiz: Quiz) -> dict[str, Any]:
    idea = quiz.misconceptions.get(reply.misconception or "")
    return {
        "about": reply.about,
        "right": reply.right,
        "html": to_html(reply.text),
        "reread": reread(idea.reread) if idea and idea.reread else None,
    }


def reread(heading: str) -> dict[str, str]:
    """A link to a section: what to look for, and the words of the link."""
    return {"heading": heading, "words": reread_words(heading)}

"""The lines below a quiz: how it stands, what to reread, and the predictions beside the later answers.

Returns HTML from escaped texts; whoever shows it adds nothing. Right and wrong appear only where a key is given.
"""

from __future__ import annotations

import html

from course.language import _
from course.quiz.model import Quiz, Sheet, SheetQuestion
from course.quiz.record import QuizAnswers, Record
from course.quiz.text import to_inline_html, to_words
from course.quiz.view import fits, reread


def summary_html(
    sheet: Sheet, quiz: Quiz | None, answers: QuizAnswers, shown: tuple[str, ...], predicting: bool
) -> str:
    """The summary of the questions shown (ids); quiz is None where right and wrong are not to be told."""
    records = answers.predictions if predicting else answers.answers
    lines = [_answered(sheet, {name: name in records for name in shown})]
    if quiz:
        right = sum(_is_right(quiz, name, records.get(name)) for name in shown)
        lines.append(_("Right: {right}.").format(right=right))
    if predicting:
        lines.append(_("Your predictions are kept. You will see them again near the end."))
    blocks = [f"<p>{html.escape(' '.join(lines))}</p>"]
    if quiz:
        blocks.append(_to_reread(quiz, answers, shown))
    if not predicting:
        blocks.append(_predictions(sheet, quiz, answers, shown))
    return "".join(blocks)


def _answered(sheet: Sheet, answered: dict[str, bool]) -> str:
    """How many of the questions shown are answered; those that count apart from the optional ones where both stand."""
    graded = {question.id for part in sheet.parts if part.graded for question in part.questions}
    counting = [done for name, done in answered.items() if name in graded]
    optional = [done for name, done in answered.items() if name not in graded]
    if not (counting and optional):
        return _("Answered: {answered} of {total}.").format(answered=sum(answered.values()), total=len(answered))
    told = _("Answered: {answered} of {total} that count; {others} of {optional} optional.")
    return told.format(answered=sum(counting), total=len(counting), others=sum(optional), optional=len(optional))


def _is_right(quiz: Quiz, name: str, record: Record | None) -> bool:
    question = quiz.question(name)
    response = record.latest.response if record else None
    return bool(question and response and question.accepts(response) and question.credit(response) == 1)


def _to_reread(quiz: Quiz, answers: QuizAnswers, shown: tuple[str, ...]) -> str:
    """Wrong ideas that the latest answers reveal, each once, with the section that puts it right."""
    tags: dict[str, None] = {}
    for name in shown:
        question, record = quiz.question(name), answers.answers.get(name)
        if question and record and question.accepts(record.latest.response):
            tags.update(
                dict.fromkeys(r.misconception for r in question.replies(record.latest.response) if r.misconception)
            )
    items = "".join(
        f"<li>{to_inline_html(quiz.misconceptions[t].says)} {_link(quiz.misconceptions[t].reread)}</li>" for t in tags
    )
    told = html.escape(_("Your answers suggest these ideas, which are not right:"))
    return f"<p>{told}</p><ul>{items}</ul>" if items else ""


def _link(heading: str | None) -> str:
    if not heading:
        return ""
    link = reread(heading)
    return f'<button type="button" data-heading="{html.escape(link["heading"])}">{html.escape(link["words"])}</button>'


def _predictions(sheet: Sheet, quiz: Quiz | None, answers: QuizAnswers, shown: tuple[str, ...]) -> str:
    asked = [q for q in sheet.questions if q.id in answers.predictions and q.id in shown and q.id in sheet.predictions]
    rows = "".join(_prediction_row(question, quiz, answers) for question in asked)
    if not rows:
        return ""
    headings = (_("Question"), _("You predicted"), _("You answered"))
    head = "".join(f'<th scope="col">{html.escape(heading)}</th>' for heading in headings)
    caption = html.escape(_("Your predictions"))
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _prediction_row(question: SheetQuestion, quiz: Quiz | None, answers: QuizAnswers) -> str:
    later = answers.answers.get(question.id)
    cells = (_said(question, answers.predictions[question.id], quiz if later else None), _said(question, later, quiz))
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{html.escape(to_words(question.title))}</th>{row}</tr>'


def _said(question: SheetQuestion, record: Record | None, quiz: Quiz | None) -> str:
    """What was answered, in the question's words; marked right or not once the question has been answered."""
    if record is None:
        return "–"
    response = record.latest.response
    if not fits(question, response):
        return html.escape(_("an option that is no longer there"))
    texts = {option.id: to_inline_html(option.text) for option in question.options}
    chosen = (response,) if isinstance(response, str) else response
    said = ", ".join(texts.get(name) or html.escape(name) for name in chosen)
    if quiz is None:
        return said
    return f"{'✔' if _is_right(quiz, question.id, record) else '✘'} {said}"

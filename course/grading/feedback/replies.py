"""What a learner chose in the quiz, in the question's words: read from answers.json, never run."""

from __future__ import annotations

import html
from pathlib import Path

from course.catalog import Catalog
from course.errors import CourseError
from course.quiz.model import load_quiz, released_sheet
from course.quiz.questions import MultipleQuestion, OrderQuestion, Question, SingleQuestion
from course.quiz.record import Response, read_answers
from course.quiz.scoring import counting_answer
from course.quiz.text import to_inline_html, to_plain


def chosen_in(catalog: Catalog, slug: str, folder: Path) -> dict[str, list[str]]:
    """The answer that counts, as pieces of HTML, by the question's title; {} where answers or quiz cannot be read."""
    try:
        if not catalog.quiz_file(slug).is_file() or released_sheet(slug, catalog):
            return {}
        quiz = load_quiz(slug, catalog)
        answers = read_answers(folder, catalog.renamed).quiz(slug).answers
    except CourseError:
        return {}
    found = {}
    for question in quiz.graded:
        record = answers.get(question.id)
        answer = counting_answer(quiz, question, record) if record else None
        if answer:
            found[to_plain(question.title)] = _said(question, answer.response)
    return found


def _said(question: Question, response: Response) -> list[str]:
    names = (response,) if isinstance(response, str) else response
    if isinstance(question, SingleQuestion | MultipleQuestion):
        texts = {option.id: option.text for option in question.options}
    elif isinstance(question, OrderQuestion):
        texts = {item.id: item.text for item in question.items}
    else:
        return [html.escape(f"{response} {question.unit}".strip())]
    return [to_inline_html(texts[name]) if name in texts else html.escape(name) for name in names]

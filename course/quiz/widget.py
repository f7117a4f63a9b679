"""The quiz in a notebook: shows questions, records each answer in answers.json, and then says what it is worth.

The kernel does all that matters; the browser's side (static/quiz.js) draws and reports clicks. It works in every
front end that shows ipywidgets. This module must never import TensorFlow or keep an answer only in memory unsaid.
"""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from course.catalog import load_catalog
from course.errors import UsageError
from course.language import _, language
from course.quiz.model import SHEET_FILE, Quiz, Sheet, load_quiz, load_sheet, sheet_of
from course.quiz.record import Recorder, Response
from course.quiz.scoring import points_so_far
from course.quiz.summary import summary_html
from course.quiz.view import PREDICTIONS, as_kept, fits, page, shown_questions, state
from course.storage.folder import notebook_folder
from course.storage.headings import sections_in
from course.verdict import format_points, total_points

STATIC = Path(__file__).parent / "static"


def script(name: str) -> str:
    """The JavaScript of the quiz or the form: what both share, and then its own."""
    return "\n".join((STATIC / part).read_text(encoding="utf-8") for part in ("page.js", name))


def show_quiz(slug: str, part: str | None = None) -> QuizWidget:
    """The quiz of a chapter, with the answers that answers.json beside the notebook already holds.

    part: id of the only part to show, or 'predictions' for the questions that are asked before the lesson.
    Where a keyless quiz.json lies beside the notebook (after-grading mode), that is what is shown.
    """
    folder, renamed = notebook_folder(), load_catalog().renamed
    sheet, quiz = _sheet_and_key(renamed.get(slug, slug), folder)
    if sheet.slug in renamed:  # a keyless copy that was released when the chapter had another slug
        sheet = sheet.model_copy(update={"slug": renamed[sheet.slug]})
    parts = [p.id for p in sheet.parts]
    if part is not None and part not in {*parts, PREDICTIONS}:
        told = _("The quiz {slug!r} has no part {part!r}. Its parts are: {parts}.")
        raise UsageError(told.format(slug=slug, part=part, parts=", ".join([*parts, PREDICTIONS])))
    return QuizWidget(sheet, quiz, Recorder(folder, sheet.slug, renamed), part)


def _sheet_and_key(slug: str, folder: Path) -> tuple[Sheet, Quiz | None]:
    """What to show, and the key where the learner's copy has one."""
    for name in (f"quiz.{language()}.json", SHEET_FILE):
        if (folder / name).is_file():
            return load_sheet(folder / name), None
    quiz = load_quiz(slug, load_catalog())
    return sheet_of(quiz), quiz if quiz.feedback == "immediate" else None


def learner_name() -> str:
    """Who learns here: the hub's user name, else the system's."""
    try:
        return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in some containers
        return "learner"


class QuizWidget(anywidget.AnyWidget):
    """A quiz, or a part of it.

    page: what stays, and in which notebook of the chapter each section is to be found. states: by question id, what its
    answer changed. summary: how it stands, as HTML.
    notice: one sentence where something needs telling (an answer not saved, a file that was broken).
    """

    _esm = script("quiz.js")
    _css = STATIC / "quiz.css"
    page = traitlets.Dict().tag(sync=True)
    states = traitlets.Dict().tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)

    def __init__(self, sheet: Sheet, quiz: Quiz | None, recorder: Recorder, part: str | None) -> None:
        super().__init__()
        self._sheet = sheet
        self._quiz = quiz
        self._predicting = part == PREDICTIONS
        self._questions = {q.id: q for _part, questions in shown_questions(sheet, part) for q in questions}
        self._recorder = recorder
        sections = sections_in(notebook_folder()) if quiz else {}
        self.page = page(sheet, part, learner_name()) | {"sections": sections}
        self.notice = self._recorder.notice or self._removed_questions()
        self._show()
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        """Just the points so far: even a stock nbgrader reads a graded cell's plain text as its score."""
        if self._quiz is None:
            return format_points(0.0)
        total = total_points(question.points for question in self._quiz.graded)
        return format_points(points_so_far(self._quiz, self._recorder.answers, total))

    def answer(self, question_id: str, response: Response) -> bool:
        """Records an answer and shows what it is worth; False where it is no answer to a question that is shown."""
        question = self._questions.get(question_id)
        if question is None or not fits(question, response) or self.states.get(question_id, {}).get("locked"):
            return False
        key = self._quiz.question(question_id) if self._quiz else None
        if key and not key.accepts(response):
            return False
        self._recorder.record(
            "predictions" if self._predicting else "answers", question_id, as_kept(question, response)
        )
        with self.hold_sync():
            self.notice = self._recorder.notice
            self._show()
        return True

    def _receive(self, _widget: object, content: Any, _buffers: object) -> None:
        """A message from the browser: {"question": id, "response": id, list of ids, or text}."""
        question_id, response = content.get("question"), content.get("response")
        if isinstance(response, list) and all(isinstance(name, str) for name in response):
            response = tuple(response)
        accepted = isinstance(response, str | tuple) and self.answer(str(question_id), response)
        if not accepted:
            self.send({"question": question_id, "refused": self._why_refused(str(question_id))})

    def _why_refused(self, question_id: str) -> str:
        question = self._questions.get(question_id)
        if question and question.kind == "numeric":
            return _("Write a number, such as 3.75.")
        return _("This answer cannot be taken.")

    def _show(self) -> None:
        answers = self._recorder.answers
        records = answers.sheet("predictions" if self._predicting else "answers")
        key = None if self._predicting else self._quiz
        attempts = None if self._predicting else self._sheet.attempts
        self.states = {name: state(q, key, records.get(name), attempts) for name, q in self._questions.items()}
        self.summary = summary_html(self._sheet, key, answers, tuple(self._questions), self._predicting)

    def _removed_questions(self) -> str:
        known = {question.id for question in self._sheet.questions}
        removed = [name for name in self._recorder.answers.answers if name not in known]
        if not removed:
            return ""
        return _("Answers to questions that are no longer asked are kept in the file: {number}.").format(
            number=len(removed)
        )

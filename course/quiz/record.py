"""Keeps a learner's answers in answers.json beside the notebook.

Every answer is on disk before the learner is told about it. Answers are kept by question and option id, so they
outlive an edited quiz. Nothing here knows the key: the file holds what was answered and when, never what it is worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from course.language import _
from course.plain_text import printable
from course.storage.json_file import BrokenFile, NotSaved, copy_aside, locked, read_json, set_aside, write_json

ANSWERS_FILE = "answers.json"
VERSION = 1
Response = str | tuple[str, ...]
Sheet = Literal["answers", "predictions"]
SHEETS: tuple[Sheet, ...] = ("answers", "predictions")

# The file stays small however often somebody clicks. Of one question's answers the earliest and the latest are kept,
# and of those between them each different one once: so the best is there whatever it was and whenever it was given.
KEEP_EARLIEST = 20
KEEP_LATEST = 20
KEEP_OTHERS = 160
KEEP_ALL = KEEP_EARLIEST + KEEP_OTHERS + KEEP_LATEST
MAX_TEXT = 200
MAX_ITEMS = 40
LAST_YEAR = 9000


@dataclass(frozen=True)
class Answer:
    """What was answered (an option's id, several ids, or the text typed) and when (aware, UTC)."""

    time: datetime
    response: Response

    def as_json(self) -> dict[str, Any]:
        response = self.response if isinstance(self.response, str) else list(self.response)
        return {"response": response, "time": self.time.isoformat(timespec="microseconds")}


@dataclass(frozen=True)
class Record:
    """All that is kept of one question: answers in order of time, at least one, and how many were given in all."""

    answers: tuple[Answer, ...]
    attempts: int

    @property
    def first(self) -> Answer:
        return self.answers[0]

    @property
    def latest(self) -> Answer:
        return self.answers[-1]

    def plus(self, answer: Answer) -> Record:
        """With one more answer, in its place by time; the same answer twice counts once."""
        if answer in self.answers:
            return self
        return Record(_worth_keeping(_by_time({*self.answers, answer})), self.attempts + 1)

    def joined(self, other: Record) -> Record:
        """With the answers of another record of the same question."""
        answers = _by_time({*self.answers, *other.answers})
        return Record(_worth_keeping(answers), max(self.attempts, other.attempts, len(answers)))

    def as_json(self) -> dict[str, Any]:
        between = [answer.as_json() for answer in self.answers[1:-1]]
        return {
            "attempts": self.attempts,
            "first": self.first.as_json(),
            "latest": self.latest.as_json(),
            **({"between": between} if between else {}),
        }


Records = dict[str, Record]


def _by_time(answers: set[Answer]) -> tuple[Answer, ...]:
    return tuple(sorted(answers, key=lambda answer: (answer.time, repr(answer.response))))


def _worth_keeping(ordered: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """The earliest, the latest, and from between them the first of each response that is in neither."""
    if len(ordered) <= KEEP_EARLIEST + KEEP_LATEST:
        return ordered
    earliest, between, latest = ordered[:KEEP_EARLIEST], ordered[KEEP_EARLIEST:-KEEP_LATEST], ordered[-KEEP_LATEST:]
    known = {answer.response for answer in earliest + latest}
    others: dict[Response, Answer] = {}
    for answer in between:
        if answer.response not in known:
            others.setdefault(answer.response, answer)
    return (*earliest, *list(others.values())[:KEEP_OTHERS], *latest)


@dataclass(frozen=True)
class QuizAnswers:
    """One quiz's answers and predictions, by question id."""

    answers: Records = field(default_factory=dict)
    predictions: Records = field(default_factory=dict)

    def sheet(self, name: Sheet) -> Records:
        return self.answers if name == "answers" else self.predictions

    def plus(self, name: Sheet, question: str, answer: Answer) -> QuizAnswers:
        records = dict(self.sheet(name))
        old = records.get(question)
        records[question] = old.plus(answer) if old else Record((answer,), 1)
        return replace(self, answers=records) if name == "answers" else replace(self, predictions=records)

    def joined(self, other: QuizAnswers) -> QuizAnswers:
        """With the answers of another copy of the same quiz."""
        sheets: dict[Sheet, Records] = {name: dict(self.sheet(name)) for name in SHEETS}
        for name, records in sheets.items():
            for question, record in other.sheet(name).items():
                records[question] = records[question].joined(record) if question in records else record
        return QuizAnswers(sheets["answers"], sheets["predictions"])

    def as_json(self) -> dict[str, Any]:
        return {name: {key: record.as_json() for key, record in self.sheet(name).items()} for name in SHEETS}


@dataclass(frozen=True)
class AnswersFile:
    """The whole of answers.json: quizzes by slug, and sentences about entries that could not be read."""

    quizzes: dict[str, QuizAnswers] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def quiz(self, slug: str) -> QuizAnswers:
        return self.quizzes.get(slug) or QuizAnswers()

    def as_json(self) -> dict[str, Any]:
        return {"version": VERSION, "quizzes": {slug: quiz.as_json() for slug, quiz in self.quizzes.items()}}


def read_answers(folder: Path, renamed: Mapping[str, str] | None = None) -> AnswersFile:
    """The answers in folder/answers.json; empty if there is no file. Raises BrokenFile if it is none of ours.

    renamed: present slugs by earlier ones (Catalog.renamed); answers that were given under those are found under these.
    Entries that are not what they should be are left out and named in `problems`; the others are kept.
    """
    data = read_json(folder / ANSWERS_FILE)
    return AnswersFile() if data is None else parse_answers(data, renamed)


def parse_answers(data: Any, renamed: Mapping[str, str] | None = None) -> AnswersFile:
    """Turns the JSON value of an answers file into records, trusting nothing in it. renamed: see read_answers."""
    quizzes = data.get("quizzes") if isinstance(data, dict) else None
    if not isinstance(data, dict) or data.get("version") != VERSION or not isinstance(quizzes, dict):
        raise BrokenFile(_("{file} is not an answers file of this course.").format(file=ANSWERS_FILE))
    parsed: dict[str, QuizAnswers] = {}
    problems: list[str] = []
    for slug, sheets in quizzes.items():
        read = {name: _parse_records(sheets, slug, name, problems) for name in SHEETS}
        present = (renamed or {}).get(slug, slug)
        parsed[present] = parsed.get(present, QuizAnswers()).joined(QuizAnswers(read["answers"], read["predictions"]))
    return AnswersFile(parsed, tuple(problems))


def _parse_records(sheets: Any, slug: str, name: Sheet, problems: list[str]) -> Records:
    entries = sheets.get(name, {}) if isinstance(sheets, dict) else None
    if not isinstance(entries, dict):
        problems.append(_("The {name} of {slug} are not readable.").format(name=name, slug=told_name(slug)))
        return {}
    records: Records = {}
    for question, entry in entries.items():
        try:
            records[question] = _parse_record(entry)
        except (ValueError, TypeError, KeyError, OverflowError):
            problems.append(_("The answer to {question} is not readable.").format(question=told_name(question)))
    return records


def _parse_record(entry: Any) -> Record:
    between = entry.get("between", []) if isinstance(entry, dict) else None
    if not isinstance(between, list) or len(between) > KEEP_ALL:
        raise ValueError("not a record")
    answers = {_parse_answer(item) for item in (entry["first"], *between, entry["latest"])}
    attempts = entry["attempts"]
    if type(attempts) is not int or not 1 <= attempts <= 10**9:
        raise ValueError("attempts must be a whole number")
    return Record(_by_time(answers), max(attempts, len(answers)))


def _parse_answer(item: Any) -> Answer:
    response, stamp = item["response"], item["time"]
    if isinstance(response, list) and len(response) <= MAX_ITEMS:
        response = tuple(response)
    texts = (response,) if isinstance(response, str) else response
    if not isinstance(texts, tuple) or not all(isinstance(t, str) and 0 < len(t) <= MAX_TEXT for t in texts):
        raise ValueError("not a response")
    time = datetime.fromisoformat(stamp)
    if time.tzinfo is None:
        raise ValueError("a time needs its zone")
    if time.year > LAST_YEAR:
        raise ValueError("no time could follow")
    return Answer(time.astimezone(UTC), response)


def told_name(name: str) -> str:
    """A name from a learner's file as it can be told: short, on one line, without what a terminal would obey."""
    return printable(name[:40], "·", lines=False)


class Recorder:
    """Records one quiz's answers in one folder; several may work on the same file at once.

    answers: what is known now (on disk, and not yet on disk). notice: one sentence where something needs telling,
    else empty. An answer that could not be written is kept and written with the next one that can.
    """

    def __init__(self, folder: Path, slug: str, renamed: Mapping[str, str] | None = None) -> None:
        """renamed: see read_answers."""
        self.slug = slug
        self.notice = ""
        self._renamed = renamed
        self._path = folder / ANSWERS_FILE
        self._unsaved: list[tuple[Sheet, str, Answer]] = []
        self._saved = QuizAnswers()
        self._load()

    @property
    def answers(self) -> QuizAnswers:
        known = self._saved
        for sheet, question, answer in self._unsaved:
            known = known.plus(sheet, question, answer)
        return known

    def record(self, sheet: Sheet, question: str, response: Response) -> bool:
        """Adds an answer given now; True when it is safe on disk, else `notice` says why not."""
        self._unsaved.append((sheet, question, Answer(self._next_time(sheet, question), response)))
        self.notice = ""
        try:
            self._save()
        except NotSaved as error:
            self.notice = str(error)
            return False
        return True

    def _next_time(self, sheet: Sheet, question: str) -> datetime:
        """Now; but after every answer already known, even where the clock was set back."""
        record = self.answers.sheet(sheet).get(question)
        now = datetime.now(UTC)
        return max(now, record.latest.time + timedelta(microseconds=1)) if record else now

    def _load(self) -> None:
        try:
            stored = read_answers(self._path.parent, self._renamed)
            if not stored.problems:
                self._saved = stored.quiz(self.slug)
                return
        except BrokenFile:
            pass
        try:
            with locked(self._path):
                self._saved = self._mend().quiz(self.slug)
        except NotSaved as error:
            self.notice = str(error)

    def _save(self) -> None:
        with locked(self._path):
            stored = self._mend()
            quiz = stored.quiz(self.slug)
            for sheet, question, answer in self._unsaved:
                quiz = quiz.plus(sheet, question, answer)
            write_json(self._path, AnswersFile({**stored.quizzes, self.slug: quiz}).as_json())
        self._saved, self._unsaved = quiz, []

    def _mend(self) -> AnswersFile:
        """What the file holds; a broken one is first set aside, and what is readable in it goes on. Needs the lock."""
        try:
            stored = read_answers(self._path.parent, self._renamed)
        except BrokenFile as error:
            kept = set_aside(self._path)
            self.notice = _("{reason} It is kept as {kept}, and a new file is begun.").format(
                reason=error, kept=kept.name
            )
            return AnswersFile()
        if stored.problems:
            kept = copy_aside(self._path)
            write_json(self._path, stored.as_json())
            self.notice = _("Some answers could not be read. The file is kept as {kept}; the others go on.").format(
                kept=kept.name
            )
        return stored

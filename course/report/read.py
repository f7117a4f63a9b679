"""Reads a class's graded rows and submitted answers, and gives learners pseudonyms. Trusts nothing in a submission."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from course.catalog import Chapter
from course.errors import CourseError, UsageError
from course.forms.feedback_form import entries_about, read_entries
from course.grading.gradebook.notes import Note
from course.grading.gradebook.scores import Standing, row_with_standing
from course.grading.gradebook.store import ClassFolder, Person
from course.language import _
from course.quiz.record import QuizAnswers, read_answers
from course.report.questions import QuestionStatistics
from course.report.work import StudentWork, plain
from course.storage.atomic import replace_file
from course.storage.json_file import BrokenFile


def read_class(class_folder: ClassFolder, slug: str) -> list[StudentWork]:
    """The work of everybody who submitted the chapter, by name, and of those in the gradebook who did not.

    UsageError if nobody did.
    """
    class_folder.follow_rename(slug)
    chapter, submitted = class_folder.catalog.chapter(slug), class_folder.submitted(slug)
    if not submitted:
        raise UsageError(f"There are no submissions of {slug} in class/submitted/STUDENT/{slug}/.")
    roster = class_folder.roster(slug)
    standings, notes = class_folder.standings(slug), class_folder.notes(slug)
    works = [
        _read(chapter, name, folder, _row(notes.get(name), standings.get(name))) for name, folder in submitted.items()
    ]
    works = [replace(work, seconds_late=roster.get(work.name) or 0.0) for work in works]
    missing = [StudentWork(name, None, submitted=False) for name in roster if name not in submitted]
    return sorted([*works, *missing], key=lambda work: work.name)


def _read(chapter: Chapter, name: str, folder: Path, row: dict[str, Any] | None) -> StudentWork:
    problems: list[str] = []
    answers, entries = QuizAnswers(), []
    try:
        stored = read_answers(folder, dict.fromkeys(chapter.formerly, chapter.slug))
        answers = stored.quiz(chapter.slug)
        problems += stored.problems[:3]
    except BrokenFile as error:
        problems.append(str(error))
    try:
        entries = entries_about(read_entries(folder), chapter)
    except BrokenFile as error:
        problems.append(str(error))
    return StudentWork(name, row, answers, entries, tuple(problems))


def _row(note: Note | None, standing: Standing | None) -> dict[str, Any] | None:
    """What grading found, with the points that the gradebook has now; None where nothing was graded."""
    return row_with_standing(note.row, standing) if note and standing else None


def pseudonyms(path: Path, names: Sequence[str]) -> dict[str, str]:
    """A pseudonym for each name, the same every time: numbers drawn at random and kept in path, for the instructor."""
    try:
        numbers: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        numbers = {}
    except (OSError, ValueError) as error:
        raise CourseError(f"{path} cannot be read ({error}). Mend it, or move it away for new pseudonyms.") from None
    fresh = [name for name in names if name not in numbers]
    secrets.SystemRandom().shuffle(fresh)
    start = max(numbers.values(), default=0) + 1
    numbers |= {name: start + index for index, name in enumerate(fresh)}
    if fresh:
        replace_file(path, json.dumps(numbers, indent=1).encode())
    path.chmod(0o600)
    return {name: _("Student {number}").format(number=numbers[name]) for name in names}


def without_names(
    works: Sequence[StudentWork], known: Mapping[str, str], people: Sequence[Person] = ()
) -> list[StudentWork]:
    """The same works under pseudonyms, in the pseudonyms' order; also inside what learners and graders wrote.

    people: as the gradebook has them, whose names are no ids; in the form a first or a last name alone is masked, too.
    """
    mask = _mask({**known, **_full_names(known, people)})
    first_or_last = _mask_parts(known, people)
    hidden = [
        replace(
            work,
            name=known[work.name],
            row=masked(work.row, mask),
            entries=[masked(masked(entry, mask), first_or_last) for entry in work.entries],
            problems=tuple(mask(problem) for problem in work.problems),
        )
        for work in works
    ]
    return sorted(hidden, key=lambda work: int(re.sub(r"\D", "", work.name)))


def _mask(known: Mapping[str, str]) -> Callable[[str], str]:
    lowered = {name.lower(): alias for name, alias in known.items()}
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(lambda match: lowered.get(match[0].lower(), "…"), text)


def _full_names(known: Mapping[str, str], people: Sequence[Person]) -> dict[str, str]:
    """The ways to write a whole name, each with the pseudonym."""
    whole = [person for person in people if person.has_full_name and person.id in known]
    orders = ("{first} {last}", "{last} {first}", "{last}, {first}")
    return {order.format(first=p.first, last=p.last): known[p.id] for p in whole for order in orders}


def _mask_parts(known: Mapping[str, str], people: Sequence[Person]) -> Callable[[str], str]:
    """Masks a first or a last name, written with its capital letter: without it, it may be a word such as mark."""
    parts = {part for person in people if person.id in known for part in (person.first, person.last) if len(part) > 1}
    if not parts:
        return str
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(parts, key=len, reverse=True)))})(?!\w)")
    return lambda text: pattern.sub("…", text)


def masked(value: Any, mask: Callable[[str], str]) -> Any:
    """The same data with every text that is shown masked; names of cells and codes stay."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        codes = ("status", "clear", "misconceptions")
        return {key: each if key in codes else masked(each, mask) for key, each in value.items()}
    return [masked(each, mask) for each in value] if isinstance(value, list | tuple) else value


def named(works: Sequence[StudentWork]) -> list[StudentWork]:
    """With names that a page can show; none in what was found in the cells, as that serves as anonymous examples."""
    mask = _mask({work.name: "…" for work in works})
    rows = [work.row and {**work.row, "cells": masked(work.cells, mask)} for work in works]
    return [replace(work, name=plain(work.name, 100), row=row) for work, row in zip(works, rows, strict=True)]


def without_ids_as_answers(
    questions: Sequence[QuestionStatistics], names: Sequence[str]
) -> tuple[QuestionStatistics, ...]:
    """The same questions; an answer that is somebody's id (a number, say) is not shown."""
    ids = {name.lower() for name in names}
    return tuple(
        replace(q, wrong=tuple(replace(w, text="…") if w.text.strip().lower() in ids else w for w in q.wrong))
        for q in questions
    )

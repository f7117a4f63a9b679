"""Reads a class's graded rows and submitted answers. Trusts nothing in a submission."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from course.catalog import Chapter
from course.errors import UsageError
from course.forms.feedback_form import entries_about, read_entries
from course.grading.changes import Run, why_words
from course.grading.gradebook.notes import Note
from course.grading.gradebook.scores import Standing, row_with_standing
from course.grading.gradebook.store import ClassFolder, Person
from course.language import _
from course.quiz.record import QuizAnswers, read_answers
from course.report.masks import mask_of_names, masked
from course.report.statistics import ChangedPoints, Report
from course.report.work import StudentWork, plain
from course.storage.json_file import BrokenFile


def read_class(class_folder: ClassFolder, slug: str) -> list[StudentWork]:
    """The work of everybody who submitted the chapter, by name, and of those in the gradebook who did not.

    UsageError if nobody did.
    """
    class_folder.follow_rename(slug)
    chapter, submitted = class_folder.catalog.chapter(slug), class_folder.submitted(slug)
    if not submitted:
        told = _("There are no submissions of {chapter} in class/submitted/STUDENT/{chapter}/.")
        raise UsageError(told.format(chapter=slug))
    standings, notes = class_folder.standings(slug), class_folder.notes(slug)
    works = [
        _read(chapter, name, folder, _row(notes.get(name), standings.get(name))) for name, folder in submitted.items()
    ]
    late = {name: standing.told_late for name, standing in standings.items()}
    works = [replace(work, seconds_late=late.get(work.name, 0.0)) for work in works]
    everybody = [person.id for person in class_folder.people()]
    missing = [StudentWork(name, None, submitted=False) for name in everybody if name not in submitted]
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


def named(works: Sequence[StudentWork]) -> list[StudentWork]:
    """With names that a page can show; none in what was found in the cells, as that serves as anonymous examples."""
    mask = mask_of_names([Person(work.name, "", "", "") for work in works])
    rows = [work.row and {**work.row, "cells": masked(work.cells, mask)} for work in works]
    return [replace(work, name=plain(work.name, 100), row=row) for work, row in zip(works, rows, strict=True)]


def with_changes(report: Report, run: Run | None, shown: Mapping[str, str]) -> Report:
    """The report with whose points changed. shown: the names to show; who is not among them is left out."""
    changes = [change for change in run.changes if change.student in shown] if run else []
    words = why_words()
    reasons = Counter(code for change in changes for code in {code for cell in change.cells for code in cell.why})
    return replace(
        report,
        changed=tuple(
            ChangedPoints(shown[change.student], change.before, change.after, change.cells) for change in changes
        ),
        changed_at=run.time if run and changes else None,
        change_reasons={words.get(code, code): count for code, count in reasons.most_common()},
    )

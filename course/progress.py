"""How far a learner is: reads what is in their folder and runs nothing.

What `course check` found is remembered beside the work, and counts only as long as the code stays the same.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from course.catalog import Catalog, Chapter, load_catalog
from course.exercises.lookup import chapter_exercises
from course.language import _
from course.quiz.model import load_quiz
from course.quiz.record import read_answers
from course.quiz.safefile import BrokenFile, locked, read_json, write_json

_CHECKED = ".checked.json"
_TODO = "# YOUR CODE HERE"


@dataclass(frozen=True)
class ChapterProgress:
    """How far a learner is: counting quiz questions answered, and each exercise's state in words."""

    chapter: Chapter
    answered: int
    questions: int
    exercises: dict[str, str]


def chapter_progress(catalog: Catalog, chapter: Chapter, folder: Path) -> ChapterProgress:
    """Progress in folder/<slug>. An exercise is empty, written, or as the last check of this very code found it."""
    work = folder / chapter.slug
    answered, questions = _answered(catalog, chapter, work)
    code, last = _read_code(work / "exercises.ipynb"), _read_checked(work)
    states = {}
    for name in chapter_exercises(chapter):
        if _is_empty(code.solutions.get(f"{name}-solution", "")):
            states[name] = _("empty")
        elif last.get("digest") == code.digest and name in last["cells"]:
            states[name] = str(last["cells"][name])
        else:
            states[name] = _("written, not checked yet")
    return ChapterProgress(chapter, answered, questions, states)


def _answered(catalog: Catalog, chapter: Chapter, work: Path) -> tuple[int, int]:
    """How many of the counting questions are answered, and how many there are."""
    graded = {question.id for question in load_quiz(chapter.slug, catalog).graded}
    try:
        answers = read_answers(work).quiz(chapter.slug).answers
    except BrokenFile:
        return 0, len(graded)
    return len(graded & set(answers)), len(graded)


@dataclass(frozen=True)
class _Code:
    """The code of an exercises notebook: all of it, and each solution cell by its nbgrader name."""

    digest: str
    solutions: dict[str, str]


def _read_code(path: Path) -> _Code:
    try:
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    except Exception:  # missing or broken: nothing to tell
        cells = []
    text = "\0".join(cell.source for cell in cells)
    named = {str(cell.metadata.get("nbgrader", {}).get("grade_id")): str(cell.source) for cell in cells}
    return _Code(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), named)


def _is_empty(source: str) -> bool:
    """True if nothing but comments stands below the stub's mark."""
    if _TODO not in source:
        return not source
    return not re.sub(r"#.*", "", source.split(_TODO, 1)[1]).strip()


def remember_check(work: Path, states: dict[str, str]) -> None:
    """Notes what `course check` found. Raises NotSaved where the folder cannot be written."""
    path = work / _CHECKED
    with locked(path):
        write_json(path, {"digest": _read_code(work / "exercises.ipynb").digest, "cells": states})


def _read_checked(work: Path) -> dict[str, Any]:
    try:
        data = read_json(work / _CHECKED)
    except BrokenFile:
        return {}
    return data if isinstance(data, dict) and isinstance(data.get("cells"), dict) else {}


class ContentsPage:
    """What `contents()` shows in a notebook: the chapters with links and how far the learner is."""

    def __init__(self) -> None:
        self.catalog = load_catalog()
        here = Path.cwd()
        self.folder = here.parent if any(here.name == c.slug for c in self.catalog.chapters) else here

    def __repr__(self) -> str:
        return "\n".join(progress_lines(self.catalog, self.folder))

    def _repr_markdown_(self) -> str:
        return "\n".join(f"- {line}" for line in progress_lines(self.catalog, self.folder))


def progress_lines(catalog: Catalog, folder: Path) -> list[str]:
    """One line per chapter, in words."""
    lines = []
    for chapter in catalog.chapters:
        progress = chapter_progress(catalog, chapter, folder)
        parts = [_("quiz {done} of {all}").format(done=progress.answered, all=progress.questions)]
        parts += [f"{name}: {state}" for name, state in progress.exercises.items()]
        lines.append(f"{chapter.address}. {chapter.title}: " + "; ".join(parts))
    return lines

"""How far a learner is: reads what is in their folder and runs nothing.

What `course check` found is remembered beside the work as codes, not in anybody's language, and counts only as long
as the code stays the same.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import nbformat

from course.catalog import OPTIONAL, Catalog, Chapter, load_catalog
from course.errors import CourseError
from course.exercises.registry import chapter_exercises
from course.language import _
from course.quiz.model import load_quiz, released_sheet
from course.quiz.record import read_answers
from course.storage.folder import notebook_folder
from course.storage.json_file import BrokenFile, locked, read_json, write_json
from course.verdict import Status, status_text

_CHECKED = ".checked.json"
_TODO = "# YOUR CODE HERE"

State = Status | Literal["empty", "written"]
_ONCE_WRITTEN: dict[str, Status] = {  # words that .checked.json held before it held codes
    "partly right": "partial",
    "not yet right": "failed",
    "graded by a person": "manual",
    "needs attention": "error",
    "superado": "passed",
    "correcto en parte": "partial",
    "aún no es correcto": "failed",
    "sin intentar": "not attempted",
    "lo califica una persona": "manual",
    "requiere atención": "error",
}


@dataclass(frozen=True)
class ChapterProgress:
    """How far a learner is: counting quiz questions answered, and each exercise's state.

    fault: why there are no questions or no exercises, where the chapter's quiz or code cannot be loaded. It costs this
    chapter's line, and no other's.
    """

    chapter: Chapter
    answered: int
    questions: int
    exercises: dict[str, State]
    fault: str = ""


def chapter_progress(catalog: Catalog, chapter: Chapter, folder: Path) -> ChapterProgress:
    """Progress in folder/<slug>. An exercise is empty, written, or as the last check of this very code found it."""
    work = folder / chapter.slug
    code, last = _read_code(work / "exercises.ipynb"), _read_checked(work)
    found = _states(last["cells"]) if last.get("digest") == code.digest else {}
    answered, questions, names, faults = 0, 0, [], []
    try:
        answered, questions = _answered(catalog, chapter, work)
    except CourseError as fault:
        faults.append(str(fault))
    try:
        names = list(chapter_exercises(chapter))
    except CourseError as fault:
        faults.append(str(fault))
    states: dict[str, State] = {}
    for name in names:
        if _is_empty(code.solutions.get(f"{name}-solution", "")):
            states[name] = "empty"
        else:
            states[name] = found.get(name, "written")
    return ChapterProgress(chapter, answered, questions, states, " ".join(faults).replace("\n", " "))


def _answered(catalog: Catalog, chapter: Chapter, work: Path) -> tuple[int, int]:
    """How many of the counting questions are answered, and how many there are."""
    quiz = released_sheet(chapter.slug, catalog) or load_quiz(chapter.slug, catalog)
    graded = {question.id for part in quiz.parts if part.graded for question in part.questions}
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


def _states(stored: dict[str, Any]) -> dict[str, Status]:
    """The statuses that were remembered; whatever is none is left out, as if it had not been checked."""
    known: tuple[Status, ...] = get_args(Status)
    codes: dict[str, Status] = {**_ONCE_WRITTEN, **dict(zip(known, known, strict=True))}
    return {name: codes[word] for name, word in stored.items() if isinstance(word, str) and word in codes}


def remember_check(work: Path, states: dict[str, Status]) -> None:
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
        here = notebook_folder()
        inside = any(here.name == chapter.slug for chapter in self.catalog.chapters)
        self.folder, self._to_folder = (here.parent, "../") if inside else (here, "")

    def __repr__(self) -> str:
        return "\n".join(progress_lines(self.catalog, self.folder))

    def _repr_markdown_(self) -> str:
        return "\n".join(outline_lines(self.catalog, self.folder, self._to_folder))


def outline_lines(catalog: Catalog, folder: Path, to_folder: str = "") -> list[str]:
    """The course in Markdown: each section, its chapters in order with links, and how far the learner in folder is.

    to_folder: the way to folder from where this is shown, such as "../".
    """
    lines: list[str] = []
    for number, section in enumerate(catalog.sections, start=1):
        lines += [f"## {_('Section')} {number}. {section.title}", ""]
        if section.chapters:
            heads = (_("Chapter"), _("Open"), _("Quiz"), _("Exercises"))
            lines += [f"| {' | '.join(heads)} |", "|---|---|---|---|"]
            lines += [_chapter_row(catalog, chapter, folder, to_folder) for chapter in section.chapters]
        else:
            lines.append(_("*In preparation.*"))
        lines.append("")
    return lines


def _chapter_row(catalog: Catalog, chapter: Chapter, folder: Path, to_folder: str) -> str:
    links = _links(catalog, chapter, to_folder)
    progress = chapter_progress(catalog, chapter, folder)
    quiz = _("{done} of {all} answered").format(done=progress.answered, all=progress.questions)
    states = list(progress.exercises.values())
    exercises = _("{done} of {all} passed").format(done=states.count("passed"), all=len(states))
    if progress.fault and not progress.questions:
        quiz = _("cannot be loaded")
    if progress.fault and not states:
        exercises = _("cannot be loaded")
    return f"| **{chapter.address}. {chapter.title}** | {links} | {quiz} | {exercises} |"


def _links(catalog: Catalog, chapter: Chapter, to_folder: str) -> str:
    """Links to the chapter's notebooks: the lesson first, then the exercises, then what is optional and called so."""
    stems = sorted((p.stem for p in catalog.notebooks_folder(chapter.slug).glob("*.ipynb")), key=_lesson_first)
    links = {stem: f"[{_title(stem)}]({to_folder}{chapter.slug}/{stem}.ipynb)" for stem in stems}
    shown = " · ".join(link for stem, link in links.items() if not stem.startswith(OPTIONAL))
    optional = " · ".join(link for stem, link in links.items() if stem.startswith(OPTIONAL))
    return f"{shown}<br>" + _("Optional: {links}").format(links=optional) if optional else shown


def _lesson_first(stem: str) -> tuple[bool, bool, str]:
    return stem.startswith(OPTIONAL), stem != "lesson", stem


def _title(stem: str) -> str:
    return {"lesson": _("Lesson"), "exercises": _("Exercises")}.get(stem, stem.removeprefix(OPTIONAL))


def _state_text(state: State) -> str:
    """The state in the reader's language."""
    if state == "empty":
        return _("empty")
    return _("written, not checked yet") if state == "written" else status_text(state)


def progress_lines(catalog: Catalog, folder: Path) -> list[str]:
    """One line per chapter, in words."""
    lines = []
    for chapter in catalog.chapters:
        progress = chapter_progress(catalog, chapter, folder)
        parts = [_("quiz {done} of {all}").format(done=progress.answered, all=progress.questions)]
        parts += [f"{name}: {_state_text(state)}" for name, state in progress.exercises.items()]
        parts += [progress.fault] if progress.fault else []
        lines.append(f"{chapter.address}. {chapter.title}: " + "; ".join(parts))
    return lines

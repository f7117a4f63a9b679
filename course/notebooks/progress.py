"""How far a learner is: reads what is in their folder and runs nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import nbformat

from course.catalog import Catalog, Chapter
from course.errors import CourseError
from course.exercises.last_checks import Found, cell_digest, remember, remembered
from course.exercises.registry import chapter_exercises
from course.language import _
from course.quiz.model import load_quiz, released_sheet
from course.quiz.record import read_answers
from course.storage.json_file import BrokenFile
from course.verdict import Status, status_text

_TODO = "# YOUR CODE HERE"

State = Status | Literal["empty", "written"]


@dataclass(frozen=True)
class ChapterProgress:
    """How far a learner is: counting quiz questions answered, and each exercise's state.

    touched: when an answer or a notebook of theirs was last written, in seconds since 1970; 0 where nothing is.
    fault: why there are no questions or no exercises, where the chapter's quiz or code cannot be loaded. It costs this
    chapter's line, and no other's.
    """

    chapter: Chapter
    answered: int
    questions: int
    exercises: dict[str, State]
    touched: float = 0.0
    fault: str = ""

    @property
    def passed(self) -> int:
        return list(self.exercises.values()).count("passed")

    @property
    def at_the_start(self) -> ChapterProgress:
        """The same chapter for somebody who has done nothing in it."""
        return replace(self, answered=0, exercises=dict.fromkeys(self.exercises, "empty"), touched=0.0)

    @property
    def is_begun(self) -> bool:
        return self.answered > 0 or any(state != "empty" for state in self.exercises.values())


def chapter_progress(catalog: Catalog, chapter: Chapter, folder: Path) -> ChapterProgress:
    """Progress in folder/<slug>. An exercise is empty, written, or as the last check of this very code found it."""
    own = folder / chapter.slug
    cells, found = solution_cells(own / "exercises.ipynb"), remembered(own)
    answered, questions, names, faults = 0, 0, [], []
    try:
        answered, questions = _answered(catalog, chapter, own)
    except CourseError as fault:
        faults.append(str(fault))
    try:
        names = list(chapter_exercises(chapter))
    except CourseError as fault:
        faults.append(str(fault))
    states = {name: _state(cells.get(f"{name}-solution", ""), found.get(name)) for name in names}
    told = " ".join(faults).replace("\n", " ")
    return ChapterProgress(chapter, answered, questions, states, _touched(own), told)


def _touched(own: Path) -> float:
    """When the learner last wrote something in the folder."""
    files = (own / name for name in ("answers.json", "exercises.ipynb"))
    return max((file.stat().st_mtime for file in files if file.is_file()), default=0.0)


def _answered(catalog: Catalog, chapter: Chapter, own: Path) -> tuple[int, int]:
    """How many of the counting questions are answered, and how many there are."""
    quiz = released_sheet(chapter.slug, catalog) or load_quiz(chapter.slug, catalog)
    graded = {question.id for part in quiz.parts if part.graded for question in part.questions}
    try:
        answers = read_answers(own, catalog.renamed).quiz(chapter.slug).answers
    except BrokenFile:
        return 0, len(graded)
    return len(graded & set(answers)), len(graded)


def solution_cells(path: Path) -> dict[str, str]:
    """The code cells of an exercises notebook that have a name of nbgrader's; none if it is missing or broken."""
    try:
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    except Exception:  # nothing to tell
        return {}
    return {str(cell.metadata.get("nbgrader", {}).get("grade_id")): str(cell.source) for cell in cells}


def remember_result(own: Path, statuses: Mapping[str, Status]) -> None:
    """Notes what grading found in this folder, by the exercise's name. Raises NotSaved where it cannot be written."""
    cells = solution_cells(own / "exercises.ipynb")
    found = {name: Found(status, cell_digest(cells.get(f"{name}-solution", ""))) for name, status in statuses.items()}
    remember(own, found)


def _state(source: str, found: Found | None) -> State:
    """Of the answer in a cell, given what the last check of it found."""
    if _is_empty(source):
        return "empty"
    return found.status if found and found.cell == cell_digest(source) else "written"


def _is_empty(source: str) -> bool:
    """True if nothing but comments stands below the stub's mark."""
    if _TODO not in source:
        return not source
    return not re.sub(r"#.*", "", source.split(_TODO, 1)[1]).strip()


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
        lines.append(f"{catalog.heading(chapter)}: " + "; ".join(parts))
    return lines

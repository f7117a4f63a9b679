"""Whose points a grading changed, cell by cell, and why: kept in class/changes/<slug>.json.

The points before are those that the last `course grade` noted there; those of learners whom it does not name are the
gradebook's, read before anything is written. So a run that is stopped loses nothing: the next one tells of both. Marks
that a person gave in between count as changes. Grades are only read here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from course.catalog import Catalog
from course.grading.fingerprint import fingerprint_parts
from course.grading.gradebook.notes import Note
from course.grading.gradebook.scores import Mark, Standing
from course.grading.gradebook.store import ClassFolder
from course.grading.run import QUIZ
from course.language import _, ngettext, with_marks
from course.storage.atomic import replace_file
from course.verdict import format_points, total_points

MOST_RUNS = 10
SHOWN = 5  # learners that a command names; the file has all


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cell(_Data):
    """points: None where there are none yet; by_hand: what a person gave, extra points included; answer: its digest."""

    points: float | None
    max_points: float
    by_hand: float | None = None
    answer: str = ""


class State(_Data):
    """One learner's work as graded. key: see content_key; None: it could not be judged. parts: see fingerprint_parts;
    none where it is not known which version graded it."""

    cells: dict[str, Cell]
    penalty: float = 0.0
    key: str | None = None
    parts: dict[str, str] = {}

    @property
    def points(self) -> float:
        """After what lateness costs."""
        return max(0.0, total_points([*(cell.points or 0.0 for cell in self.cells.values()), -self.penalty]))


class CellChange(_Data):
    """cell: its name, '' for the points off for being late; why: codes, see why_words."""

    cell: str
    before: float | None
    after: float | None
    why: tuple[str, ...]


class Change(_Data):
    student: str
    before: float
    after: float
    cells: tuple[CellChange, ...]


class Run(_Data):
    """A grading that changed something."""

    time: datetime
    changes: tuple[Change, ...]


class _File(_Data):
    version: int = 1
    runs: tuple[Run, ...] = ()
    learners: dict[str, State] = {}


def why_words() -> dict[str, str]:
    return {
        "answer": _("the answer changed"),
        "by hand": _("a mark given by hand"),
        "worth": _("the task is worth other points"),
        "quiz": _("the quiz or its key changed"),
        "exercise": _("the exercise or its judge changed"),
        "grader": _("another version of the grader or a package"),
        "course": _("another version of the course, or another file handed in"),
        "files": _("another file handed in changed, so other cases were drawn"),
        "late": _("points off for being late"),
        "new": _("a task that is new"),
        "gone": _("a task that is gone"),
        "fault": _("could not be judged this time"),
        "judged": _("could not be judged before"),
        "again": _("graded again; nothing it depends on changed"),
    }


def changes_file(catalog: Catalog, slug: str) -> Path:
    return catalog.root / "class" / "changes" / f"{slug}.json"


def last_changes(catalog: Catalog, slug: str) -> Run | None:
    """Of the last grading that changed anything; None where there was none."""
    runs = _read(changes_file(catalog, slug)).runs
    return runs[0] if runs else None


class ChangesOfRun:
    """Begin before the first grade is written; OSError where the file cannot be written."""

    def __init__(self, class_folder: ClassFolder, slug: str) -> None:
        self._class_folder, self._slug = class_folder, slug
        self._path = changes_file(class_folder.catalog, slug)
        known = _read(self._path)
        self._before = known.model_copy(update={"learners": _states(class_folder, slug, {}) | known.learners})
        if self._before.learners != known.learners:
            _write(self._path, self._before)

    def finish(self, students: Collection[str]) -> list[Change]:
        """What became of these learners' points; from now on, the points are those before."""
        parts = fingerprint_parts(self._class_folder.catalog, self._slug)
        states = _states(self._class_folder, self._slug, parts)
        now = {name: state for name, state in states.items() if name in students}
        old = self._before.learners
        found = [_change(name, old[name], state) for name, state in sorted(now.items()) if name in old]
        changes = [change for change in found if change.cells]
        runs = (
            (Run(time=datetime.now(UTC), changes=tuple(changes)), *self._before.runs) if changes else self._before.runs
        )
        _write(self._path, _File(runs=runs[:MOST_RUNS], learners={**old, **now}))
        return changes


def _read(path: Path) -> _File:
    """Nothing of a file that is not there or is not ours: it is made anew."""
    try:
        return _File.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return _File()


def _write(path: Path, content: _File) -> None:
    replace_file(path, content.model_dump_json(indent=1, exclude_defaults=True).encode())


def _states(class_folder: ClassFolder, slug: str, parts: Mapping[str, str]) -> dict[str, State]:
    """The class as the gradebook has it now."""
    class_folder.follow_rename(slug)
    notes = class_folder.notes(slug)
    standings = class_folder.standings(slug)
    return {name: _state(standing, notes[name], parts) for name, standing in standings.items() if name in notes}


def _state(standing: Standing, note: Note, parts: Mapping[str, str]) -> State:
    cells = {
        name: Cell(
            points=mark.points, max_points=mark.max_score, by_hand=_by_hand(mark), answer=note.answers.get(name, "")
        )
        for name, mark in standing.marks.items()
    }
    return State(cells=cells, penalty=standing.penalty, key=note.key, parts=dict(parts))


def _by_hand(mark: Mark) -> float | None:
    if mark.by_hand is None and not mark.extra:
        return None
    return total_points([mark.by_hand or 0.0, mark.extra])


def _change(student: str, before: State, after: State) -> Change:
    cells = []
    for name in [*before.cells, *(name for name in after.cells if name not in before.cells)]:
        old, new = before.cells.get(name), after.cells.get(name)
        points = (old.points if old else None, new.points if new else None)
        if points[0] != points[1]:
            cells.append(CellChange(cell=name, before=points[0], after=points[1], why=_why(name, before, after)))
    if before.penalty != after.penalty:
        cells.append(CellChange(cell="", before=0.0 - before.penalty, after=0.0 - after.penalty, why=("late",)))
    return Change(student=student, before=before.points, after=after.points, cells=tuple(cells))


def _why(name: str, before: State, after: State) -> tuple[str, ...]:
    """Codes of all that explains other points for the cell."""
    old, new = before.cells.get(name), after.cells.get(name)
    if old is None or new is None:
        return ("new",) if old is None else ("gone",)
    if old.by_hand != new.by_hand:
        return ("by hand",)
    if after.key is None or before.key is None:
        return ("fault",) if after.key is None else ("judged",)
    if old.max_points != new.max_points:
        return ("worth",)
    found = ["answer"] if old.answer != new.answer else []
    kinds = ("quiz" if name == QUIZ else "exercise", "grader") if before.parts else ()
    found += [kind for kind in kinds if before.parts.get(kind) != after.parts.get(kind)]
    if not found:
        found = ["again"] if before.key == after.key else ["files" if before.parts else "course"]
    return tuple(found)


def changes_in_words(changes: Sequence[Change]) -> list[str]:
    """Lines for a terminal: how many, why, and the first SHOWN of them."""
    if not changes:
        return []
    words = why_words()
    reasons = Counter(code for change in changes for code in {code for cell in change.cells for code in cell.why})
    told = "; ".join(f"{words[code]}: {count}" for code, count in reasons.most_common())
    first = ngettext(
        "Points changed for {count} learner ({why}).", "Points changed for {count} learners ({why}).", len(changes)
    )
    lines = [first.format(count=len(changes), why=told)]
    for change in changes[:SHOWN]:
        cells = "; ".join(cells_in_words(change.cells))
        lines.append(f"  {change.student}: {from_to(change.before, change.after)} ({cells})")
    if len(changes) > SHOWN:
        lines.append("  " + _("and {count} more.").format(count=len(changes) - SHOWN))
    return lines


def cells_in_words(cells: Sequence[CellChange]) -> list[str]:
    """'the answer changed: standardise 1 → 2, running_sum 0 → 3': a line for each reason."""
    words = why_words()
    lines: dict[str, list[str]] = {}
    for cell in cells:
        why = ", ".join(words.get(code, code) for code in cell.why)
        lines.setdefault(why, []).append(f"{cell.cell} {from_to(cell.before, cell.after)}".strip())
    return [f"{why}: {', '.join(told)}" for why, told in lines.items()]


def from_to(before: float | None, after: float | None) -> str:
    """'1.5 → 2'; points that are still to be given are open."""
    return " → ".join(_("open") if each is None else with_marks(format_points(each)) for each in (before, after))

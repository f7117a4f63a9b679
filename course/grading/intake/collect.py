"""Puts submissions that came as an archive from Canvas or Moodle, or as a folder, to where nbgrader looks for them.

What was collected last stands in class/submitted/; what it replaces is kept in class/earlier/. When it was handed in is
not known: in a platform's zip every file bears the time of the download, and a file of the learner's proves nothing.
But Canvas says what was late, and where there is a due date, that counts.
Nothing is left out silently: of each file that is not taken, a row says why.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from course.catalog import Catalog
from course.errors import UsageError
from course.grading.gradebook.store import ClassFolder
from course.grading.intake.archives import files_in, is_archive, nested
from course.grading.intake.copies import Mark, chapter_folder, known_file, other_chapter
from course.grading.intake.entries import BadEntry, Found, Refused, TooMuch, is_stray
from course.grading.intake.placing import place, placed_files, same_folder
from course.grading.intake.timestamp import (
    TIMESTAMP,
    TimeNote,
    about_time,
    counts_as_late,
    not_late_any_more,
    stays_with_earlier_work,
)
from course.grading.intake.whose import CANVAS, MOODLE, Names, Owned
from course.grading.task import MAX_SUBMISSION
from course.language import _

Outcome = Literal["new", "replaced", "unchanged"]


@dataclass(frozen=True, order=True)
class Rank:
    """Which of several files of one name counts: the greater.

    nearness: less for each folder and archive around it. as_handed_out: the name is the very one.
    """

    attempt: str
    in_chapter_folder: bool
    nearness: int
    mark: Mark
    folder_mark: Mark
    as_handed_out: bool


@dataclass(frozen=True)
class Copy:
    """One file that was handed in, and how it is called in the source."""

    told: str
    content: bytes
    rank: Rank


@dataclass
class Submission:
    """What one learner handed in: by relative name, every file that claims it. late: as the platform says, if any."""

    copies: dict[str, list[Copy]] = field(default_factory=lambda: defaultdict(list))
    room: int = MAX_SUBMISSION
    late: bool | None = None
    left_folders: set[PurePosixPath] = field(default_factory=set)

    def read(self, file: Found) -> bytes:
        """What is read once counts, and after the first file that is too much nothing more is read."""
        if self.room < 0:
            raise TooMuch()
        try:
            content = file.read(self.room)
        except TooMuch:
            self.room = -1
            raise
        self.room -= len(content)
        return content

    def files(self) -> dict[str, bytes]:
        """Of several with one name the one that counts."""
        return {name: _best(copies).content for name, copies in self.copies.items()}

    def outdone(self) -> Iterator[Refused]:
        """The others, unless they are the same to the letter."""
        for name, copies in self.copies.items():
            best = _best(copies)
            for each in copies:
                if each is not best and each.content != best.content:
                    told = _("There are several of {name}; {best} counts.")
                    yield Refused(each.told, told.format(name=name, best=best.told))


def _best(copies: list[Copy]) -> Copy:
    return max(copies, key=lambda each: each.rank)


@dataclass(frozen=True)
class Collected:
    """What became of one learner's work. earlier: where what it replaced is kept; late: as the platform says.

    notes: what somebody should look at; time: the same of when it was handed in; stranger: the gradebook has others,
    and not this one.
    """

    student: str
    outcome: Outcome
    earlier: Path | None = None
    late: bool = False
    notes: tuple[str, ...] = ()
    time: TimeNote | None = None
    stranger: bool = False


def collect(catalog: Catalog, slug: str, source: Path) -> Iterator[Collected | Refused]:
    """Yields what was refused, then one row for each learner as their work is placed. UsageError for a bad source."""
    class_folder = ClassFolder(catalog)
    sorting = Sorting(catalog, slug)
    own = str(class_folder.settings.FileNameCollectorPlugin.get("named_regexp", ""))
    with files_in(source) as found:
        if not found:
            raise UsageError(_("There are no files in {path}.").format(path=source))
        if not own:
            _require_class(source, found, sorting)
        names = Names(class_folder.people(), own, [str(each.name) for each in found])
        yield from sorting.sort(found, names)
    due = class_folder.due_date(slug) if any(each.late for each in sorting.submissions.values()) else None
    for student, submission in sorted(sorting.submissions.items()):
        yield from submission.outdone()
        row = _placed(class_folder, sorting, student, submission, due)
        if isinstance(row, Collected):
            notes = (*row.notes, *_twice(class_folder, slug, names.as_unknown(student)))
            row = replace(row, stranger=not names.knows(student), notes=notes)
        yield row


def _twice(class_folder: ClassFolder, slug: str, unknown: str) -> Iterator[str]:
    """What is there of the same learner from before the gradebook knew them."""
    folder = class_folder.submission(slug, unknown)
    if unknown and folder.is_dir():
        told = _("{folder} is the same learner's, from before the gradebook knew the name: remove it.")
        yield told.format(folder=folder)


def _require_class(source: Path, found: Iterable[Found | Refused], sorting: Sorting) -> None:
    """UsageError where everything is in one folder that is more likely the class's than a learner's."""
    paths = [each.name.parts for each in found if isinstance(each, Found)]
    tops = {parts[0] for parts in paths}
    if len(tops) != 1 or any(len(parts) == 1 or MOODLE.match("/".join(parts)) for parts in paths):
        return
    own = len(paths) == 1 and len(paths[0]) == 2 and is_archive(paths[0][-1])
    own |= any(sorting.holds_chapter(PurePosixPath(*parts[1:])) for parts in paths)
    if not own or any(CANVAS.match("/".join(parts[1:])) for parts in paths):
        told = _(
            "Everything in {path} is in the one folder {folder}, and no learner's folder looks like that. If it is the "
            "folder of the class, unpack it and collect that folder."
        )
        raise UsageError(told.format(path=source, folder=tops.pop()))


class Sorting:
    """Sorts the files of a source by learner, into submissions; of each learner's, which file of the chapter it is."""

    def __init__(self, catalog: Catalog, slug: str) -> None:
        self.slug = slug
        sources = list(catalog.notebooks_folder(slug).glob("*.ipynb"))
        self.notebooks = {path.stem for path in sources}
        self.graded = {path.stem for path in sources if _has_tasks(path)}
        self.submissions: dict[str, Submission] = {}
        self._slugs = {chapter.slug for chapter in catalog.chapters}

    def sort(self, found: Iterable[Found | Refused], names: Names) -> Iterator[Refused]:
        """Yields what belongs to nobody or is not taken."""
        for each in found:
            if isinstance(each, Refused):
                yield each
                continue
            told = str(each.name)
            try:
                owned = names.of(told)
                submission = self.submissions.setdefault(owned.student, Submission())
                if owned.late is not None:
                    submission.late = bool(submission.late) or owned.late
                if is_archive(owned.file):
                    yield from self._unpack(each, submission, owned)
                else:
                    yield from self._add(submission, each, told, PurePosixPath(owned.file), owned)
            except BadEntry as error:
                yield Refused(told, str(error))

    def holds_chapter(self, path: PurePosixPath) -> bool:
        """True for a notebook of the chapter on top, or anything in the chapter's folder on top."""
        if len(path.parts) == 1:
            return bool(known_file(path.name, self.notebooks))
        return chapter_folder(path.parts[0], self.slug) is not None

    def _unpack(self, packed: Found, submission: Submission, owned: Owned) -> Iterator[Refused]:
        """What a learner packed into an archive of their own; archives in it stay shut."""
        outside = PurePosixPath(owned.file).parent
        content = submission.read(packed)
        submission.room += len(content)  # what is in it counts, not both
        with nested(content) as found:
            for each in found:
                told = f"{packed.name}: {each.name}"
                if isinstance(each, Refused):
                    yield Refused(told, each.reason)
                    continue
                try:
                    if is_archive(each.name.name):
                        raise BadEntry(
                            _("An archive in an archive is not opened: unpack the outer one and collect that.")
                        )
                    yield from self._add(submission, each, told, outside / each.name, owned, deeper=1)
                except BadEntry as error:
                    yield Refused(told, str(error))

    def _add(
        self, submission: Submission, file: Found, told: str, path: PurePosixPath, owned: Owned, deeper: int = 0
    ) -> Iterator[Refused]:
        """Puts a file to the learner's others. BadEntry where it is too much, unreadable or not theirs to say."""
        other = other_chapter(path, self.slug, self._slugs)
        if other:
            if other not in submission.left_folders:  # one sentence for all that is in it
                submission.left_folders.add(other)
                where = told.removesuffix(str(path.relative_to(other))).rstrip("/: ")
                yield Refused(where, _("It is the folder of another chapter; nothing in it is taken."))
            return
        inside, folder_mark = self._below_chapter_folder(path)
        if is_stray(str(inside)):  # behind the name that the platform gave it
            return
        if TIMESTAMP in (part.casefold() for part in inside.parts):
            raise BadEntry(_("When work was handed in is for you to say, not for a file in it."))
        known = known_file(inside.name, self.notebooks)
        name, mark = known or (str(inside), Mark())  # wherever a learner has put a file of the chapter
        nearness = -len(inside.parts) - deeper
        in_chapter_folder, exact = folder_mark is not None, inside.name == PurePosixPath(name).name
        rank = Rank(owned.attempt, in_chapter_folder, nearness, mark, folder_mark or Mark(), exact)
        copy = Copy(told, submission.read(file), rank)
        submission.copies[name].append(copy)

    def _below_chapter_folder(self, path: PurePosixPath) -> tuple[PurePosixPath, Mark | None]:
        """The path within the chapter's folder, and what that folder's name says; None where it is in none."""
        for depth, part in enumerate(path.parts[:-1], 1):
            mark = chapter_folder(part, self.slug)
            if mark is not None:
                return PurePosixPath(*path.parts[depth:]), mark
        return path, None


def _placed(
    class_folder: ClassFolder, sorting: Sorting, student: str, submission: Submission, due: datetime | None
) -> Collected | Refused:
    """The work, placed; or why it cannot be: no notebook, a full disk, a file and a folder of one name."""
    files = submission.files()
    if not any(name.lower().endswith(".ipynb") for name in files):
        return Refused(student, _("There is no notebook in what this learner handed in."))
    target = class_folder.submission(sorting.slug, student)
    notes, earlier, timed, taken_back = _unknown_notebooks(set(files), sorting), None, False, False
    try:
        twin = same_folder(target)
        if twin:
            told = _("This disk cannot tell the folder {folder} from {other}, another learner's.")
            return Refused(student, told.format(folder=student, other=twin))
        before = placed_files(target)
        unchanged = target.is_dir() and before == files
        if not unchanged:
            notes += _gone(before.keys() - files.keys(), sorting)
            timed, taken_back = (target / TIMESTAMP).exists(), submission.late is False and counts_as_late(target)
            earlier = place(class_folder, sorting.slug, student, files)
        time = about_time(sorting.slug, target, submission.late, due)
    except OSError as error:
        told = _("This learner's files could not be written: {reason}. What was there is kept.")
        return Refused(student, told.format(reason=error.strerror))
    if taken_back:
        time = not_late_any_more()
    elif timed and not (target / TIMESTAMP).exists():
        time = stays_with_earlier_work()
    outcome: Outcome = "unchanged" if unchanged else "replaced" if earlier else "new"
    return Collected(student, outcome, earlier, bool(submission.late), tuple(notes), time)


def _has_tasks(notebook: Path) -> bool:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return any(cell["metadata"].get("nbgrader", {}).get("grade") for cell in cells)


def _unknown_notebooks(names: set[str], sorting: Sorting) -> list[str]:
    """Notebooks under names of a learner's own, where one with tasks is missing."""
    missing = sorted({f"{stem}.ipynb" for stem in sorting.graded} - names)
    known = {f"{stem}.ipynb" for stem in sorting.notebooks}
    others = sorted(name for name in names - known if name.lower().endswith(".ipynb"))
    if not missing or not others:
        return []
    either = _(" or ").join(others[:3])  # there may be thousands
    told = _("{names} is missing. If it is {others}, rename that in the source and collect again.")
    return [told.format(names=", ".join(missing), others=either)]


def _gone(names: set[str], sorting: Sorting) -> list[str]:
    """Files that count and were in the earlier work only: a platform's zip may hold no more than the last attempt."""
    gone = sorted(names & {"answers.json", *(f"{stem}.ipynb" for stem in sorting.graded)})
    told = _("{names} was in the earlier work and is not in the new one.")
    return [told.format(names=", ".join(gone))] if gone else []

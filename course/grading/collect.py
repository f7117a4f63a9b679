"""Puts submissions that came as a zip from Canvas or Moodle, or as a folder, to where nbgrader looks for them.

What was collected last stands in class/submitted/; what it replaces is kept in class/earlier/. When it was handed in is
not known: in a platform's zip every file bears the time of the download, and a file of the learner's proves nothing.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from course.catalog import Catalog
from course.errors import UsageError
from course.grading.archives import TOO_MUCH, BadEntry, Found, Refused, files_in, is_stray, nested
from course.grading.gradebook import ClassFolder, Person
from course.grading.task import MAX_SUBMISSION

TIMESTAMP = "timestamp.txt"
Outcome = Literal["new", "replaced", "unchanged"]

# How the sources name what was handed in. A class of one's own: c.FileNameCollectorPlugin.named_regexp, as in nbgrader.
# Only the outermost part tells whose it is: what is further in, a learner may have named. Canvas's number is the
# person's; Moodle's is the assignment's own, and only tells people of one name apart.
CANVAS = re.compile(r"(?P<student_id>[^_/]+)_(?P<late>LATE_)?(?P<lms_id>\d+)_\d+_(?P<file_id>[^/]+)$")
MOODLE = re.compile(r"(?P<student_id>[^/]+)_(?P<number>\d+)_assignsubmission_file_/?(?P<file_id>.+)")
TYPED = re.compile(r"[^/]+_\d+_assignsubmission_(?!file)")
FOLDER = re.compile(r"(?P<student_id>[^/]+)/(?P<file_id>.+)")


@dataclass
class Work:
    """What one learner handed in: contents by relative name, and the number of each, which platforms add when a file is
    handed in again. late: the platform says so."""

    files: dict[str, bytes] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    room: int = MAX_SUBMISSION
    late: bool = False

    def add(self, file: Found, name: str, number: int = 0) -> None:
        """Of two with one name the later counts. BadEntry where it is more than a submission may be, or unreadable."""
        content = self.read(file)
        if number >= self.numbers.get(name, 0):
            self.files[name], self.numbers[name] = content, number

    def read(self, file: Found) -> bytes:
        """What is read once counts, and after the first file that is too much nothing more is read."""
        if self.room < 0:
            raise BadEntry(TOO_MUCH)
        try:
            content = file.read(self.room)
        except BadEntry as error:
            self.room = -1 if str(error) == TOO_MUCH else self.room
            raise
        self.room -= len(content)
        return content


@dataclass(frozen=True)
class Collected:
    """What became of one learner's work. earlier: where what it replaced is kept; late: as the platform says."""

    student: str
    outcome: Outcome
    earlier: Path | None = None
    late: bool = False


def collect(catalog: Catalog, slug: str, source: Path) -> Iterator[Collected | Refused]:
    """Yields what was refused, then one row for each learner as their work is placed. UsageError for a bad source."""
    class_folder = ClassFolder(catalog)
    notebooks = {path.stem for path in catalog.notebooks_folder(slug).glob("*.ipynb")}
    works: dict[str, Work] = {}
    with files_in(source) as found:
        _require_class(source, found, slug)
        yield from _sort_out(found, Names(class_folder), slug, notebooks, works)
    for student, work in sorted(works.items()):
        if any(name.endswith(".ipynb") for name in work.files):
            yield _place(class_folder, slug, student, work)
        else:
            yield Refused(student, "There is no notebook in what this learner handed in.")


def _require_class(source: Path, found: Iterable[Found | Refused], slug: str) -> None:
    """UsageError where everything is in one folder that is more likely the class's than a learner's."""
    paths = [each.name.parts for each in found if isinstance(each, Found)]
    tops = {parts[0] for parts in paths}
    if len(tops) != 1 or any(len(parts) == 1 or MOODLE.match("/".join(parts)) for parts in paths):
        return
    own = any(parts[-1].endswith(".ipynb") and (len(parts) == 2 or parts[1] == slug) for parts in paths)
    if not own or any(CANVAS.match("/".join(parts[1:])) for parts in paths):
        raise UsageError(
            f"Everything in {source} is in the one folder {tops.pop()}, and no learner's folder looks like that. "
            "If it is the folder of the class, unpack it and collect that folder."
        )


def _sort_out(
    found: Iterable[Found | Refused], names: Names, slug: str, notebooks: set[str], works: dict[str, Work]
) -> Iterator[Refused]:
    """Puts each file to its learner in works."""
    for each in found:
        if isinstance(each, Refused):
            yield each
            continue
        try:
            student, file, late = names.of(str(each.name))
            work = works.setdefault(student, Work())
            work.late |= late
            if file.endswith(".zip"):
                yield from _unpack(each, work, slug, notebooks)
            else:
                work.add(each, *_file_name(file, slug, notebooks))
        except BadEntry as error:
            yield Refused(str(each.name), str(error))


def _unpack(packed: Found, work: Work, slug: str, notebooks: set[str]) -> Iterator[Refused]:
    """What a learner packed into a zip of their own; zips in it stay shut."""
    with nested(work.read(packed)) as found:
        for each in found:
            if isinstance(each, Refused):
                yield Refused(f"{packed.name}: {each.name}", each.reason)
                continue
            try:
                work.add(each, *_file_name(str(each.name), slug, notebooks))
            except BadEntry as error:
                yield Refused(f"{packed.name}: {each.name}", str(error))


def _file_name(file: str, slug: str, notebooks: set[str]) -> tuple[str, int]:
    """Where the file belongs in the submission: below the chapter's folder, without Canvas's -1; and the 1."""
    path = PurePosixPath(file)
    if slug in path.parts[:-1]:
        path = PurePosixPath(*path.parts[path.parts.index(slug) + 1 :])
    again = re.fullmatch(r"(.*?)(?:-(\d{1,4})| ?\((\d{1,4})\))?", path.stem, re.DOTALL)
    bare, *numbers = again.groups() if again else (path.stem,)
    known = bare in notebooks or bare in {"answers", "feedback"}
    if known and path.suffix in {".ipynb", ".json"}:  # wherever a learner's zip has put it
        return bare + path.suffix, int(next((number for number in numbers if number), 0))
    if path.name == TIMESTAMP:
        raise BadEntry("When work was handed in is for you to say, not for a file in it.")
    return str(path), 0


class Names:
    """Tells by a file's path whose it is; learners whom the gradebook knows by name go by their id there."""

    def __init__(self, class_folder: ClassFolder) -> None:
        own = class_folder.settings.FileNameCollectorPlugin.get("named_regexp", "")
        self._patterns = [re.compile(str(own))] if own else [MOODLE, CANVAS, FOLDER]
        self._known: dict[str, set[str]] = defaultdict(set)
        self._meant: dict[str, str] = {}
        for person in class_folder.people():
            for spelling in _spellings(person):
                self._known[spelling].add(person.id)

    def of(self, path: str) -> tuple[str, str, bool]:
        """Learner, file, and whether the name says late. BadEntry where it says no learner, or could mean two."""
        if TYPED.match(path):
            raise BadEntry("What was typed into Moodle is not graded here.")
        for pattern in self._patterns:
            match = pattern.match(path)
            if match:
                parts = match.groupdict()
                return self._student(parts), parts["file_id"], bool(parts.get("late"))
        raise BadEntry("The name does not say whose it is.")

    def _student(self, parts: Mapping[str, str | None]) -> str:
        """The gradebook's id; else the name itself, as far as it can name a folder."""
        name = str(parts["student_id"])
        for spelling in (f"#{parts.get('lms_id')}", name, _folded(name)):
            found = self._known.get(spelling, set())
            if len(found) > 1:
                raise BadEntry(f"Two learners in the gradebook are called so: {', '.join(sorted(found))}. {_BY_HAND}")
            if found:
                return self._alone(next(iter(found)), parts)
        student = re.sub(r"[^\w.@-]+", "_", unicodedata.normalize("NFC", name)).strip("._")
        if not student:
            raise BadEntry("The name does not say whose it is.")
        return self._alone(student, parts)

    def _alone(self, student: str, parts: Mapping[str, str | None]) -> str:
        """The same; BadEntry where another of the source's learners has got this id already."""
        meant = f"{parts['student_id']} {parts.get('lms_id') or parts.get('number') or ''}".strip()
        if self._meant.setdefault(student, meant) != meant:
            raise BadEntry(f"Two learners are called so: {self._meant[student]} and {meant}. {_BY_HAND}")
        return student


_BY_HAND = "Put the work of the second into class/submitted/ yourself."


def _spellings(person: Person) -> Iterator[str]:
    """How a learner may be called in a file's name: by id, number, or Canvas's and Moodle's ways with a name."""
    yield person.id
    if person.number:
        yield f"#{person.number}"
    if person.first and person.last:
        yield from (_folded(person.last + person.first), _folded(person.first + person.last))


def _folded(text: str) -> str:
    """Letters and digits only, without case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text)).casefold()


def _place(class_folder: ClassFolder, slug: str, student: str, work: Work) -> Collected | Refused:
    """The work, placed; or why it cannot be: a full disk, a file and a folder of one name."""
    try:
        return _replace(class_folder, slug, student, work)
    except OSError as error:
        return Refused(student, f"This learner's files could not be written: {error.strerror}. What was there is kept.")


def _replace(class_folder: ClassFolder, slug: str, student: str, work: Work) -> Collected:
    """Replaces the work in class/submitted by a rename, after what was there has been put aside."""
    target = class_folder.submission(slug, student)
    if target.is_dir() and _plain_files(target) == work.files:
        return Collected(student, "unchanged", late=work.late)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".collect-", dir=target.parent) as name:
        staged = Path(name) / slug
        for file, content in work.files.items():
            path = staged / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        earlier = _put_aside(class_folder, slug, student, target) if target.exists() else None
        staged.rename(target)
    return Collected(student, "replaced" if earlier else "new", earlier, work.late)


def _plain_files(folder: Path) -> Mapping[str, bytes]:
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name != TIMESTAMP and not is_stray(name)}


def _put_aside(class_folder: ClassFolder, slug: str, student: str, target: Path) -> Path:
    """Moves the earlier work to class/earlier/<chapter>/<student>/<when it was replaced>."""
    now = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S-%f")
    earlier = class_folder.catalog.root / "class" / "earlier" / slug / student / now
    earlier.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(target, earlier)
    return earlier

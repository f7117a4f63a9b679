"""Puts submissions that came as a zip from Canvas or Moodle, or as a folder, to where nbgrader looks for them.

The newest work of a learner stands in class/submitted/; what it replaces is kept in class/earlier/. Times come from the
archive, never from a file that a learner could have written.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from course.catalog import Catalog
from course.grading.archives import BadEntry, Budget, Found, Refused, files_in, is_stray, nested
from course.grading.gradebook import ClassFolder, Person
from course.grading.task import MAX_SUBMISSION

TIMESTAMP = "timestamp.txt"
TIME_FORMAT = "%Y-%m-%d %H:%M:%S UTC"
Outcome = Literal["new", "replaced", "unchanged"]

# How the sources name what was handed in. A class of one's own: c.FileNameCollectorPlugin.named_regexp, as in nbgrader.
CANVAS = re.compile(r"(?:[^/]+/)?(?P<student_id>[^_/]+)_(?:LATE_)?(?P<lms_id>\d+)_\d+_(?P<file_id>[^/]+)")
MOODLE = re.compile(r"(?:[^/]+/)?(?P<student_id>[^/]+)_(?P<lms_id>\d+)_assignsubmission_file_?/(?P<file_id>.+)")
FOLDER = re.compile(r"(?P<student_id>[^/]+)/(?P<file_id>.+)")


@dataclass
class Work:
    """What one learner handed in: contents by relative name, and when each was changed."""

    files: dict[str, bytes] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)

    def add(self, name: str, content: bytes, time: datetime) -> None:
        """Of two with one name the later counts. BadEntry where it is more than a submission may be."""
        if name in self.files and time < self.times[name]:
            return
        if len(content) + sum(len(each) for each in self.files.values()) > MAX_SUBMISSION:
            raise BadEntry(f"This learner's files are more than {MAX_SUBMISSION // 2**20} MiB together.")
        self.files[name], self.times[name] = content, time


@dataclass(frozen=True)
class Collected:
    """What became of one learner's work. earlier: where the work that it replaced is kept."""

    student: str
    outcome: Outcome
    earlier: Path | None = None


def collect(catalog: Catalog, slug: str, source: Path) -> Iterator[Collected | Refused]:
    """Yields what was refused, then one row for each learner as their work is placed. UsageError for a bad source."""
    class_folder = ClassFolder(catalog)
    notebooks = {path.stem for path in catalog.notebooks_folder(slug).glob("*.ipynb")}
    works: dict[str, Work] = {}
    budget = Budget()
    yield from _sort_out(files_in(source, budget), Names(class_folder), slug, notebooks, works, budget)
    for student, work in sorted(works.items()):
        if any(name.endswith(".ipynb") for name in work.files):
            yield _place(class_folder, slug, student, work)
        else:
            yield Refused(student, "There is no notebook in what this learner handed in.")


def _sort_out(
    found: Iterable[Found | Refused],
    names: Names,
    slug: str,
    notebooks: set[str],
    works: dict[str, Work],
    budget: Budget,
) -> Iterator[Refused]:
    """Puts each file to its learner in works."""
    for each in found:
        if isinstance(each, Refused):
            yield each
            continue
        matched = names.of(str(each.name))
        if matched is None:
            yield Refused(str(each.name), "The name does not say whose it is.")
            continue
        student, file = matched
        try:
            work = works.setdefault(student, Work())
            if file.endswith(".zip"):
                yield from _unpack(each, student, slug, notebooks, works, budget)
            else:
                work.add(_file_name(file, slug, notebooks), each.read(), each.time)
        except BadEntry as error:
            yield Refused(str(each.name), str(error))


def _unpack(
    packed: Found, student: str, slug: str, notebooks: set[str], works: dict[str, Work], budget: Budget
) -> Iterator[Refused]:
    """What a learner packed into a zip of their own; zips in it stay shut."""
    for each in nested(packed.read(), budget):
        if isinstance(each, Refused):
            yield Refused(f"{packed.name}: {each.name}", each.reason)
            continue
        try:
            works[student].add(_file_name(str(each.name), slug, notebooks), each.read(), packed.time)
        except BadEntry as error:
            yield Refused(f"{packed.name}: {each.name}", str(error))


def _file_name(file: str, slug: str, notebooks: set[str]) -> str:
    """Where the file belongs in the submission: below the chapter's folder, without the -1 that Canvas adds."""
    path = PurePosixPath(file)
    if slug in path.parts[:-1]:
        path = PurePosixPath(*path.parts[path.parts.index(slug) + 1 :])
    bare = re.sub(r"(-\d+| ?\(\d+\))$", "", path.stem)
    known = bare in notebooks or bare in {"answers", "feedback"}
    if known and path.suffix in {".ipynb", ".json"}:  # wherever a learner's zip has put it
        return bare + path.suffix
    if path.name == TIMESTAMP:
        raise BadEntry("Times are taken from the archive, not from this file.")
    return str(path)


class Names:
    """Tells by a file's path whose it is; learners whom the gradebook knows by name go by their id there."""

    def __init__(self, class_folder: ClassFolder) -> None:
        own = class_folder.settings.FileNameCollectorPlugin.get("named_regexp", "")
        self._patterns = [re.compile(str(own))] if own else [MOODLE, CANVAS, FOLDER]
        self._known: dict[str, str] = {}
        for person in class_folder.people():
            self._known |= dict.fromkeys(_spellings(person), person.id)

    def of(self, path: str) -> tuple[str, str] | None:
        """Learner and file; None where the path does not say."""
        for pattern in self._patterns:
            match = pattern.match(path)
            if match:
                parts = match.groupdict()
                student = self._student(parts["student_id"], parts.get("lms_id"))
                return (student, parts["file_id"]) if student else None
        return None

    def _student(self, name: str, number: str | None) -> str:
        """The gradebook's id; else the name itself, as far as it can name a folder."""
        for spelling in (number and f"#{number}", name, _folded(name)):
            if spelling and spelling in self._known:
                return self._known[spelling]
        return re.sub(r"[^\w.@-]+", "_", unicodedata.normalize("NFC", name)).strip("._")


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


def _place(class_folder: ClassFolder, slug: str, student: str, work: Work) -> Collected:
    """Replaces the work in class/submitted by a rename, after what was there has been put aside."""
    target = class_folder.submission(slug, student)
    if target.is_dir() and _plain_files(target) == work.files:
        return Collected(student, "unchanged")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".collect-", dir=target.parent) as name:
        staged = Path(name) / slug
        for file, content in {**work.files, TIMESTAMP: max(work.times.values()).strftime(TIME_FORMAT).encode()}.items():
            path = staged / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        earlier = _put_aside(class_folder, slug, student, target) if target.exists() else None
        staged.rename(target)
    return Collected(student, "replaced" if earlier else "new", earlier)


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

"""Tells from a file's path whose work it is, as learning platforms write it, and who that is in the gradebook.

Only the outermost part of a path tells: what is further in, a learner may have named. Where a name could mean two
learners nobody gets the file, and it is told.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from course.errors import UsageError
from course.grading.gradebook.store import Person
from course.grading.intake.entries import BadEntry, clean_name
from course.language import _

# Moodle 3.1 to 3.11 writes a folder Name_5512_assignsubmission_file_, Moodle 4 one without the last underscore, both on
# demand files Name_5512_assignsubmission_file_x.ipynb. The number is the assignment's own for that person; there is
# none for the default group. No name of Moodle's has an underscore.
MOODLE = re.compile(
    r"(?P<student_id>[^/]+?)(?:_(?P<number>\d+))?_assignsubmission_file(?:_?/|_)(?P<file_id>.+)", re.DOTALL
)
# Canvas: name in small letters without spaces, the person's number, the file's; or anon_ and a code for the person.
CANVAS = re.compile(r"(?P<student_id>[^/]+?)(?P<late>_LATE)?_(?P<lms_id>\d+)_\d+_(?P<file_id>[^/]+)$")
CANVAS_HIDDEN = re.compile(r"(?P<late>LATE_)?(?P<student_id>anon_[0-9A-Za-z]+)_\d+_(?P<file_id>[^/]+)$")
FOLDER = re.compile(r"(?P<student_id>[^/]+)/(?P<file_id>.+)", re.DOTALL)

_TYPED_INTO_MOODLE = re.compile(r"[^/]+_assignsubmission_(?!file)")
_MOODLES_FEEDBACK = re.compile(r"[^/]+_assignfeedback_")
_TYPED_INTO_CANVAS = re.compile(r"[^/]+_\d+_(text|link)\.html$")
_EXCHANGE = re.compile(r"[^/+]+\+[^/+]+\+[^/]+/")

_SETTING = "c.FileNameCollectorPlugin.named_regexp (nbgrader_config.py)"

# How Moodle calls everybody where names are hidden, in the languages of those who asked; see also Names.
_ANYBODY = {"participant", "participante", "teilnehmerin", "teilnehmer", "partecipante", "deelnemer", "deltagare"}


def _not_graded() -> dict[re.Pattern[str], str]:
    return {
        _TYPED_INTO_MOODLE: _("What was typed into Moodle is not graded here."),
        _MOODLES_FEEDBACK: _("It is feedback that Moodle gave, no work."),
        _TYPED_INTO_CANVAS: _("What was typed into Canvas is not graded here."),
        _EXCHANGE: _("It is nbgrader's own exchange: `nbgrader collect` takes work from there."),
    }


def _nobodys() -> BadEntry:
    told = _(
        "The name does not say whose it is: put each learner's files into a folder of that learner, or set {setting}."
    )
    return BadEntry(told.format(setting=_SETTING))


@dataclass(frozen=True)
class Owned:
    """A file's learner and its path in what that learner handed in. attempt: which one.

    late: the name says so; None where names of its kind never say it.
    """

    student: str
    file: str
    late: bool | None = None
    attempt: str = ""


class Names:
    """Learners whom the gradebook knows by id, number, address or name go by their id there, all others by their name.

    own: a pattern of the class's, as nbgrader's c.FileNameCollectorPlugin.named_regexp; UsageError where it is none.
    paths: all paths of the source, which tell whether Moodle has hidden everybody's name.
    """

    def __init__(self, people: Iterable[Person], own: str = "", paths: Iterable[str] = ()) -> None:
        self._own = _own_pattern(own) if own else None
        self._ids: set[str] = set()
        self._known: dict[str, set[str]] = defaultdict(set)
        self._numbers: dict[str, str] = {}
        self._meant: dict[str, str] = {}
        self._unknown_as: dict[str, str] = {}
        for person in people:
            self._ids.add(person.id)
            self._numbers[person.id] = person.number
            for spelling in _spellings(person):
                self._known[spelling].add(person.id)
        self._anybody = _anybody(paths, self._known)

    def of(self, path: str) -> Owned:
        """BadEntry where the path says no learner, or could mean two."""
        match = self._own.match(path) if self._own else _platforms(path)
        if not match:
            raise _nobodys()
        parts = match.groupdict()
        if not parts["file_id"]:
            raise _nobodys()
        late = bool(parts["late"]) if "late" in parts else None
        return Owned(self._student(match), parts["file_id"], late, parts.get("timestamp") or "")

    def knows(self, student: str) -> bool:
        """False for somebody whom the gradebook does not have, where it has anybody."""
        return not self._ids or student in self._ids

    def as_unknown(self, student: str) -> str:
        """The folder that the work had while the gradebook knew nobody of that name; '' where it is another's."""
        folder = self._unknown_as.get(student, student)
        return "" if folder in self._ids or folder == student else folder

    def _student(self, match: re.Match[str]) -> str:
        """The gradebook's id; else the name itself, as far as it can name a folder."""
        parts = match.groupdict()
        name = str(parts["student_id"] or "")
        if match.re is MOODLE and folded(name) in self._anybody and parts["number"]:
            name = f"{name}_{parts['number']}"
        if match.re is not CANVAS and name in self._ids:  # Canvas writes every name in small letters
            return self._alone(name, parts)
        number = parts.get("lms_id")
        found = self._known.get(f"#{number}") or self._called(name, number)
        if len(found) > 1:
            told = _(
                "Two learners in the gradebook are called so: {names}. Put the work of the second into "
                "class/submitted/ yourself."
            )
            raise BadEntry(told.format(names=", ".join(sorted(found))))
        if found:
            [student] = found
            self._unknown_as[student] = _folder_name(name)
            return self._alone(student, parts)
        student = _folder_name(name)
        if not student:
            raise _nobodys()
        return self._alone(student, parts)

    def _called(self, name: str, number: str | None) -> set[str]:
        """Whom the name means; BadEntry where Canvas's number says that it is somebody else of that name."""
        called = self._known.get(folded(name), set())
        found = {each for each in called if not number or self._numbers[each] in {"", number}}
        if called and not found:
            told = _(
                "{names} in the gradebook is called so and has another number than Canvas's {number}. "
                "Take in Canvas's list with `course roster`, and collect again."
            )
            raise BadEntry(told.format(names=", ".join(sorted(called)), number=number))
        return found

    def _alone(self, student: str, parts: Mapping[str, str | None]) -> str:
        """The same; BadEntry where another of the source's learners has got this id already."""
        meant = f"{parts['student_id']} {parts.get('lms_id') or parts.get('number') or ''}".strip()
        if self._meant.setdefault(student, meant) != meant:
            told = _(
                "Two learners are called so: {one} and {other}. Put the work of the second into class/submitted/ "
                "yourself."
            )
            raise BadEntry(told.format(one=self._meant[student], other=meant))
        return student


def _platforms(path: str) -> re.Match[str] | None:
    """As the platform says whose path begins soonest: what comes after that, a learner may have named."""
    for pattern, reason in _not_graded().items():
        if pattern.match(path):
            raise BadEntry(reason)
    found = [match for pattern in (MOODLE, CANVAS_HIDDEN, CANVAS) if (match := pattern.match(path))]
    return min(found, key=lambda match: match.start("file_id"), default=None) or FOLDER.match(path)


def _own_pattern(own: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(own)
    except re.error as error:
        raise UsageError(
            _("{setting} is no regular expression: {reason}.").format(setting=_SETTING, reason=error)
        ) from None
    missing = [name for name in ("student_id", "file_id") if name not in pattern.groupindex]
    if missing:
        told = _("{setting} lacks these groups: {names}; see nbgrader's page on zips.")
        raise UsageError(told.format(setting=_SETTING, names=", ".join(missing)))
    return pattern


def _anybody(paths: Iterable[str], known: Mapping[str, set[str]]) -> set[str]:
    """Folded names under which Moodle hides everybody: those we know, and one that the whole source has in common."""
    found = [match for path in paths if (match := MOODLE.match(path)) and match["number"]]
    names = {folded(match["student_id"]) for match in found}
    numbers = {match["number"] for match in found}
    return _ANYBODY | (names if len(names) == 1 and len(numbers) > 1 and not names & known.keys() else set())


def _spellings(person: Person) -> Iterator[str]:
    """How a learner may be called in a file's name: by id, address, number, or as Canvas and Moodle write names."""
    yield folded(person.id)
    if person.email:
        yield folded(person.email)
    if person.number:
        yield f"#{person.number}"
    if person.has_full_name:
        yield from (folded(person.last + person.first), folded(person.first + person.last))


def folded(text: str) -> str:
    """Letters with their marks, and digits; without case, spaces or signs."""
    folded_text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(each for each in folded_text if unicodedata.category(each)[0] in "LMN")


def _folder_name(name: str) -> str:
    kept = (each if unicodedata.category(each)[0] in "LMN" or each in "_.@-" else " " for each in clean_name(name))
    return re.sub(r"[ _]+", "_", "".join(kept)).strip("._")

"""Reads when work was handed in, from the timestamp.txt beside it, as nbgrader does; or says why it cannot be told.

Of work that Canvas calls late the time is not known: it counts from one second after the due date on, and that is said.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from course.errors import CourseError
from course.language import _, first_of
from course.plain_text import printable
from course.storage.atomic import replace_file

TIMESTAMP = "timestamp.txt"
_ASSUMED = 1  # microseconds: how a time that nobody has told is known again; no person and no server writes them
_MOST_READ = 2**16  # bytes
_LONGEST = 200  # characters; a time has fewer
_NUMBERS = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")  # 01/02/2030: which of the two is the month?


@dataclass(frozen=True)
class HandedIn:
    """when: in UTC, without a zone, as the gradebook has it; None where nothing says so.

    warning: a sentence where nbgrader takes what is written for a time that its writer hardly meant.
    """

    when: datetime | None = None
    warning: str = ""


def handed_in(folder: Path) -> HandedIn:
    """What folder/timestamp.txt says. CourseError, one sentence that names the file, where it says no time."""
    path = folder / TIMESTAMP
    if path.is_symlink() or path.is_fifo():  # a pipe would never end
        raise CourseError(_with_example(_("{path} is no plain file."), path=path))
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_READ).decode("utf-8").strip()
    except FileNotFoundError:
        return HandedIn()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else _("it is no plain text (UTF-8)")
        raise CourseError(_with_example(_("{path} cannot be read: {reason}."), path=path, reason=reason)) from None
    if not text:
        told = _("{path} is empty, so nobody knows when this was handed in.")
        return HandedIn(warning=_with_example(told, path=path))
    shown = printable(text if len(text) < 60 else f"{text[:60]}…").replace("\n", " ")
    when, sure = _read(text)
    if when is None:
        told = _("{path} does not say when the work was handed in, but {text!r}.")
        raise CourseError(_with_example(told, path=path, text=shown))
    if sure:
        return HandedIn(when)
    told = _("{path} says {text!r}, which nbgrader reads as {when} UTC.")
    return HandedIn(when, _with_example(told, path=path, text=shown, when=f"{when:%Y-%m-%d %H:%M}"))


def _with_example(told: str, **values: object) -> str:
    example = _("Write date, time and UTC, e.g. {example}.").format(example="2030-05-02 09:00 UTC")
    return f"{told.format(**values)} {example}"


def is_assumed(when: datetime | None) -> bool:
    """True for a time that we have written, as Canvas called the work late and did not say since when."""
    return when is not None and when.microsecond == _ASSUMED


def counts_as_late(folder: Path) -> bool:
    """True where the work in folder has a time that we have written."""
    try:
        return is_assumed(handed_in(folder).when)
    except CourseError:
        return False


@dataclass(frozen=True)
class TimeNote:
    """What somebody should look at in when some work was handed in: a sentence, of this work alone.

    of_several: the same of so many learners, with fields `count` and `names`; '' where it is told of each.
    """

    sentence: str
    of_several: str = ""


def not_late_any_more() -> TimeNote:
    return TimeNote(
        _("Canvas does not call it late any more, so it counts as handed in in time."),
        _(
            "Learners whom Canvas does not call late any more: {count} ({names}). Their work counts as handed in in "
            "time."
        ),
    )


def stays_with_earlier_work() -> TimeNote:
    """What replaces work has no time of its own before somebody writes it: that of the other would be wrong."""
    told = _("{file} stays with the earlier work, so nobody knows when this was handed in: write a new one.")
    several = _(
        "Learners whose {file} stays with the earlier work: {count} ({names}). Nobody knows when the new work was "
        "handed in: write new ones."
    )
    return TimeNote(told.format(file=TIMESTAMP), several.replace("{file}", TIMESTAMP))


def not_known_any_more(before: datetime | None) -> str:
    """Of work without a time of its own, where the gradebook had one before; '' where it had none that anybody told."""
    if before is None or is_assumed(before):
        return ""
    told = _(
        "The time that the gradebook had, {time} UTC, was that of earlier work: without {file} nobody knows when this "
        "was handed in."
    )
    return told.format(time=f"{before:%Y-%m-%d %H:%M}", file=TIMESTAMP)


def about_time(slug: str, folder: Path, late: bool | None, due: datetime | None) -> TimeNote | None:
    """What to look at in the time of the work in folder. late: as Canvas says, None where nobody does; due: in UTC,
    without a zone.

    Late work whose time nobody has told gets a timestamp.txt, which follows a due date that moves and goes when Canvas
    takes it back; a time that somebody wrote stays. OSError where that cannot be written.
    """
    path = folder / TIMESTAMP
    try:
        found = handed_in(folder)
    except CourseError as error:
        return TimeNote(str(error))
    assumed = is_assumed(found.when)
    if late and due is None:
        return _late_without_due_date(slug)
    if late and due and (assumed or found.when is None):
        replace_file(path, _just_after(due))
        return _late_since_when(slug, path)
    if late and due and found.when and found.when <= due:
        told = _("Canvas calls it late, and {path} says that it came in time: one of them is wrong.")
        return TimeNote(told.format(path=path))
    if assumed and late is False:
        path.unlink()
        return not_late_any_more()
    return TimeNote(found.warning) if found.warning else None


def _late_without_due_date(slug: str) -> TimeNote:
    told = _(
        "Canvas calls it late, which cannot count before there is a due date: write one as `due` of {slug} into "
        "course.yml, then collect again."
    )
    several = _(
        "Learners whom Canvas calls late: {count} ({names}). That cannot count before there is a due date: write one "
        "as `due` of {slug} into course.yml, then collect again."
    )
    return TimeNote(told.format(slug=slug), several.replace("{slug}", slug))


def _late_since_when(slug: str, path: Path) -> TimeNote:
    told = _(
        "Canvas calls it late and does not say since when: it counts as handed in one second after it was due. "
        "Write the real time, which Canvas shows with the submission, into {path}."
    )
    several = _(
        "Learners whom Canvas calls late without saying since when: {count} ({names}). Their work counts as handed in "
        "one second after it was due. Write the real times, which Canvas shows with the submissions, into {path}."
    )
    every = path.parent.parent.parent / "STUDENT" / slug / TIMESTAMP
    return TimeNote(told.format(path=path), several.replace("{path}", str(every)))


def notes_together(notes: Mapping[str, TimeNote]) -> Iterator[str]:
    """The notes by learner, as lines: what is the same of several is told once, with the first of their names."""
    alike: dict[str, list[str]] = {}
    for student, note in notes.items():
        alike.setdefault(note.of_several or student, []).append(student)
    for several, students in alike.items():
        if len(students) == 1:
            yield f"{students[0]}: {notes[students[0]].sentence}"
        else:
            yield several.replace("{count}", str(len(students))).replace("{names}", first_of(students))


def _just_after(due: datetime) -> bytes:
    when = due.replace(microsecond=_ASSUMED) + timedelta(seconds=1)
    return f"{when:%Y-%m-%d %H:%M:%S.%f} UTC\n".encode()


def _read(text: str) -> tuple[datetime | None, bool]:
    """The time as nbgrader reads it, None if it is none; and whether that is surely what is meant."""
    from dateutil.parser import UnknownTimezoneWarning, parse
    from nbgrader.utils import parse_utc

    if len(text) > _LONGEST:
        return None, False
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            when: datetime = parse_utc(text)
            with_date = _date_with(text, datetime(2001, 1, 1)) == _date_with(text, datetime(2002, 2, 2))
            american = parse(text, fuzzy=True, ignoretz=True)
            european = parse(text, fuzzy=True, ignoretz=True, dayfirst=True)
        except (ValueError, OverflowError, TypeError, OSError):
            return None, False
    unknown_zone = any(issubclass(each.category, UnknownTimezoneWarning) for each in caught)
    one_order = american == european or not _NUMBERS.match(text)
    return (when if with_date else None), one_order and _zone_is_known(text, unknown_zone)


def _date_with(text: str, default: datetime) -> object:
    """The date, filled from default where the text leaves parts of it out: nbgrader would take today's."""
    from dateutil.parser import parse

    return parse(text, default=default, fuzzy=True, ignoretz=True).date()


def _zone_is_known(text: str, unknown_zone: bool) -> bool:
    """False where nbgrader drops what stands for the zone, or takes +0200 for two hundred seconds."""
    from dateutil.tz import gettz

    parts = text.split(" ")
    if len(parts) != 3:  # nbgrader leaves it to dateutil
        return not unknown_zone
    zone = parts[2]
    if re.fullmatch(r"[+-]?\d+", zone):
        return int(zone) == 0
    return zone.upper() in {"Z", "UTC", "GMT"} or gettz(zone) is not None

"""What is found in an archive or a folder from elsewhere: names that lead nowhere, and how much may be read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from course.grading.task import MAX_SUBMISSION
from course.language import _

MAX_NAME, MAX_PATH = 200, 400  # bytes of one part of a path, characters of all of it
LONGEST = 4 * MAX_PATH  # characters of a path as it comes; putting marks on letters in order takes their number squared
_STRAY = {"__MACOSX", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Found:
    """A file: its path in the source, and how to read at most so many bytes of it.

    read raises BadEntry where the file has more, or cannot be read.
    """

    name: PurePosixPath
    read: Callable[[int], bytes]


@dataclass(frozen=True)
class Refused:
    """A file that is not taken, and why, in one sentence. name: cut where it is longer than any file's."""

    name: str
    reason: str

    def __post_init__(self) -> None:
        if len(self.name) > LONGEST:
            object.__setattr__(self, "name", f"{self.name[:MAX_NAME]}…")


class BadEntry(Exception):
    """This file cannot be taken; the message says why."""


class TooMuch(BadEntry):
    """It is more than a learner may hand in."""

    def __init__(self) -> None:
        told = _("A learner's files may be {most} MiB together; this is more.")
        super().__init__(told.format(most=MAX_SUBMISSION // 2**20))


def too_many() -> str:
    return _("There are too many files in this archive; the rest was not read.")


def damaged() -> str:
    return _("It is damaged or packed in a way that cannot be read.")


def not_plain() -> str:
    return _("It is a link or no plain file.")


@dataclass
class Budget:
    """How much may still be read of one source."""

    bytes: int
    entries: int

    def spend(self, count: int) -> None:
        """BadEntry where that was too much."""
        self.bytes -= count
        if self.bytes < 0:
            raise BadEntry(_("The archive holds too much; the rest was not read."))


def is_stray(name: str) -> bool:
    """True for what an operating system leaves behind, and for hidden files; a hidden notebook is somebody's work.

    False for a name that is too long: safe_name tells of it.
    """
    if len(name) > LONGEST:
        return False
    *folders, last = clean_name(name).replace("\\", "/").split("/")
    if any(_is_stray(part) for part in folders):
        return True
    return _is_stray(last) and (last.startswith("._") or not last.endswith(".ipynb"))


def _is_stray(part: str) -> bool:
    return part in _STRAY or (part.startswith(".") and bool(part.strip(".")))


def clean_name(name: str) -> str:
    """In composed letters, with plain spaces and without characters that nobody sees.

    >>> clean_name("Luci\\u0301a\\u00a0Vega\\u200b")
    'Lucía Vega'
    """
    kinds = {character: unicodedata.category(character) for character in set(name)}
    plain = "".join(" " if kinds[each] == "Zs" else each for each in name if kinds[each] != "Cf")
    return unicodedata.normalize("NFC", plain)


def safe_name(name: str) -> PurePosixPath:
    """The path in parts that lead nowhere but down, cleaned; BadEntry if it has others."""
    if len(name) > LONGEST:
        raise BadEntry(_("Its name is too long."))
    path = clean_name(name).replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or any(":" in part for part in parts):
        raise BadEntry(_("Its name leads out of the archive."))
    if not path.strip("/. ") or not path.isprintable():
        raise BadEntry(_("Its name has characters that no file name should have."))
    if len(path) > MAX_PATH or any(len(part.encode("utf-8", "surrogatepass")) > MAX_NAME for part in parts):
        raise BadEntry(_("Its name is too long."))
    if _is_stray(parts[-1]):
        raise BadEntry(_("Its name begins with a dot, so it is hidden, and hidden files are not graded."))
    return PurePosixPath(path)

"""Reads the files in a zip or a folder that came from elsewhere, as names and bytes; writes nothing.

Whatever an archive claims is not believed: sizes are counted while reading, names that lead elsewhere are refused, and
one bad entry costs itself alone.
"""

from __future__ import annotations

import contextlib
import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from course.errors import UsageError
from course.grading.task import MAX_SUBMISSION

MAX_ENTRIES = 50_000
MAX_TOTAL = 2 * 2**30  # bytes of everything together
MAX_NESTED = 2_000  # entries of a zip inside
MAX_NAME, MAX_PATH = 200, 400  # bytes of one part of a path, characters of all of it
TOO_MUCH = f"A learner's files may be {MAX_SUBMISSION // 2**20} MiB together; this is more."
TOO_MANY = "There are too many files in this archive; the rest was not read."
_ENTRY_MARK = b"PK\x01\x02"  # stands before each entry in a zip's table of contents
_CHUNK = 2**20
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
    """A file that is not taken, and why, in one sentence."""

    name: str
    reason: str


class BadEntry(Exception):
    """This file cannot be taken; the message says why."""


@dataclass
class Budget:
    """How much may still be read of one source."""

    bytes: int
    entries: int


@contextlib.contextmanager
def files_in(source: Path) -> Iterator[list[Found | Refused]]:
    """Every file in a zip or a folder, strays such as .DS_Store left out, to be read within the block.

    UsageError for anything else.
    """
    if source.is_dir():
        yield list(_in_folder(source))
        return
    if not source.is_file():
        raise UsageError(f"There is no {source}.")
    with source.open("rb") as stream, contextlib.ExitStack() as stack:
        try:
            archive = stack.enter_context(_opened(stream))
        except zipfile.BadZipFile:
            raise UsageError(f"{source} is neither a folder nor a zip file that can be read.") from None
        yield list(_in_zip(archive, Budget(MAX_TOTAL, MAX_ENTRIES)))


@contextlib.contextmanager
def nested(content: bytes) -> Iterator[list[Found | Refused]]:
    """The files in a zip that somebody handed in, with a budget of its own. BadEntry if it is none."""
    if content.count(_ENTRY_MARK) > MAX_NESTED:  # before anything is made of each
        raise BadEntry(TOO_MANY)
    try:
        archive = _opened(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise BadEntry("It is not a zip file that can be read.") from None
    with archive:
        yield list(_in_zip(archive, Budget(2 * MAX_SUBMISSION, MAX_NESTED)))


def _opened(stream: BinaryIO) -> zipfile.ZipFile:
    """Raises zipfile.BadZipFile, and nothing else, if it is none."""
    try:
        return zipfile.ZipFile(stream)
    except (NotImplementedError, ValueError, OSError, IndexError, RecursionError) as error:
        raise zipfile.BadZipFile(str(error)) from None


def _in_zip(archive: zipfile.ZipFile, budget: Budget) -> Iterator[Found | Refused]:
    for entry in archive.infolist():
        budget.entries -= 1
        if budget.entries < 0:
            yield Refused(entry.filename, TOO_MANY)
            return
        if entry.is_dir() or is_stray(entry.filename.replace("\\", "/")):
            continue
        try:
            name = safe_name(entry.filename)
            _require_plain(entry)
            yield Found(name, partial(_read, archive, entry, budget))
        except BadEntry as error:
            yield Refused(entry.filename, str(error))


def is_stray(name: str) -> bool:
    """True for what an operating system leaves behind, and for hidden files."""
    return any(part in _STRAY or (part.startswith(".") and part.strip(".")) for part in name.split("/"))


def safe_name(name: str) -> PurePosixPath:
    """The path in parts that lead nowhere but down; BadEntry if it has others."""
    path = name.replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or any(":" in part for part in parts):
        raise BadEntry("Its name leads out of the archive.")
    if not path.strip("/. ") or not path.isprintable():
        raise BadEntry("Its name has characters that no file name should have.")
    if len(path) > MAX_PATH or any(len(part.encode("utf-8", "surrogatepass")) > MAX_NAME for part in parts):
        raise BadEntry("Its name is too long.")
    return PurePosixPath(path)


def _require_plain(entry: zipfile.ZipInfo) -> None:
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise BadEntry("It is a link or no plain file.")
    if entry.flag_bits & 1:
        raise BadEntry("It is encrypted.")
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:  # others expand before they are counted
        raise BadEntry("It is packed in an unusual way, which is not read.")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget, most: int) -> bytes:
    """The content, counted while it comes out, whatever size the archive claims."""
    content = bytearray()
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                content += chunk
                budget.bytes -= len(chunk)
                if len(content) > most:
                    raise BadEntry(TOO_MUCH)
                if budget.bytes < 0:
                    raise BadEntry("The archive holds too much; the rest was not read.")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        raise BadEntry("It is damaged or packed in a way that cannot be read.") from None
    return bytes(content)


def _in_folder(folder: Path) -> Iterator[Found | Refused]:
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if is_stray(relative) or (path.is_dir() and not path.is_symlink()):
            continue
        if path.is_symlink() or not path.is_file():
            yield Refused(relative, "It is a link or no plain file.")
            continue
        try:
            name = safe_name(relative)
        except BadEntry as error:
            yield Refused(relative, str(error))
            continue
        yield Found(name, partial(_read_file, path))


def _read_file(path: Path, most: int) -> bytes:
    try:
        if path.stat().st_size > most:
            raise BadEntry(TOO_MUCH)
        return path.read_bytes()
    except OSError as error:
        raise BadEntry(f"It cannot be read: {error.strerror}.") from None

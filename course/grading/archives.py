"""Reads the files in a zip or a folder that came from elsewhere, as names and bytes; writes nothing.

Whatever an archive claims is not believed: sizes are counted while reading, names that lead elsewhere are refused, and
one bad entry costs itself alone.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from course.errors import UsageError
from course.grading.task import MAX_SUBMISSION

MAX_ENTRIES = 50_000
MAX_TOTAL = 2 * 2**30  # bytes of everything together
MAX_NAME = 200  # bytes of one part of a path
_CHUNK = 2**20
_STRAY = {"__MACOSX", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Found:
    """A file: its path in the source, when it was last changed (UTC), and how to read it; BadEntry if it cannot be."""

    name: PurePosixPath
    time: datetime
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Refused:
    """A file that is not taken, and why, in one sentence."""

    name: str
    reason: str


class BadEntry(Exception):
    """This file cannot be taken; the message says why."""


class Budget:
    """How much may still be read of one source and of the zips in it."""

    def __init__(self) -> None:
        self.bytes, self.entries = MAX_TOTAL, MAX_ENTRIES


def files_in(source: Path, budget: Budget) -> Iterator[Found | Refused]:
    """Every file in a zip or a folder, strays such as .DS_Store left out; each is to be read before the next is taken.

    UsageError for anything else.
    """
    if source.is_dir():
        yield from _in_folder(source)
    elif source.is_file():
        try:
            with source.open("rb") as stream:
                yield from in_zip(stream, budget)
        except zipfile.BadZipFile:
            raise UsageError(f"{source} is neither a folder nor a zip file that can be read.") from None
    else:
        raise UsageError(f"There is no {source}.")


def nested(content: bytes, budget: Budget) -> Iterator[Found | Refused]:
    """The files in a zip that somebody handed in. BadEntry if it is none."""
    try:
        yield from in_zip(io.BytesIO(content), budget)
    except zipfile.BadZipFile:
        raise BadEntry("It is not a zip file that can be read.") from None


def in_zip(stream: BinaryIO, budget: Budget) -> Iterator[Found | Refused]:
    """Raises zipfile.BadZipFile if it is none."""
    try:
        archive = zipfile.ZipFile(stream)
    except (NotImplementedError, ValueError, OSError, IndexError, RecursionError) as error:
        raise zipfile.BadZipFile(str(error)) from None
    with archive:
        for entry in archive.infolist():
            budget.entries -= 1
            if budget.entries < 0:
                yield Refused(entry.filename, f"There are more than {MAX_ENTRIES} files; the rest was not read.")
                return
            if entry.is_dir() or is_stray(entry.filename.replace("\\", "/")):
                continue
            try:
                name = safe_name(entry.filename)
                _require_plain(entry)
                yield Found(name, _time_of(entry), lambda entry=entry: _read(archive, entry, budget))  # type: ignore[misc]
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
    if any(len(part.encode("utf-8", "surrogatepass")) > MAX_NAME for part in parts):
        raise BadEntry("Its name is too long.")
    return PurePosixPath(path)


def _require_plain(entry: zipfile.ZipInfo) -> None:
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise BadEntry("It is a link or no plain file.")
    if entry.flag_bits & 1:
        raise BadEntry("It is encrypted.")


def _time_of(entry: zipfile.ZipInfo) -> datetime:
    """A zip has local times without a zone: taken as this machine's."""
    try:
        return datetime(*entry.date_time).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime(1980, 1, 1, tzinfo=UTC)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> bytes:
    """The content, counted while it comes out, whatever size the archive claims."""
    content = bytearray()
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                content += chunk
                budget.bytes -= len(chunk)
                if len(content) > MAX_SUBMISSION:
                    raise BadEntry(f"It is larger than {MAX_SUBMISSION // 2**20} MiB.")
                if budget.bytes < 0:
                    raise BadEntry(f"The archive holds more than {MAX_TOTAL // 2**30} GiB; the rest was not read.")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
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
        time = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        yield Found(name, time, lambda path=path: _read_file(path))  # type: ignore[misc]


def _read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_SUBMISSION:
            raise BadEntry(f"It is larger than {MAX_SUBMISSION // 2**20} MiB.")
        return path.read_bytes()
    except OSError as error:
        raise BadEntry(f"It cannot be read: {error.strerror}.") from None

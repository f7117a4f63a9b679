"""Reads the files in an archive or a folder that came from elsewhere, as names and bytes; writes nothing beside them.

Whatever an archive claims is not believed: sizes are counted while reading, names that lead elsewhere are refused, and
one bad entry costs itself alone. A kind of archive that is not read is named.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from course.errors import UsageError
from course.grading.intake.entries import (
    BadEntry,
    Budget,
    Found,
    Refused,
    TooMuch,
    is_stray,
    not_plain,
    safe_name,
    too_many,
)
from course.grading.intake.tars import files_in_tar, unpacked
from course.grading.intake.zips import claimed, files_in_zip, opened_zip
from course.grading.task import MAX_SUBMISSION
from course.language import _

MAX_ENTRIES = 50_000
MAX_TOTAL = 2 * 2**30  # bytes of everything together
MAX_NESTED = 2_000  # entries of an archive inside
MAX_EXTRA = 2**20  # bytes of what a zip says of its entries besides; Python reads each in time that grows by its square

_ARCHIVE = re.compile(r"\.(zip|zipx|7z|rar|tar|tgz|tbz2?|txz|tar\.(gz|bz2|xz|zst))$", re.IGNORECASE)
_KINDS = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "rar",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_NOT_READ = {"7z", "rar", "xz", "zstd"}


def is_archive(name: str) -> bool:
    """True for a name that says so: work.zip, Work.ZIP, work.tar.gz; a data file such as x.csv.gz is none."""
    return bool(_ARCHIVE.search(name))


@contextlib.contextmanager
def files_in(source: Path) -> Iterator[list[Found | Refused]]:
    """Every file in a zip, a tar or a folder, strays such as .DS_Store left out, to be read within the block.

    UsageError for anything else.
    """
    if source.is_dir():
        yield list(_in_folder(source))
        return
    if not source.is_file():
        raise UsageError(_("There is no {path}.").format(path=source))
    with contextlib.ExitStack() as stack:
        try:
            stream = stack.enter_context(source.open("rb"))
            found = list(_in_archive(stream, stack, Budget(MAX_TOTAL, MAX_ENTRIES)))
        except BadEntry as error:
            told = _("{path} is neither a folder nor an archive that can be read. {reason}")
            raise UsageError(told.format(path=source, reason=error)) from None
        except OSError as error:
            raise UsageError(_("{path} cannot be read: {reason}.").format(path=source, reason=error.strerror)) from None
        yield found


@contextlib.contextmanager
def nested(content: bytes) -> Iterator[list[Found | Refused]]:
    """The files in an archive that somebody handed in, with a budget of its own. BadEntry if it is none."""
    entries, extra = claimed(content)
    if entries > MAX_NESTED or extra > MAX_EXTRA:
        raise BadEntry(too_many())
    with contextlib.ExitStack() as stack:
        yield list(_in_archive(io.BytesIO(content), stack, Budget(2 * MAX_SUBMISSION, MAX_NESTED)))


def _in_archive(stream: BinaryIO, stack: contextlib.ExitStack, budget: Budget) -> Iterator[Found | Refused]:
    """By what it is, whatever it is called. BadEntry if it is no archive that is read here."""
    start = stream.read(512)
    stream.seek(0)
    kind = next((kind for mark, kind in _KINDS.items() if start.startswith(mark)), "")
    if kind in _NOT_READ:
        told = _("It is packed as {kind}, which is not read here: unpack it and collect the folder.")
        raise BadEntry(told.format(kind=kind))
    if kind in {"gzip", "bzip2"}:
        yield from files_in_tar(stack.enter_context(unpacked(stream, kind, budget.bytes)), budget)
    elif start[257:262] == b"ustar":
        yield from files_in_tar(stream, budget)
    else:
        try:
            archive = stack.enter_context(opened_zip(stream))
        except zipfile.BadZipFile:
            raise BadEntry(_("It is not a zip file that can be read.")) from None
        yield from files_in_zip(archive, budget)


def _in_folder(folder: Path) -> Iterator[Found | Refused]:
    closed: list[OSError] = []
    walk = os.walk(folder, onerror=closed.append)
    paths = [Path(inside) / name for inside, folders, files in walk for name in (*folders, *files)]
    for path in sorted(paths):
        relative = path.relative_to(folder).as_posix()
        if is_stray(relative) or (path.is_dir() and not path.is_symlink()):
            continue
        if path.is_symlink() or not path.is_file():
            yield Refused(relative, not_plain())
            continue
        try:
            name = safe_name(relative)
        except BadEntry as error:
            yield Refused(relative, str(error))
            continue
        yield Found(name, partial(_read_file, path))
    for shut in closed:
        told = _("This folder cannot be read: {reason}.").format(reason=shut.strerror)
        yield Refused(os.path.relpath(str(shut.filename), folder), told)


def _read_file(path: Path, most: int) -> bytes:
    try:
        if path.stat().st_size > most:
            raise TooMuch()
        return path.read_bytes()
    except OSError as error:
        raise BadEntry(_("It cannot be read: {reason}.").format(reason=error.strerror)) from None

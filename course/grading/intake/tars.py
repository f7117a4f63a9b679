"""Reads the files in a tar that came from elsewhere, packed with gzip or bzip2 or not packed.

Each header is read alone, and what stands between two headers is read only when it is asked for: no link, device,
sparse file or chain of headers is ever followed, so an archive made to mislead costs no more than its own length.
"""

from __future__ import annotations

import bz2
import gzip
import re
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any, BinaryIO

from course.grading.intake.entries import (
    BadEntry,
    Budget,
    Found,
    Refused,
    TooMuch,
    damaged,
    is_stray,
    not_plain,
    safe_name,
    too_many,
)
from course.language import _

_BLOCK = tarfile.BLOCKSIZE
_CHUNK = 2**20
_IN_MEMORY = 16 * 2**20
_LARGEST = 2**40  # bytes that one entry may claim
_LONGEST_HEADER = 2**16  # bytes of the records that some write before a file
_RECORD = re.compile(rb"(\d{1,8}) ")
_SPARSE = "GNU.sparse"
_REGULAR = {tarfile.REGTYPE, tarfile.AREGTYPE}
_LINKS = {tarfile.LNKTYPE, tarfile.SYMTYPE}
_WITHOUT_CONTENT = _LINKS | {tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE}


@dataclass
class _Place:
    """Where the next header stands, and what the one before said of it."""

    offset: int = 0
    records: Mapping[str, str] = field(default_factory=dict)


def unpacked(stream: BinaryIO, kind: str, most: int) -> IO[bytes]:
    """The tar in a gzip or bzip2 stream, in a temporary file. BadEntry where it is damaged or larger than most."""
    packed: Any = gzip.GzipFile(fileobj=stream) if kind == "gzip" else bz2.BZ2File(stream)
    plain = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (closed by who reads it)
    try:
        while chunk := packed.read(_CHUNK):
            most -= len(chunk)
            if most < 0:
                raise BadEntry(_("The archive holds too much; nothing of it was read."))
            plain.write(chunk)
    except (OSError, EOFError, zlib.error, ValueError):
        plain.close()
        raise BadEntry(damaged()) from None
    except BadEntry:
        plain.close()
        raise
    return plain


def files_in_tar(stream: IO[bytes], budget: Budget) -> Iterator[Found | Refused]:
    """Each file, strays and folders left out. BadEntry where it is no tar."""
    place = _Place()
    while header := _header(stream, place.offset):
        entry = _parsed(header)
        if entry is None or not 0 <= entry.size <= _LARGEST:
            if place.offset == 0:
                raise BadEntry(_("It is not a tar file that can be read."))
            yield Refused(_("the rest"), f"{damaged()} {_('What stands before it was read.')}")
            return
        budget.entries -= 1
        if budget.entries < 0:
            yield Refused(entry.name, too_many())
            return
        yield from _next(stream, entry, place, budget)


def _header(stream: IO[bytes], offset: int) -> bytes:
    """The block there; empty at the end, which a block of zeros marks."""
    stream.seek(offset)
    block = stream.read(_BLOCK)
    return block if block.strip(b"\0") else b""


def _parsed(header: bytes) -> tarfile.TarInfo | None:
    try:
        return tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError, IndexError, OverflowError):
        return None


def _next(stream: IO[bytes], entry: tarfile.TarInfo, place: _Place, budget: Budget) -> Iterator[Found | Refused]:
    """What this entry is; place then stands at the one after it."""
    start, records = place.offset + _BLOCK, place.records
    held = 0 if entry.type in _WITHOUT_CONTENT else entry.size
    place.offset, place.records = start + -(-held // _BLOCK) * _BLOCK, {}
    if entry.type in {tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME}:
        if entry.size <= _LONGEST_HEADER:
            stream.seek(start)
            content = stream.read(entry.size)
            longer = {"path": _text(content.rstrip(b"\0"))} if entry.type == tarfile.GNUTYPE_LONGNAME else _pax(content)
            budget.spend(entry.size)
            place.records = {**records, **longer}
        return
    if entry.type in {tarfile.XGLTYPE, tarfile.GNUTYPE_LONGLINK}:
        place.records = records
        return
    called = records.get("path", entry.name)
    if entry.type == tarfile.DIRTYPE or is_stray(called):
        return
    try:
        name = safe_name(called)
        if entry.type not in _REGULAR or records.keys() & {"size", _SPARSE}:
            raise BadEntry(not_plain())
        yield Found(name, partial(_read, stream, start, entry.size, budget))
    except BadEntry as error:
        yield Refused(called, str(error))


def _pax(content: bytes) -> dict[str, str]:
    """Of records such as '27 path=a long name', each as long as it says, those that count; what is none ends them."""
    records, place = {}, 0
    while match := _RECORD.match(content, place):
        length = int(match[1])
        if length <= len(match[1]) + 1:
            break
        key, _sign, value = content[match.end() : place + length - 1].partition(b"=")
        name = _SPARSE if key.startswith(_SPARSE.encode()) else _text(key)
        if name in {"path", "size", _SPARSE}:
            records[name] = _text(value)
        place += length
    return records


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _read(stream: IO[bytes], start: int, size: int, budget: Budget, most: int) -> bytes:
    if size > most:
        raise TooMuch()
    budget.spend(size)
    try:
        stream.seek(start)
        content = stream.read(size)
    except OSError:
        raise BadEntry(damaged()) from None
    if len(content) < size:
        raise BadEntry(damaged())
    return content

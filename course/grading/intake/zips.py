"""Reads the files in a zip that came from elsewhere. Sizes are counted while reading, whatever the zip claims."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

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

_CHUNK = 2**20
_MARKED_UTF8 = 0x800
_UNICODE_PATH = 0x7075  # Info-ZIP's and WinRAR's place for the name in UTF-8
_ENTRY_MARK = b"PK\x01\x02"  # stands before each entry in a zip's table of contents
_EXTRA_SIZE = 30  # where after the mark two bytes say how long its extra field is


def claimed(content: bytes) -> tuple[int, int]:
    """How many entries a zip may have, and bytes of extra fields together, told before anything is made of each."""
    entries = extra = 0
    place = content.find(_ENTRY_MARK)
    while place >= 0:
        entries += 1
        extra += int.from_bytes(content[place + _EXTRA_SIZE : place + _EXTRA_SIZE + 2], "little")
        place = content.find(_ENTRY_MARK, place + 1)
    return entries, extra


def opened_zip(stream: BinaryIO | io.BytesIO) -> zipfile.ZipFile:
    """Raises zipfile.BadZipFile, and nothing else, if it is none."""
    try:
        return zipfile.ZipFile(stream)
    except (NotImplementedError, ValueError, OSError, IndexError, RecursionError, struct.error) as error:
        raise zipfile.BadZipFile(str(error)) from None


def files_in_zip(archive: zipfile.ZipFile, budget: Budget) -> Iterator[Found | Refused]:
    """Each file, strays and folders left out."""
    for entry in archive.infolist():
        budget.entries -= 1
        if budget.entries < 0:
            yield Refused(entry.filename, too_many())
            return
        called = _name(entry)
        if called.endswith("/") or is_stray(called):
            continue
        try:
            name = safe_name(called)
            _require_plain(entry)
            yield Found(name, partial(_read, archive, entry, budget))
        except BadEntry as error:
            yield Refused(called, str(error))


def _name(entry: zipfile.ZipInfo) -> str:
    """The entry's name. macOS and others write UTF-8 without saying so, and Python then reads it as IBM's code page."""
    if entry.flag_bits & _MARKED_UTF8:
        return entry.filename
    raw = entry.orig_filename.encode("cp437", "replace")
    try:
        return (_unicode_path(entry.extra, raw) or raw).decode("utf-8")
    except UnicodeDecodeError:
        return entry.filename


def _unicode_path(extra: bytes, raw: bytes) -> bytes:
    """The name from the extra field that holds it in UTF-8; empty where there is none for this name."""
    place = 0
    while place + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, place)
        data, place = extra[place + 4 : place + 4 + size], place + 4 + size
        if kind == _UNICODE_PATH and data[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            return data[5:]
    return b""


def _require_plain(entry: zipfile.ZipInfo) -> None:
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise BadEntry(not_plain())
    if entry.flag_bits & 1:
        raise BadEntry(_("It is encrypted."))
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:  # others expand before they are counted
        raise BadEntry(_("It is packed in an unusual way, which is not read."))


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget, most: int) -> bytes:
    """The content, counted while it comes out, whatever size the archive claims."""
    content = bytearray()
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                content += chunk
                if len(content) > most:
                    raise TooMuch()
                budget.spend(len(chunk))
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError):
        raise BadEntry(damaged()) from None
    return bytes(content)

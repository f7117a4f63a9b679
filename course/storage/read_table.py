"""Reads a table that a learning platform or a spreadsheet has saved as text; changes nothing.

Commas, semicolons or tabs; UTF-8 with or without a mark, UTF-16 as Excel's "Unicode text" has it. What is neither is
taken for Windows-1252, as Excel writes CSV by default, and that is said.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course.errors import UsageError
from course.language import _

MOST_READ = 2**24  # bytes; a list of ten thousand people with all their grades has fewer
_SEPARATORS = ",;\t"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods; .xls
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Row:
    """A line of a table: where it begins in the file, from 1, and its cells without spaces around them."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The first line that is not blank, and those below. guessed: nothing says for sure how letters are written."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    guessed: bool = False


def read_table(path: Path, known: Callable[[str], bool]) -> Table:
    """The table in a file. known: whether a column's header is one that the reader looks for; it tells the separator.

    UsageError, a sentence that names the file, where it cannot be read as a table.
    """
    text, guessed = _text(path)
    if text.lower().startswith("sep="):  # Excel's own first line
        text = "\n" + text.partition("\n")[2]
    first = next((line for line in text.split("\n") if line.strip()), "")
    separator = max(_SEPARATORS, key=lambda each: sum(known(cell.strip()) for cell in _cells(first, each)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(line, tuple(cell.strip() for cell in cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        told = _("{path} cannot be read as a table: something is wrong in or after line {line} ({error}).")
        raise UsageError(told.format(path=path, line=line, error=error)) from None
    if not rows:
        raise UsageError(_("{path} is empty.").format(path=path))
    return Table(rows[0].cells, tuple(rows[1:]), guessed)


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


def _text(path: Path) -> tuple[str, bool]:
    """The text, with plain ends of lines; True where its encoding is a guess."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_READ + 1)
    except OSError as error:
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror)) from None
    if len(content) > MOST_READ:
        raise UsageError(_("{path} is too large for a table of people.").format(path=path))
    if content.startswith(_WORKBOOKS):
        told = _('{path} is a workbook of a spreadsheet. Save it as "CSV UTF-8" there, and name that file.')
        raise UsageError(told.format(path=path))
    text, guessed = _decoded(content)
    if text is None or "\0" in text:
        raise UsageError(_("{path} is no text.").format(path=path))
    return text.replace("\r\n", "\n").replace("\r", "\n"), guessed


def _decoded(content: bytes) -> tuple[str | None, bool]:
    for encoding in ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding), encoding == "cp1252"
        except UnicodeDecodeError:
            continue
    return None, False

"""CSV as spreadsheets and learning platforms read it. No cell is a formula to them, whatever a learner wrote."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

Cell = str | float | int | None
_FORMULA = ("=", "+", "-", "@")
_UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Cn", "Co", "Cs"}  # kinds of characters that a spreadsheet may pass over


def safe(cell: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula gets a ' before it; numbers stay numbers.

    Whatever stands before its first sign that is seen, and however wide that sign is written. Only line breaks of one
    kind are left, for a writer of CSV quotes no others, and what follows them would be a row of its own.
    """
    if not isinstance(cell, str):
        return cell
    text = "\n".join(cell.splitlines())
    seen = next((each for each in text if unicodedata.category(each) not in _UNSEEN), "")
    starts_alike = text[:1] in {"\t", "\n"} or unicodedata.normalize("NFKC", seen).startswith(_FORMULA)
    return f"'{text}" if starts_alike else text


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([safe(column) for column in columns])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return buffer.getvalue()

"""Finds the column of an assignment in Canvas, so that an import fills it and makes no new one.

Canvas knows a column by the number that ends its header, "Dropout (12345)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from course.errors import UsageError
from course.language import _
from course.storage.read_table import Table, read_table

_WITH_NUMBER = re.compile(r"(?P<title>.*\S)\s*\((?P<number>\d+)\)")
_FIXED = {"student", "lastname", "firstname", "id", "sis user id", "sis login id", "section"}


@dataclass(frozen=True)
class CanvasColumn:
    """header: as Canvas has it; new: Canvas has none yet. possible: its points there; people: whom Canvas knows.

    Both are None where no gradebook of Canvas's was given, or it does not say.
    """

    header: str
    new: bool = False
    possible: float | None = None
    people: frozenset[str] | None = None


def canvas_column(slug: str, wanted: str, exported: Path | None) -> CanvasColumn:
    """wanted: the header, or its number alone, or '' to find it by its title. exported: the gradebook from Canvas.

    UsageError where there is no such column, or more than one.
    """
    if exported is None:
        return _as_wanted(slug, wanted.strip())
    table = read_table(exported, lambda header: header.strip().lower() in _FIXED)
    fixed = [header.lower() for header in table.header]
    if "id" not in fixed or not {"student", "lastname"} & set(fixed):
        raise UsageError(_("{path} is no gradebook that Canvas has exported.").format(path=exported))
    columns = [header for header in table.header if _WITH_NUMBER.fullmatch(header)]
    found = [header for header in columns if _is_wanted(header, slug, wanted.strip())]
    if len(found) != 1:
        told = _("Which column of {path} is {name}? Say it by --CanvasExporter.column='…'. There are: {columns}.")
        raise UsageError(told.format(path=exported, name=wanted or slug, columns=", ".join(columns) or "–"))
    people = frozenset(_at(row.cells, fixed.index("id")) for row in table.rows) - {""}
    return CanvasColumn(found[0], possible=_possible(table, table.header.index(found[0])), people=people)


def _as_wanted(slug: str, wanted: str) -> CanvasColumn:
    if not wanted:
        return CanvasColumn(slug, new=True)
    if wanted.isdecimal():
        return CanvasColumn(f"{slug} ({wanted})")
    if not _WITH_NUMBER.fullmatch(wanted):
        told = _("{column} is no column of Canvas's: its header ends with a number, as in 'Dropout (12345)'.")
        raise UsageError(told.format(column=wanted))
    return CanvasColumn(wanted)


def _is_wanted(header: str, slug: str, wanted: str) -> bool:
    parts = _WITH_NUMBER.fullmatch(header)
    assert parts is not None
    if wanted:
        return wanted in (header, parts["number"])
    return _plain(parts["title"]) in {_plain(slug), _plain(re.sub(r"^\d+-\d+-", "", slug))}


def _plain(title: str) -> str:
    return re.sub(r"[\W_]+", "", title.casefold())


def _possible(table: Table, place: int) -> float | None:
    row = next((row.cells for row in table.rows[:3] if row.cells[0].casefold() == "points possible"), ())
    try:
        return float(_at(row, place).replace(",", "."))
    except ValueError:
        return None


def _at(cells: tuple[str, ...], place: int) -> str:
    return cells[place] if place < len(cells) else ""

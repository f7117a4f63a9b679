"""What checks found last in a learner's folder, remembered as codes, not in anybody's language.

It counts only as long as the answer's cell stays as it was checked.
"""

from __future__ import annotations

import hashlib
import linecache
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from course.storage.json_file import BrokenFile, locked, read_json, write_json
from course.verdict import Status

FILE = ".checked.json"
_KNOWN: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True)
class Found:
    """A status, and the digest of the cell in which the answer stood."""

    status: Status
    cell: str


def cell_digest(source: str) -> str:
    """Digest of a cell's text, whatever blank lines stand around it."""
    return hashlib.sha256(source.strip().encode("utf-8", "surrogatepass")).hexdigest()


def cell_of(candidate: object) -> str | None:
    """The text of the cell in which a function was defined; None where Python does not know."""
    code = getattr(candidate, "__code__", None)
    return "".join(linecache.getlines(code.co_filename)) or None if code else None


def remember(work: Path, found: Mapping[str, Found]) -> None:
    """Notes what a check found, by the exercise's name. Raises NotSaved where the folder cannot be written."""
    path = work / FILE
    with locked(path):
        new = {name: {"status": each.status, "cell": each.cell} for name, each in found.items()}
        write_json(path, {"checks": {**_read(path), **new}})


def remembered(work: Path) -> dict[str, Found]:
    """What was found last, by the exercise's name. Whatever is no status is left out, as if it had not been checked."""
    return {
        name: Found(each["status"], str(each.get("cell")))
        for name, each in _read(work / FILE).items()
        if isinstance(each, dict) and each.get("status") in _KNOWN
    }


def _read(path: Path) -> dict[str, Any]:
    """The entries by name; none where the file is missing, broken, or from before it held them."""
    try:
        data = read_json(path)
    except BrokenFile:
        return {}
    checks = data.get("checks") if isinstance(data, dict) else None
    return checks if isinstance(checks, dict) else {}

"""Reads a notebook that anybody may have written: mends what JupyterLab would, and says what cannot be read.

Nothing of its outputs is kept, as grading makes its own. Never raises anything but UnreadableNotebook.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.corpus.words import generate_corpus_id

from course.language import _, ngettext

CELL_TYPES = ("code", "markdown", "raw")
_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")
_NEWEST = 4
MAX_BYTES = 64 * 2**20
MAX_CELLS = 20_000
MAX_BRACKETS = 300_000  # lists and objects, brackets in texts included: as Python's objects each takes up to 1 KB
MAX_COMMAS = 3_000_000


class UnreadableNotebook(Exception):
    """The file is no notebook that can be read; the message says why, as the end of a sentence."""


def read_notebook(path: Path) -> NotebookNode:
    """The notebook in a plain file, without outputs. Raises UnreadableNotebook."""
    if path.is_symlink() or not path.is_file():
        raise UnreadableNotebook(_("is missing"))
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unreadable(_("it holds more than a notebook can; clear its outputs, then save it again"))
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(str(error.strerror)) from None
    return parse_notebook(content)


def parse_notebook(content: bytes) -> NotebookNode:
    """The notebook in a file's bytes: any version of the format up to 4, any encoding that JSON may have."""
    data = _parse(content)
    version = data.get("nbformat")
    if isinstance(version, int) and version > _NEWEST:
        raise _unreadable(_("it is in a newer format ({version}) than this course knows").format(version=version))
    try:
        if isinstance(version, int) and version < _NEWEST:
            data = nbformat.convert(nbformat.from_dict(_without_outputs(data)), _NEWEST)
        cells = data["cells"]
        if not isinstance(cells, list):
            raise TypeError
        _require_few(cells)
        mended = nbformat.from_dict(
            {
                "cells": _with_ids([_cell(cell) for cell in cells]),
                "metadata": _metadata(data.get("metadata")),
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        )
        nbformat.validate(mended, relax_add_props=True)
    except UnreadableNotebook:
        raise
    except (KeyError, TypeError):
        raise _unreadable(_("it holds no cells, as a notebook does")) from None
    except (Exception, RecursionError) as error:  # nbformat raises many kinds for what was made to break it
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        raise _unreadable(reason) from None
    return mended


def _parse(content: bytes) -> dict[str, Any]:
    """The JSON object, or a sentence on what the file is instead."""
    start = content[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    if not start:
        raise UnreadableNotebook(_("is empty"))
    if start.lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise _unreadable(_("it is a web page, not a notebook"))
    if content.count(b"[") + content.count(b"{") > MAX_BRACKETS or content.count(b",") > MAX_COMMAS:
        raise _unreadable(_("it holds more than a notebook can; clear its outputs, then save it again"))
    try:
        data = json.loads(content.decode(json.detect_encoding(content)).lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise _unreadable(_broken_json(error, start)) from None
    except (ValueError, RecursionError):  # ValueError: bytes of no encoding, a number of a million digits
        raise _unreadable(_("it is not the text that a notebook is")) from None
    if not isinstance(data, dict):
        raise _unreadable(_("it is not a notebook"))
    return data


def _broken_json(error: json.JSONDecodeError, start: bytes) -> str:
    if not start.startswith((b"{", b"\0{")):
        return _("it is not a notebook")
    if error.msg.startswith("Unterminated string") or not error.doc[error.pos :].strip():
        return _("it ends in the middle")
    place = _("something is wrong at line {line}, character {character}")
    return place.format(line=error.lineno, character=error.colno)


def _unreadable(reason: str) -> UnreadableNotebook:
    return UnreadableNotebook(_("cannot be read: {reason}").format(reason=reason))


def _without_outputs(data: dict[str, Any]) -> dict[str, Any]:
    """Of an old format, whose outputs would be converted, and may be wrong, for nothing."""
    places = [data, *data.get("worksheets", [])] if isinstance(data.get("worksheets", []), list) else [data]
    for place in places:
        cells = place.get("cells", []) if isinstance(place, dict) else []
        _require_few(cells)
        for cell in cells:
            if isinstance(cell, dict) and "outputs" in cell:
                cell["outputs"] = []
    return data


def _require_few(cells: Any) -> None:
    """Checking a cell against the format takes a tenth of a millisecond, in which nobody else is graded."""
    if len(cells) > MAX_CELLS:
        raise _unreadable(ngettext("it has {count} cell", "it has {count} cells", len(cells)).format(count=len(cells)))


def _cell(cell: Any) -> dict[str, Any]:
    """The cell as format 4.5 wants it; TypeError for what is no cell."""
    if not isinstance(cell, dict):
        raise TypeError
    kind = cell.get("cell_type")
    mended: dict[str, Any] = {
        "id": cell.get("id"),
        "cell_type": kind if kind in CELL_TYPES else "raw",
        "metadata": cell["metadata"] if isinstance(cell.get("metadata"), dict) else {},
        "source": _text(cell.get("source", "")),
    }
    if kind == "code":
        mended |= {"outputs": [], "execution_count": None}
    elif isinstance(cell.get("attachments"), dict):
        mended["attachments"] = cell["attachments"]
    return mended


def _text(source: Any) -> str:
    """A source is a text or a list of lines. Half characters, which no file can hold, are replaced."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.encode("utf-8", "replace").decode("utf-8") if isinstance(source, str) else ""


def _with_ids(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with an id that the format allows and no other has."""
    seen: set[str] = set()
    for cell in cells:
        while not isinstance(cell["id"], str) or not _ID.fullmatch(cell["id"]) or cell["id"] in seen:
            cell["id"] = generate_corpus_id()
        seen.add(cell["id"])
    return cells


def _metadata(metadata: Any) -> dict[str, Any]:
    """Without a kernelspec or language that says nothing: the course's own is used in grading anyway."""
    if not isinstance(metadata, dict):
        return {}
    return {
        key: value for key, value in metadata.items() if key not in {"kernelspec", "language_info", "orig_nbformat"}
    }

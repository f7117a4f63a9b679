"""Of what a submission displays, keeps what is harmless to look at.

nbconvert puts HTML, scripts, cell numbers and sizes of pictures into its pages as they are, and formgrader shows such
a page with the instructor's own rights. So only text and pictures stay; our own verdicts are put in afterwards.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from course.language import _

PICTURES = ("image/png", "image/jpeg")


def keep_text_and_pictures(notebook: NotebookNode) -> None:
    """Of every output nothing stays but text and PNG or JPEG pictures, without sizes or other metadata."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = _whole_number(cell.get("execution_count"))
            cell.outputs = [_harmless_output(output) for output in cell.get("outputs", [])]


def _harmless_output(output: NotebookNode) -> NotebookNode:
    if output.output_type == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(output.get("text", "")))
    if output.output_type == "error":
        lines = output.get("traceback", [])
        traceback = [_text(line) for line in lines] if isinstance(lines, list) else []
        ename, evalue = _text(output.get("ename", "")), _text(output.get("evalue", ""))
        return new_output("error", ename=ename, evalue=evalue, traceback=traceback)
    shown = _harmless_data(output.get("data", {}))
    if output.output_type == "execute_result":
        return new_output("execute_result", data=shown, execution_count=_whole_number(output.get("execution_count")))
    return new_output("display_data", data=shown)


def _harmless_data(data: dict[str, Any]) -> dict[str, str]:
    kept = {kind: _text(data[kind]) for kind in PICTURES if kind in data and _is_base64(data[kind])}
    if "text/plain" in data:
        kept["text/plain"] = _text(data["text/plain"])
    return kept or {"text/plain": _("(Not shown: of what a submission displays, text and pictures are kept.)")}


def _text(value: object) -> str:
    """Text that can be written to a file: half characters are replaced."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _is_base64(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(base64.b64decode("".join(value.split()), validate=True))
    except (binascii.Error, ValueError):
        return False


def _whole_number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def safe_attachments(cell: NotebookNode) -> dict[str, dict[str, str]]:
    """Pictures pasted into a cell's text."""
    found = cell.get("attachments")
    kept = {}
    for name, data in (found if isinstance(found, dict) else {}).items():
        pictures = {k: data[k] for k in PICTURES if isinstance(data, dict) and k in data and _is_base64(data[k])}
        if pictures:
            kept[str(name)] = pictures
    return kept

"""Of what a submission displays, keeps what is safe to look at.

nbconvert puts HTML, scripts, cell numbers and sizes of pictures into its pages as they are, and formgrader shows such
a page with the instructor's own rights. So only text and pictures stay; our own verdicts are put in afterwards.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from typing import Any

import nh3
from nbformat import NotebookNode
from nbformat.v4 import new_output

from course.language import _
from course.maths import MATHML_TAGS
from course.verdict import STYLES

PICTURES = ("image/png", "image/jpeg")
MAX_ATTACHED = 8_000_000  # characters of base64 text of all pictures in one cell

TAGS = (
    {"a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3"}
    | {"h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "mark", "ol", "p", "pre", "s", "span", "strong", "sub"}
    | {"summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"}
)

_BEGINS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_PLAIN_NAME = re.compile(r"[^\W_][\w .()@+-]{0,199}")


def keep_text_and_pictures(notebook: NotebookNode) -> None:
    """Of every output nothing stays but text and PNG or JPEG pictures, without sizes or other metadata."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = _whole_number(cell.get("execution_count"))
            cell.outputs = [_safe_output(output) for output in cell.get("outputs", [])]


def safe_attachments(cell: NotebookNode) -> dict[str, dict[str, str]]:
    """The PNG and JPEG pictures that were pasted into a cell, by name; {} where there are none.

    Names are plain, what claims to be a picture begins as one, and together they are no longer than MAX_ATTACHED.
    """
    attachments = cell.get("attachments")
    kept: dict[str, dict[str, str]] = {}
    left = MAX_ATTACHED
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        if not (isinstance(name, str) and _PLAIN_NAME.fullmatch(name) and isinstance(bundle, dict)):
            continue
        for kind in PICTURES:
            data = _picture_data(kind, bundle.get(kind), left)
            if data:
                kept[name] = {kind: data}
                left -= len(data)
                break
    return kept


def _picture_data(kind: str, value: object, longest: int) -> str | None:
    """The base64 text without line breaks, if it is a picture of this kind and not too long."""
    text = "".join(value) if isinstance(value, list) and all(isinstance(line, str) for line in value) else value
    if not isinstance(text, str) or len(text) > 2 * longest or not _is_base64(text):
        return None
    data = "".join(text.split())
    return data if len(data) <= longest and base64.b64decode(data).startswith(_BEGINS[kind]) else None


def clean_verdict(shown: str) -> str:
    """HTML of a verdict of ours as it is, and of anything else what is safe to show: no link, picture or script.

    A second wall: what a submission displays as HTML has been dropped before verdicts are put in.
    """
    return nh3.clean(
        shown,
        tags=(TAGS - {"a", "img"}) | MATHML_TAGS | {"semantics"},
        clean_content_tags={"script", "style", "svg", "annotation"},
        attributes={"th": {"scope", "style"}, "td": {"style"}, "table": {"style"}, "p": {"style"}},
        allowed_classes={"div": {"course-verdict"}},
        filter_style_properties=STYLES,
    )


def as_written(source: str) -> str:
    """The text itself, as it was typed."""
    return f"<pre>{html.escape(source)}</pre>"


def too_long() -> str:
    """Said where a text or an output is cut off."""
    return _("It is longer than what can be shown here; the rest is in the notebook.")


def _safe_output(output: NotebookNode) -> NotebookNode:
    if output.output_type == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(output.get("text", "")))
    if output.output_type == "error":
        lines = output.get("traceback", [])
        traceback = [_text(line) for line in lines] if isinstance(lines, list) else []
        ename, evalue = _text(output.get("ename", "")), _text(output.get("evalue", ""))
        return new_output("error", ename=ename, evalue=evalue, traceback=traceback)
    shown = _safe_data(output.get("data", {}))
    if output.output_type == "execute_result":
        return new_output("execute_result", data=shown, execution_count=_whole_number(output.get("execution_count")))
    return new_output("display_data", data=shown)


def _safe_data(data: dict[str, Any]) -> dict[str, str]:
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

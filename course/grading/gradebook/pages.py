"""Formgrader's pages of a submission: nbconvert's and nbgrader's own, with parts replaced by settings.

nbgrader_config.py names what is here. Whatever a notebook holds, its page is made, in bounded time; nothing of it acts
in the page, and no file that was handed in is opened as a page.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader.server_extensions.formgrader import handlers
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]
from traitlets import Bool

from course.grading.gradebook.markdown import draw
from course.language import ngettext
from course.notebooks.sanitise import as_written, clean_verdict, keep_text_and_pictures, safe_attachments, too_long

TEMPLATES = [str(Path(__file__).parent / "templates"), handlers.template_path]

MAX_CELLS = 300  # cells of the learner's own that are shown; cells that are graded always are
MAX_OUTPUTS = 50  # outputs of one cell
MAX_TEXT = 50_000  # characters of one cell or one output
MAX_PAGE = 20_000_000  # characters of all cells and outputs together, pictures included
MAX_COLOURED = 8_000  # characters of code that is coloured; longer code is shown plainly
MAX_BLANK_LINES = 30  # in a row, within coloured code: the colouring's time grows with their square
DRAWING_TIME = 20.0  # seconds for Markdown and colours of one page; after that text is shown as it was written

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class ShownNotebook(Preprocessor):  # type: ignore[misc]
    """Before a page is made: cells and outputs that it can show, with ids and counts that are what they should be."""

    enabled = Bool(True).tag(config=True)

    def preprocess(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        notebook.metadata = NotebookNode()
        notebook.cells = _shown_cells(notebook.cells)
        left = MAX_PAGE
        for index, cell in enumerate(notebook.cells):
            _make_plain(cell, index)
            left = _bound(cell, left)
        resources["drawing_ends"] = time.monotonic() + DRAWING_TIME
        return notebook, resources


def _shown_cells(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The graded cells and the first of the others, with a sentence where cells were left out."""
    shown, own = [], 0
    for cell in cells:
        own += not _is_graded(cell)
        if _is_graded(cell) or own <= MAX_CELLS:
            shown.append(cell)
    if own > MAX_CELLS:
        left = own - MAX_CELLS
        told = ngettext(
            "{number} cell of the notebook is not shown here.",
            "{number} cells of the notebook are not shown here.",
            left,
        ).format(number=left)
        shown.append(new_markdown_cell(f"**{told}**"))
    return shown


def _is_graded(cell: NotebookNode) -> bool:
    return bool(_nbgrader(cell))


def _nbgrader(cell: NotebookNode) -> NotebookNode | None:
    """What nbgrader has to know of a cell that it grades, or of the answer that belongs to one."""
    data = cell.get("metadata", {}).get("nbgrader")
    if not isinstance(data, dict) or not isinstance(data.get("grade_id"), str):
        return None
    return data if any(data.get(kind) for kind in ("grade", "solution", "task")) else None


def _make_plain(cell: NotebookNode, index: int) -> None:
    data = _nbgrader(cell)
    cell.metadata = NotebookNode({"nbgrader": data} if data else {})
    name = cell.get("id")
    if not (isinstance(name, str) and _PLAIN_ID.fullmatch(name)):
        cell.id = f"cell-{index}"
    if not isinstance(cell.get("source"), str):
        cell.source = ""
    attachments = safe_attachments(cell)
    cell.pop("attachments", None)
    if attachments and cell.cell_type == "markdown":
        cell.attachments = attachments
    if cell.cell_type == "code":
        verdicts = [_verdict(output) for output in cell.get("outputs", [])]
        keep_text_and_pictures(NotebookNode(cells=[cell]))
        cell.outputs = [verdict or output for verdict, output in zip(verdicts, cell.outputs, strict=True)]


def _verdict(output: NotebookNode) -> NotebookNode | None:
    """The output as text and clean HTML, if it is a verdict: nothing else in a graded notebook has HTML."""
    shown = output.get("data", {}).get("text/html") if isinstance(output.get("data"), dict) else None
    return new_output("display_data", {"text/html": clean_verdict(shown)}) if isinstance(shown, str) else None


def _bound(cell: NotebookNode, left: int) -> int:
    """Cuts off what is too long, with a sentence. Returns how many characters the page may have after this cell."""
    longest = max(0, min(MAX_TEXT, left))
    left -= min(len(cell.source), MAX_TEXT)
    if cell.cell_type != "code":
        left -= sum(len(data) for bundle in cell.get("attachments", {}).values() for data in bundle.values())
        if left < 0:
            cell.source = too_long()
            cell.pop("attachments", None)
        if cell.cell_type == "raw":
            cell.source = _cut(cell.source, longest)
        return left
    cell.source = _cut(cell.source, longest)
    kept = []
    for output in cell.outputs[:MAX_OUTPUTS]:
        longest = max(0, min(MAX_TEXT, left))
        left -= _bound_output(output, longest, left)
        kept.append(output)
    if len(cell.outputs) > MAX_OUTPUTS:
        kept.append(new_output("stream", text=too_long()))
    cell.outputs = kept
    return left


def _bound_output(output: NotebookNode, longest: int, left: int) -> int:
    """Cuts an output. Returns how many characters it takes up; a verdict is counted for nothing."""
    if output.output_type == "stream":
        output.text = _cut(output.text, longest)
        return len(output.text)
    if output.output_type == "error":
        traceback = _cut("\n".join(output.traceback or [f"{output.ename}: {output.evalue}"]), longest)
        output.traceback, output.ename, output.evalue = [traceback], "", ""
        return len(traceback)
    if "text/html" in output.data:
        return 0
    if sum(map(len, output.data.values())) > left:
        output.data = {"text/plain": too_long()}
    if "text/plain" in output.data:
        output.data["text/plain"] = _cut(output.data["text/plain"], longest)
    return sum(map(len, output.data.values()))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}\n… {too_long()}"


@pass_context
def markdown_shown(context: Any, source: str) -> str:
    """Takes the place of nbconvert's filter markdown2html."""
    if _time_is_over(context):
        return as_written(source)
    cell = context.get("cell") or {}
    attachments: Mapping[str, Mapping[str, str]] = cell.get("attachments") or {}
    return draw(source, attachments)


@pass_context
def code_shown(context: Any, source: str, language: object = None, metadata: object = None) -> str:
    """Takes the place of nbconvert's filter highlight_code: colours where they cost little, else the code alone."""
    if len(source) > MAX_COLOURED or _blank_lines(source) > MAX_BLANK_LINES or _time_is_over(context):
        return f'<div class="highlight"><pre>{html.escape(source)}</pre></div>'
    return str(highlight(source or " ", PythonLexer(), HtmlFormatter(cssclass="highlight hl-ipython3")))


def raw_shown(source: str) -> str:
    """Takes the place of nbconvert's filter clean_html, which draws raw cells, and links in them, as HTML."""
    return as_written(source)


def as_it_is(text: str) -> str:
    """Takes the place of nbconvert's filter strip_files_prefix: there are no links to files, and it takes its time."""
    return text


def _blank_lines(source: str) -> int:
    """The greatest number of blank lines in a row."""
    most = now = 0
    for line in source.splitlines():
        now = 0 if line.strip() else now + 1
        most = max(most, now)
    return most


def _time_is_over(context: Any) -> bool:
    return bool(time.monotonic() > (context.get("resources") or {}).get("drawing_ends", float("inf")))


FILTERS = {
    "markdown2html": markdown_shown,
    "highlight_code": code_shown,
    "clean_html": raw_shown,
    "strip_files_prefix": as_it_is,
}


def guard_formgrader() -> None:
    """Formgrader gives out files that were handed in as downloads, and draws pages by the settings in force.

    nbgrader has no settings for this: it would send an .html or .svg file as a page of this server's own, with the
    instructor's rights, and, where the course is not the folder that JupyterLab was started in, draw submissions
    without the settings above.
    """
    files, pages = handlers.SubmissionFilesHandler, handlers.BaseHandler
    files.set_extra_headers = _send_as_download
    pages.exporter = property(_exporter_in_force)


def _send_as_download(handler: Any, path: str) -> None:
    handler.set_header("Content-Disposition", "attachment")
    handler.set_header("Content-Security-Policy", "sandbox; default-src 'none'")
    handler.set_header("X-Content-Type-Options", "nosniff")


def _exporter_in_force(handler: Any) -> HTMLExporter:
    return HTMLExporter(config=handler.settings["nbgrader_formgrader"].config)

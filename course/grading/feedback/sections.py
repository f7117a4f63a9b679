"""What a learner is sent back to: the words of the lesson's sections, by heading.

They stand in the page itself: a page that opens from disk, or in JupyterLab's viewer, cannot open a notebook at a
heading. Pictures and code stay in the notebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from course.catalog import Catalog
from course.grading.gradebook.markdown import draw
from course.notebooks.release import grading_template
from course.notebooks.restore import grade_id

MAX_SECTION = 3_000  # characters of one section that are shown; whole paragraphs
_HEADING = re.compile(r"^#{1,6}\s+(.*)$")


@dataclass(frozen=True)
class Section:
    """notebook: the file in which it stands. shown: its words up to the next heading, as HTML."""

    notebook: str
    shown: str


def sections_of(catalog: Catalog, slug: str, headings: set[str]) -> dict[str, Section]:
    """The sections with these headings, as far as the chapter has them in words; the lesson's come first."""
    found: dict[str, Section] = {}
    notebooks = grading_template(catalog, slug)
    for stem in catalog.notebooks(slug):
        for heading, text in _sections_in(notebooks[stem]):
            if heading in headings and heading not in found and text:
                found[heading] = Section(f"{stem}.ipynb", draw(text, {}))
    return found


def heading_before(notebook: NotebookNode, name: str) -> str:
    """The heading under which the cell of that name stands, in plain words; '' where there is none."""
    heading = ""
    for cell in notebook.cells:
        if grade_id(cell) == name:
            return heading
        if cell.cell_type == "markdown" and grade_id(cell) is None:
            heading = next((plain for plain, _line in reversed(_lines(cell.source)) if plain), heading)
    return ""


def _sections_in(notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    heading, lines = "", [""]
    for cell in notebook.cells:
        if cell.cell_type != "markdown" or grade_id(cell) is not None:
            continue
        for plain, line in _lines(cell.source):
            if plain:
                yield heading, _shortened("\n".join(lines))
                heading, lines = plain, []
            else:
                lines.append(line)
        lines.append("")
    yield heading, _shortened("\n".join(lines))


def _lines(source: str) -> list[tuple[str, str]]:
    """Each line, with the heading that it is in plain words, or ''; what stands between fences is no heading."""
    found, is_code = [], False
    for line in source.splitlines():
        is_code ^= line.lstrip().startswith("```")
        match = None if is_code else _HEADING.match(line)
        found.append((" ".join(re.sub("[`*]", "", match[1]).split()) if match else "", line))
    return found


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= MAX_SECTION else text[:MAX_SECTION].rsplit("\n\n", 1)[0] + "\n\n…"

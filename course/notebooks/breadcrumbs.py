"""The first cell of a released notebook: where it stands in the course, and the ways back and on.

Made from notebooks/contents.yml when a chapter is released, so no source carries it. It is nobody's work: a
learner's copy that differs in nothing else is not edited, and grading does not see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from course.catalog import Catalog, Chapter
from course.language import _

CELL_ID = "breadcrumb"
MARK = {"course": CELL_ID}  # in the cell's metadata
CONTENTS_PAGE = "index.ipynb"  # it is made in the learner's workspace, above the chapters' folders
_BY_HAND = re.compile(r"\A\[[^\]]*\]\(\.\./index\.ipynb\).*?(?=^# )", re.DOTALL | re.MULTILINE)

Place = tuple[Chapter, str]  # a chapter and the stem of one of its notebooks


def with_breadcrumb(
    notebook: NotebookNode, catalog: Catalog, slug: str, stem: str, *, alone: bool = False
) -> NotebookNode:
    """The notebook, changed in place: the cell comes first, and one that its author wrote by hand goes.

    alone: the chapter's folder is handed out by itself, as nbgrader does, so the cell links to nothing outside it.
    """
    if stem not in catalog.notebooks(slug):
        return notebook
    cells = without_breadcrumb(without_own_breadcrumb(notebook).cells)
    source = "\n\n".join(
        line for line in (_trail(catalog, slug, stem, alone), _ways(catalog, slug, stem, alone)) if line
    )
    notebook.cells = [new_markdown_cell(source, id=CELL_ID, metadata=dict(MARK)), *cells]
    return notebook


def without_own_breadcrumb(notebook: NotebookNode) -> NotebookNode:
    """The notebook, changed in place: without lines by which its author has led back to the contents page."""
    if notebook.cells and notebook.cells[0].cell_type == "markdown":
        notebook.cells[0].source = _BY_HAND.sub("", notebook.cells[0].source)
    return notebook


def without_breadcrumb(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The cells without those that a release has put there."""
    return [cell for cell in cells if cell.cell_type != "markdown" or cell.metadata.get("course") != CELL_ID]


def _trail(catalog: Catalog, slug: str, stem: str, alone: bool) -> str:
    """From the contents page, where there is one, to this notebook."""
    chapter = catalog.chapter(slug)
    here = catalog.heading(chapter)
    steps = [] if alone else [_contents_link()]
    steps.append(f"*{catalog.told(chapter.section)}*")
    if stem == "lesson":
        return " › ".join([*steps, f"**{here}**"])
    return " › ".join([*steps, f"[{here}](lesson.ipynb)", f"**{notebook_title(catalog, stem)}**"])


def _ways(catalog: Catalog, slug: str, stem: str, alone: bool) -> str:
    """The notebooks before and after this one; from the first and last of the course to the contents page."""
    places = list(_places(catalog))
    here = places.index((catalog.chapter(slug), stem))
    ends = "" if alone else _contents_link()
    before = _link(catalog, slug, places[here - 1], alone) if here else ends
    after = _link(catalog, slug, places[here + 1], alone) if here + 1 < len(places) else ends
    ways = [f"← {_('previous')}: {before}" if before else "", f"{_('next')}: {after} →" if after else ""]
    return " · ".join(way for way in ways if way)


def _contents_link() -> str:
    return f"[{_('Course contents')}](../{CONTENTS_PAGE})"


def _places(catalog: Catalog) -> Iterator[Place]:
    """Every notebook of the course, as it is read."""
    for chapter in catalog.chapters:
        yield from ((chapter, stem) for stem in catalog.notebooks(chapter.slug))


def _link(catalog: Catalog, slug: str, place: Place, alone: bool) -> str:
    """To a notebook, from one of the chapter slug; a lesson is called by its chapter.

    alone: one of another chapter is named, not linked.
    """
    chapter, stem = place
    elsewhere = chapter.slug != slug
    title = catalog.heading(chapter) if stem == "lesson" and elsewhere else notebook_title(catalog, stem)
    optional = "" if stem in ("lesson", "exercises") else f" ({_('optional')})"
    if elsewhere and alone:
        return title + optional
    folder = f"../{chapter.slug}/" if elsewhere else ""
    return f"[{title}]({folder}{stem}.ipynb){optional}"


def notebook_title(catalog: Catalog, stem: str) -> str:
    """What links call a notebook: one that goes deeper by its topic, in the learner's language if that is known."""
    topic = stem.removeprefix("deeper-").replace("-", " ").capitalize()
    return {"lesson": _("Lesson"), "exercises": _("Exercises")}.get(stem, catalog.told(topic))

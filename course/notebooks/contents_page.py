"""The contents page: sections and chapters as cards, how long each part takes, how far the learner is, where to go on.

Plain Markdown and HTML that every front end of Jupyter shows unrun, without a script: JupyterLab lets through the few
styles used here, and no colour is set, so that the page follows the theme.
"""

from __future__ import annotations

import hashlib
import json
from html import escape
from pathlib import Path
from typing import Any

from nbformat.v4 import new_markdown_cell, new_notebook

from course.catalog import Catalog, Chapter, Comparison, Section, load_catalog
from course.language import _, ngettext
from course.notebooks.breadcrumbs import notebook_title
from course.notebooks.progress import ChapterProgress, chapter_progress, progress_lines
from course.storage.folder import notebook_folder

_CARDS = "display: flex; flex-wrap: wrap; gap: 12px"
_CARD = "border: 1px solid #888; border-radius: 8px; padding: 8px 16px 12px; flex: 1 1 340px; max-width: 520px"
_ROW = "display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; margin-top: 6px"
_PILL = "border: 1px dashed #888; border-radius: 12px; padding: 1px 10px"
_FAINT = "opacity: 0.8"
_SIDEWAYS = "overflow-x: auto"  # a table that is wider than the page
_CELL = "text-align: left; vertical-align: top; white-space: normal"


class ContentsPage:
    """What `contents()` shows in a notebook: the chapters with links and how far the learner is."""

    def __init__(self) -> None:
        self.catalog = load_catalog()
        here = notebook_folder()
        inside = any(here.name in (chapter.slug, *chapter.formerly) for chapter in self.catalog.chapters)
        self.folder, self._to_folder = (here.parent, "../") if inside else (here, "")

    def __repr__(self) -> str:
        return "\n".join(progress_lines(self.catalog, self.folder))

    def _repr_markdown_(self) -> str:
        return "\n\n".join(contents_texts(self.catalog, self.folder, self._to_folder))


def contents_texts(catalog: Catalog, folder: Path, to_folder: str = "") -> list[str]:
    """The page in Markdown: its head, then one text for each section.

    folder: the learner's copy of the course. to_folder: the way to it from where this is shown, such as "../".
    """
    return _texts(catalog, [chapter_progress(catalog, chapter, folder) for chapter in catalog.chapters], to_folder)


def _texts(catalog: Catalog, chapters: list[ChapterProgress], to_folder: str = "") -> list[str]:
    progress = {each.chapter.slug: each for each in chapters}
    head = [
        f"# {catalog.told(catalog.title)}",
        _("Your work is kept in this folder. Nothing that you write is overwritten."),
        _next_step(catalog, chapters, to_folder),
    ]
    sections = [
        _section(catalog, number, section, progress, to_folder)
        for number, section in enumerate(catalog.sections, start=1)
    ]
    return ["\n\n".join(line for line in head if line), *sections]


def _next_step(catalog: Catalog, progress: list[ChapterProgress], to_folder: str) -> str:
    """Where to go on: in the chapter that was worked in last, else at the first that is not begun."""
    begun = sorted((each for each in progress if each.is_begun), key=lambda each: each.touched, reverse=True)
    fresh = [each for each in progress if not each.is_begun and not each.fault]
    for each in begun:
        chapter = each.chapter
        if each.answered < each.questions:
            return _link_line(catalog, _("Continue where you left off:"), chapter, "lesson", to_folder)
        if each.passed < len(each.exercises):
            return _link_line(catalog, _("Continue where you left off:"), chapter, "exercises", to_folder)
    if fresh:
        word = _("Go on with:") if begun else _("Start here:")
        return _link_line(catalog, word, fresh[0].chapter, "lesson", to_folder)
    return ""


def _link_line(catalog: Catalog, word: str, chapter: Chapter, stem: str, to_folder: str) -> str:
    title = f"{chapter.number} {catalog.told(chapter.title)}, {notebook_title(catalog, stem)}"
    return f"**{word}** [{title}]({to_folder}{chapter.slug}/{stem}.ipynb)"


def _section(
    catalog: Catalog, number: int, section: Section, progress: dict[str, ChapterProgress], to_folder: str
) -> str:
    """A heading, the section's cards, what it compares, and what is to come, fainter."""
    cards = [line for chapter in section.chapters for line in _card(catalog, progress[chapter.slug], to_folder)]
    lines = [f"## {number} {catalog.told(section.title)}", ""]
    if cards:
        lines += [f'<div style="{_CARDS}">', *cards, "</div>"]
    if section.comparison and section.comparison.texts:
        lines += _comparison(catalog, section.comparison, to_folder)
    if section.coming:
        names = (f"{each.number} {escape(catalog.told(each.title))}" for each in section.coming)
        titles = (f'<span style="{_PILL}">{name}</span>' for name in names)
        lines.append(f'<div style="{_ROW}; {_FAINT}"><span>{_("Coming:")}</span>{"".join(titles)}</div>')
    return "\n".join(lines)


def _comparison(catalog: Catalog, comparison: Comparison, to_folder: str) -> list[str]:
    """A table, folded away until it is asked for: a column for each chapter's remedy, whose name leads to its lesson.

    So a table of few remedies and many aspects fits beside the list of files.
    """
    remedies = {slug: [escape(catalog.told(text)) for text in texts] for slug, texts in comparison.texts.items()}
    aspects = [escape(catalog.told(name)) for name in comparison.aspects]
    links = (f'<a href="{to_folder}{slug}/lesson.ipynb">{texts[0]}</a>' for slug, texts in remedies.items())
    rows = [_head(aspects[0], "col") + "".join(_head(link, "col") for link in links)]
    for place, aspect in enumerate(aspects[1:], start=1):
        rows.append(_head(aspect, "row") + "".join(_cell(texts[place]) for texts in remedies.values()))
    return [
        "<details>",
        f'<summary style="margin-top: 10px">{escape(catalog.told(comparison.title))}</summary>',
        f'<div style="{_SIDEWAYS}"><table>',
        *(f"<tr>{row}</tr>" for row in rows),
        "</table></div></details>",
    ]


def _head(text: str, scope: str) -> str:
    return f'<th scope="{scope}" style="{_CELL}">{text}</th>'


def _cell(text: str) -> str:
    return f'<td style="{_CELL}">{text}</td>'


def _card(catalog: Catalog, progress: ChapterProgress, to_folder: str) -> list[str]:
    chapter = progress.chapter
    notebooks = catalog.notebooks(chapter.slug)
    lines = [f'<div style="{_CARD}">', f"<h3>{chapter.number} {escape(catalog.told(chapter.title))}</h3>"]
    questions, exercises = progress.questions, len(progress.exercises)
    answered = ngettext("{done} of {all} question answered", "{done} of {all} questions answered", questions)
    passed = ngettext("{done} of {all} exercise passed", "{done} of {all} exercises passed", exercises)
    essential = (
        ("lesson", answered, progress.answered, questions),
        ("exercises", passed, progress.passed, exercises),
    )
    for stem, told, done, of in essential:
        if stem in notebooks:
            words = told.format(done=done, all=of) if of else _("cannot be loaded") if progress.fault else ""
            lines.append(_row(chapter, stem, notebook_title(catalog, stem), to_folder, _bar(words, done, of)))
    deeper = [
        _row(chapter, stem, notebook_title(catalog, stem), to_folder, "")
        for stem in notebooks
        if stem not in ("lesson", "exercises")
    ]
    if deeper:
        lines += [f"<details><summary>{_('Go deeper (optional)')}</summary>", *deeper, "</details>"]
    return [*lines, "</div>"]


def _row(chapter: Chapter, stem: str, title: str, to_folder: str, bar: str) -> str:
    """A notebook's link, how long it takes, and a bar."""
    link = f'<a href="{to_folder}{chapter.slug}/{stem}.ipynb">{escape(title)}</a>'
    minutes = chapter.minutes.get(stem)
    words = ngettext("{minutes} minute", "{minutes} minutes", minutes or 0).format(minutes=minutes)
    time = f"<span>{words}</span>" if minutes else ""
    return f'<div style="{_ROW}">{link}{time}{bar}</div>'


def _bar(words: str, done: int, of: int) -> str:
    if not of:
        return f"<span>{escape(words)}</span>"
    return f'<progress max="{of}" value="{done}" title="{escape(words)}"></progress><span>{escape(words)}</span>'


def contents_notebook(catalog: Catalog, folder: Path) -> Any:
    """The contents page (index.ipynb), which shows unrun.

    Its metadata carry digests of its texts and of its outline without progress, by which workspace.py later tells what
    the learner has changed.
    """
    progress = [chapter_progress(catalog, chapter, folder) for chapter in catalog.chapters]
    texts, without_progress = _texts(catalog, progress), _texts(catalog, [each.at_the_start for each in progress])
    cells = [new_markdown_cell(text, id=f"contents-{number}") for number, text in enumerate(texts)]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    outline = hashlib.sha256("\n".join(without_progress).encode()).hexdigest()
    notebook.metadata["course"] = {"texts": texts_digest(notebook), "outline": outline}
    return notebook


def texts_digest(notebook: Any) -> str:
    """A digest of what stands in the cells, whatever was run."""
    texts = [(cell.cell_type, cell.source) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()

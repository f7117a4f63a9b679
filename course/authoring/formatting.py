"""`course format`: notebooks as they are kept, so that a diff shows what an author has changed and nothing else.

No outputs, no execution counts, metadata of the course's own kernel, ids that stay, one sentence a line in Markdown.
Code is ruff's to format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.authoring.sentences import one_sentence_a_line
from course.catalog import Catalog
from course.errors import CourseError
from course.locale import NEW_CHAPTER
from course.storage.atomic import replace_file

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_KEPT = ("nbgrader", "tags", "slideshow")  # of a cell's metadata; the rest is an editor's
_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")


def source_files(catalog: Catalog) -> Iterator[Path]:
    """The notebooks of all chapters, and those from which `course new` makes some."""
    for chapter in catalog.chapters:
        folder = catalog.notebooks_folder(chapter.slug)
        yield from (folder / f"{stem}.ipynb" for stem in catalog.notebooks(chapter.slug))
    yield from sorted((catalog.root / "course" / "authoring" / NEW_CHAPTER.name).rglob("*.ipynb.template"))


def format_notebooks(paths: Iterator[Path], *, check: bool) -> list[Path]:
    """Formats the files; the ones that were not as they should be. check: nothing is written."""
    changed = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        formatted = formatted_notebook(text, str(path))
        if formatted != text:
            changed.append(path)
            if not check:
                replace_file(path, formatted.encode())
    return changed


def formatted_notebook(text: str, name: str = "") -> str:
    """A notebook's file as it is kept. CourseError, with the file's name, for what is no notebook of format 4."""
    try:
        data = json.loads(text)
        if data["nbformat"] != 4:
            raise ValueError(f"its format is {data['nbformat']}, not 4")
        data["cells"] = _with_ids([_cell(cell) for cell in data["cells"]])
        data |= {"metadata": METADATA, "nbformat_minor": 5}
        notebook: NotebookNode = nbformat.from_dict(data)
        nbformat.validate(notebook)
    except (ValueError, KeyError, TypeError, nbformat.ValidationError) as error:
        told = str(error).splitlines()[0]
        raise CourseError(f"{name}:1: this is no notebook of format 4 ({told}). Mend it.") from None
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    """The cell without what running it or an editor has left in it."""
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        source = one_sentence_a_line(source.rstrip())
    metadata = {name: value for name, value in cell.get("metadata", {}).items() if name in _KEPT}
    kept: dict[str, Any] = {"cell_type": cell["cell_type"], "metadata": metadata, "source": source}
    if cell.get("id"):
        kept["id"] = cell["id"]
    if cell["cell_type"] == "code":
        kept |= {"outputs": [], "execution_count": None}
    elif cell.get("attachments"):
        kept["attachments"] = cell["attachments"]
    return kept


def _with_ids(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An id that is there stays; where none is, or a second time, the cell gets one from what it is."""
    seen: set[str] = set()
    for cell in cells:
        name = str(cell.get("id", ""))
        if not _ID.fullmatch(name) or name in seen:
            name = _id_from(cell)
            base, number = name, 2
            while name in seen:
                name, number = f"{base}-{number}", number + 1
        cell["id"] = name
        seen.add(name)
    return cells


def _id_from(cell: dict[str, Any]) -> str:
    """From the cell's grade_id, else from its first words, so that formatting twice gives the same."""
    settings = cell["metadata"].get("nbgrader")
    named = settings.get("grade_id", "") if isinstance(settings, dict) else ""
    words = re.findall(r"[a-z0-9]+", str(named or cell["source"]).lower())
    return "-".join(words[:3])[:40] or "cell"

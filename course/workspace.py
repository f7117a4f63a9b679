"""A learner's working copy of the course: released notebooks and a contents page.

Never overwrites anything a learner has touched: an updated lesson is put beside an edited one. All writes to the
workspace's released files happen here.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.catalog import Catalog, Chapter
from course.errors import CourseError
from course.language import _

Outcome = Literal["new", "unchanged", "updated", "kept", "beside"]
_STATE = ".course"
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Placed:
    """What happened to one released file: path is where the release now stands (or stood already)."""

    path: Path
    outcome: Outcome


def lay_out(catalog: Catalog, folder: Path) -> list[Placed]:
    """Puts the released course into folder, keeping every file that was edited.

    Raises CourseError, naming the file, where the folder cannot be written.
    """
    manifest_path = folder / _STATE / _MANIFEST
    manifest = _read_manifest(manifest_path)
    placed = []
    try:
        for name, content in _released_files(catalog):
            digest = hashlib.sha256(content).hexdigest()
            placed.append(_place(folder / name, content, manifest.get(name)))
            manifest[name] = digest
        write_atomically(manifest_path, json.dumps(manifest, indent=1).encode())
    except OSError as error:
        raise CourseError(
            f"{error.filename or folder} cannot be written: {error.strerror}. Nothing was lost."
        ) from None
    return placed


def _read_manifest(path: Path) -> dict[str, str]:
    """Digest of each file as it was last handed out; empty where there is none or it is broken."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _released_files(catalog: Catalog) -> Iterator[tuple[str, bytes]]:
    """Names relative to the workspace, and contents."""
    from course.release import release

    yield "index.ipynb", _notebook_bytes(contents_notebook(catalog))
    for chapter in catalog.chapters:
        released = release(catalog, chapter.slug)
        for stem, notebook in released.notebooks.items():
            yield f"{chapter.slug}/{stem}.ipynb", _notebook_bytes(notebook)
        for name, content in released.side_files.items():
            yield f"{chapter.slug}/{name}", content


def _notebook_bytes(notebook: Any) -> bytes:
    return (str(nbformat.writes(notebook)).rstrip("\n") + "\n").encode()


def _place(path: Path, content: bytes, handed_out: str | None) -> Placed:
    """Writes content to path, or beside it if the file there was edited since it was handed out."""
    if not path.exists():
        write_atomically(path, content)
        return Placed(path, "new")
    present = hashlib.sha256(path.read_bytes()).hexdigest()
    digest = hashlib.sha256(content).hexdigest()
    if present == digest:
        return Placed(path, "unchanged")
    if present == handed_out:
        write_atomically(path, content)
        return Placed(path, "updated")
    if digest == handed_out:
        return Placed(path, "kept")
    return _place_beside(path, content)


def _place_beside(path: Path, content: bytes) -> Placed:
    number = 1
    while True:
        suffix = "-updated" if number == 1 else f"-updated-{number}"
        beside = path.with_name(f"{path.stem}{suffix}{path.suffix}")
        if not beside.exists():
            write_atomically(beside, content)
            return Placed(beside, "beside")
        if beside.read_bytes() == content:
            return Placed(beside, "kept")
        number += 1


def write_atomically(path: Path, content: bytes) -> None:
    """Writes the whole file or nothing: a reader (or a power cut) never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def contents_markdown(catalog: Catalog) -> str:
    """The course contents with links, relative to the workspace."""
    lines = [
        f"# {catalog.title}",
        "",
        _("Your work is kept in this folder. Nothing that you write is overwritten."),
        "",
    ]
    for number, section in enumerate(catalog.sections, start=1):
        lines += [f"## {_('Section')} {number}. {section.title}", ""]
        lines += [_chapter_line(catalog, chapter) for chapter in section.chapters] or [_("*In preparation.*")]
        lines.append("")
    return "\n".join(lines)


def _chapter_line(catalog: Catalog, chapter: Chapter) -> str:
    stems = sorted((p.stem for p in catalog.notebooks_folder(chapter.slug).glob("*.ipynb")), key=_lesson_first)
    links = " · ".join(f"[{_title(stem)}]({chapter.slug}/{stem}.ipynb)" for stem in stems)
    return f"- **{chapter.address}. {chapter.title}** — {links}"


def _lesson_first(stem: str) -> tuple[bool, str]:
    return stem != "lesson", stem


def _title(stem: str) -> str:
    return {"lesson": _("Lesson"), "exercises": _("Exercises")}.get(stem, stem)


def contents_notebook(catalog: Catalog) -> Any:
    """The contents page (index.ipynb): links that work unrun, and a cell that shows progress."""
    cells = [
        new_markdown_cell(contents_markdown(catalog), id="contents"),
        new_markdown_cell(_("Run the next cell to see how far you are."), id="progress-note"),
        new_code_cell("from course import contents\n\ncontents()", id="progress"),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})

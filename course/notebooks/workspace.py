"""A learner's working copy of the course: released notebooks and a contents page.

Never overwrites anything a learner has touched: an updated lesson is put beside an edited one. All writes to the
workspace's released files happen here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from course.catalog import Catalog
from course.errors import CourseError
from course.notebooks.contents_page import contents_texts
from course.storage.atomic import replace_file

Outcome = Literal["new", "unchanged", "updated", "kept", "beside", "faulty"]
_STATE = ".course"
_MANIFEST = "manifest.json"
CONTENTS_PAGE = "index.ipynb"


@dataclass(frozen=True)
class Placed:
    """What happened to one released file: path is where the release now stands (or stood already).

    reason: why a chapter, whose folder is path then, could not be released. Its files are as they were.
    """

    path: Path
    outcome: Outcome
    reason: str = ""


def workspace_folder(catalog: Catalog) -> Path:
    """Where a learner's copy is: workspace/ in a clone; with an installed course, the one around the working directory,
    else workspace/ in it."""
    if not catalog.is_installed:
        return catalog.root / "workspace"
    here = Path.cwd()
    around = (folder for folder in (here, *here.parents) if is_workspace(folder))
    return next(around, here / "workspace")


def lay_out(catalog: Catalog, folder: Path) -> list[Placed]:
    """Puts the released course into folder, keeping every file that was edited.

    A chapter that cannot be released costs itself. Raises CourseError where none can, and, naming the file, where the
    folder cannot be written.
    """
    manifest_path = folder / _STATE / _MANIFEST
    manifest = _read_manifest(manifest_path)
    files, faulty = _released_files(catalog, folder)
    if faulty and len(faulty) == len(catalog.chapters):
        raise CourseError(faulty[0].reason)
    placed = []
    try:
        for name, content in files.items():
            digest = hashlib.sha256(content).hexdigest()
            place = _place_contents if name == CONTENTS_PAGE else _place
            placed.append(place(folder / name, content, manifest.get(name)))
            manifest[name] = digest
        replace_file(manifest_path, json.dumps(manifest, indent=1).encode())
    except OSError as error:
        raise CourseError(
            f"{error.filename or folder} cannot be written: {error.strerror}. Nothing was lost."
        ) from None
    return [*placed, *faulty]


def _read_manifest(path: Path) -> dict[str, str]:
    """Digest of each file as it was last handed out; empty where there is none or it is broken."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _released_files(catalog: Catalog, folder: Path) -> tuple[dict[str, bytes], list[Placed]]:
    """Contents by names relative to the workspace, and the chapters that cannot be released, with the reason."""
    from course.notebooks.release import release

    files = {CONTENTS_PAGE: _notebook_bytes(contents_notebook(catalog, folder))}
    faulty = []
    for chapter in catalog.chapters:
        try:
            released = release(catalog, chapter.slug)
        except CourseError as error:
            faulty.append(Placed(folder / chapter.slug, "faulty", str(error)))
            continue
        except Exception as error:  # nbgrader raises many kinds for what it does not like
            reason = f"{chapter.slug} cannot be released ({type(error).__name__}: {error}). Run `course validate`."
            faulty.append(Placed(folder / chapter.slug, "faulty", reason))
            continue
        for stem, notebook in released.notebooks.items():
            files[f"{chapter.slug}/{stem}.ipynb"] = _notebook_bytes(notebook)
        files |= {f"{chapter.slug}/{name}": content for name, content in released.side_files.items()}
    return files, faulty


def _notebook_bytes(notebook: Any) -> bytes:
    return (str(nbformat.writes(notebook)).rstrip("\n") + "\n").encode()


def _place(path: Path, content: bytes, handed_out: str | None) -> Placed:
    """Writes content to path, or beside it if the file there was edited since it was handed out."""
    if not path.exists():
        replace_file(path, content)
        return Placed(path, "new")
    present = hashlib.sha256(path.read_bytes()).hexdigest()
    digest = hashlib.sha256(content).hexdigest()
    if present == digest:
        return Placed(path, "unchanged")
    if present == handed_out:
        replace_file(path, content)
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
            replace_file(beside, content)
            return Placed(beside, "beside")
        if beside.read_bytes() == content:
            return Placed(beside, "kept")
        number += 1


def contents_notebook(catalog: Catalog, folder: Path) -> Any:
    """The contents page (index.ipynb), which shows unrun.

    Its metadata carry digests of its texts and of its outline without progress, by which `_place_contents` later tells
    what the learner has changed.
    """
    texts = contents_texts(catalog, folder)
    cells = [new_markdown_cell(text, id=f"contents-{number}") for number, text in enumerate(texts)]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    nobody = contents_texts(catalog, folder / _STATE)  # there is no work in there
    outline = hashlib.sha256("\n".join(nobody).encode()).hexdigest()
    notebook.metadata["course"] = {"texts": _texts_digest(notebook), "outline": outline}
    return notebook


def refresh_contents_page(catalog: Catalog, folder: Path) -> None:
    """Brings the contents page in a learner's copy up to their progress, unless they have changed it themselves."""
    path = folder / CONTENTS_PAGE
    if is_workspace(folder) and path.is_file():
        _place_contents(path, _notebook_bytes(contents_notebook(catalog, folder)), None, beside=False)


def is_workspace(folder: Path) -> bool:
    """True for a folder in which `lay_out` has put the course."""
    return (folder / _STATE / _MANIFEST).is_file()


def _texts_digest(notebook: Any) -> str:
    """A digest of what stands in the cells, whatever was run."""
    texts = [(cell.cell_type, cell.source) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _place_contents(path: Path, content: bytes, handed_out: str | None, *, beside: bool = True) -> Placed:
    """As _place, for the contents page: one that was only looked at is brought up to date, and new progress alone never
    puts a second page beside an edited one.

    beside: whether a new outline is put beside an edited page.
    """
    try:
        present, new = nbformat.read(path, as_version=4), nbformat.reads(content.decode(), as_version=4)
        mark = dict(present.metadata["course"])
        texts = _texts_digest(present)
    except Exception:  # missing, broken, or from before there were such marks
        return _place(path, content, handed_out) if beside else Placed(path, "kept")
    same_outline = mark.get("outline") == new.metadata["course"]["outline"]
    if texts != mark.get("texts"):
        return _place(path, content, handed_out) if beside and not same_outline else Placed(path, "kept")
    if texts != _texts_digest(new):
        replace_file(path, content)
    return Placed(path, "unchanged" if same_outline else "updated")

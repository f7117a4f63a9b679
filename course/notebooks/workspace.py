"""A learner's working copy of the course: released notebooks and a contents page (contents_page.py).

Never overwrites anything a learner has touched: an updated lesson is put beside an edited one, unless nothing but its
breadcrumb has changed. All writes to the workspace's released files happen here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat

from course.catalog import Catalog
from course.errors import CourseError
from course.language import _
from course.notebooks.breadcrumbs import CONTENTS_PAGE, without_breadcrumb
from course.notebooks.contents_page import contents_notebook, texts_digest
from course.storage.atomic import replace_file

Outcome = Literal["new", "unchanged", "updated", "kept", "beside", "faulty", "moved", "added"]
_STATE = ".course"
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Placed:
    """What happened to one released file: path is where the release now stands (or stood already).

    Of a whole chapter, whose folder is path then: it could not be released ("faulty", its files are as they were), was
    moved as it has another slug now, or is new in the course ("added"). reason: what to tell of it.
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


def is_workspace(folder: Path) -> bool:
    """True for a folder in which `lay_out` has put the course."""
    return (folder / _STATE / _MANIFEST).is_file()


@dataclass(frozen=True)
class HandedOut:
    """What a file was when it was handed out last: a digest of its bytes, and one without a notebook's breadcrumb.

    content: None in a workspace from before there were breadcrumbs.
    """

    digest: str
    content: str | None = None

    def is_same_work(self, content: bytes, name: str) -> bool:
        """True for a release that differs from this one in nothing but its breadcrumb."""
        return self.content is not None and self.content == _content_digest(content, name)


def lay_out(catalog: Catalog, folder: Path) -> list[Placed]:
    """Puts the released course into folder, keeping every file that was edited.

    A chapter that cannot be released costs itself. Raises CourseError where none can, and, naming the file, where the
    folder cannot be written.
    """
    manifest_path = folder / _STATE / _MANIFEST
    manifest = _read_manifest(manifest_path)
    try:
        placed = _move_renamed(catalog, folder, manifest)
        files, faulty = _released_files(catalog, folder)
        if faulty and len(faulty) == len(catalog.chapters):
            raise CourseError(faulty[0].reason)
        placed += _added(catalog, folder, files, manifest)
        for name, content in files.items():
            place = _place_contents if name == CONTENTS_PAGE else _place
            known = manifest.get(name)
            same = known is not None and known.is_same_work(content, name)
            placed.append(place(folder / name, content, known.digest if known else None, same))
            manifest[name] = HandedOut(hashlib.sha256(content).hexdigest(), _content_digest(content, name))
        stored = {name: asdict(entry) for name, entry in manifest.items()}
        replace_file(manifest_path, json.dumps(stored, indent=1).encode())
    except OSError as error:
        told = _("{path} cannot be written: {reason}. Nothing was lost.")
        raise CourseError(told.format(path=error.filename or folder, reason=error.strerror)) from None
    return [*placed, *faulty]


def _read_manifest(path: Path) -> dict[str, HandedOut]:
    """What each file was when it was handed out last; empty where nothing says so, or what does is broken."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        known = data.items() if isinstance(data, dict) else ()
        return {name: HandedOut(entry) if isinstance(entry, str) else HandedOut(**entry) for name, entry in known}
    except (OSError, ValueError, TypeError):
        return {}


def _content_digest(content: bytes, name: str) -> str:
    """A digest of a released file, of a notebook without its breadcrumb."""
    if name.endswith(".ipynb"):
        notebook = nbformat.reads(content.decode(), as_version=4)
        notebook.cells = without_breadcrumb(notebook.cells)
        content = _notebook_bytes(notebook)
    return hashlib.sha256(content).hexdigest()


def _move_renamed(catalog: Catalog, folder: Path, manifest: dict[str, HandedOut]) -> list[Placed]:
    """Folders of chapters that have another slug now follow it, with all that the learner has in them."""
    moved = []
    for old, slug in catalog.renamed.items():
        if not (folder / old).is_dir() or (folder / slug).exists():
            continue
        (folder / old).rename(folder / slug)
        for name in [name for name in manifest if name.startswith(f"{old}/")]:
            manifest[slug + name.removeprefix(old)] = manifest.pop(name)
        told = _("The chapter {old} is called {slug} now. Your work was moved with it, nothing else was changed.")
        moved.append(Placed(folder / slug, "moved", told.format(old=old, slug=slug)))
    return moved


def _added(
    catalog: Catalog, folder: Path, files: Mapping[str, bytes], manifest: Mapping[str, HandedOut]
) -> list[Placed]:
    """The chapters that are new since the workspace was laid out last; none where that is now."""
    known = {name.split("/")[0] for name in manifest}
    new = [chapter for chapter in catalog.chapters if known and chapter.slug not in known]
    released = {name.split("/")[0] for name in files}
    told = _("There is a new chapter: {chapter}.")
    return [
        Placed(folder / chapter.slug, "added", told.format(chapter=catalog.heading(chapter)))
        for chapter in new
        if chapter.slug in released
    ]


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
            told = _("{slug} cannot be released ({kind}: {text}). Run `course validate`.")
            reason = told.format(slug=chapter.slug, kind=type(error).__name__, text=error)
            faulty.append(Placed(folder / chapter.slug, "faulty", reason))
            continue
        for stem, notebook in released.notebooks.items():
            files[f"{chapter.slug}/{stem}.ipynb"] = _notebook_bytes(notebook)
        files |= {f"{chapter.slug}/{name}": content for name, content in released.side_files.items()}
    return files, faulty


def _notebook_bytes(notebook: Any) -> bytes:
    return (str(nbformat.writes(notebook)).rstrip("\n") + "\n").encode()


def _place(path: Path, content: bytes, handed_out: str | None, same_work: bool = False) -> Placed:
    """Writes content to path, or beside it if the file there was edited since it was handed out.

    same_work: content is what was handed out but for its breadcrumb, so an edited file needs nothing beside it.
    """
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
    if digest == handed_out or same_work:
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


def refresh_contents_page(catalog: Catalog, folder: Path) -> None:
    """Brings the contents page in a learner's copy up to their progress, unless they have changed it themselves."""
    path = folder / CONTENTS_PAGE
    if is_workspace(folder) and path.is_file():
        _follow_progress(path, _notebook_bytes(contents_notebook(catalog, folder)))


def _place_contents(path: Path, content: bytes, handed_out: str | None, same_work: bool = False) -> Placed:
    """As _place, for the contents page: one that was only looked at is brought up to date, and new progress alone never
    puts a second page beside an edited one."""
    return _follow_progress(path, content) or _place(path, content, handed_out, same_work)


def _follow_progress(path: Path, content: bytes) -> Placed | None:
    """Brings a contents page that the learner has not changed up to date. None for one of which that cannot be told,
    or that was changed while the course has another outline now."""
    try:
        present, new = nbformat.read(path, as_version=4), nbformat.reads(content.decode(), as_version=4)
        mark = dict(present.metadata["course"])
        texts = texts_digest(present)
    except Exception:  # missing, broken, or from before there were such marks
        return None
    same_outline = mark.get("outline") == new.metadata["course"]["outline"]
    if texts != mark.get("texts"):
        return Placed(path, "kept") if same_outline else None
    if texts != texts_digest(new):
        replace_file(path, content)
    return Placed(path, "unchanged" if same_outline else "updated")

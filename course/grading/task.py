"""One submission as plain data, in and out: what travels between the coordinator and a worker, which share no disk."""

from __future__ import annotations

import hashlib
import json
import platform
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat

from course.catalog import Catalog, load_catalog
from course.errors import CourseError
from course.grading.kernels import Isolation
from course.grading.run import grade_folder
from course.grading.scratch import scratch_folder

MAX_SUBMISSION = 64 * 2**20  # bytes of all files together
_VERSIONS = ("tensorflow", "keras", "numpy", "ipykernel", "nbgrader")

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Packed:
    """One student's submission, read: what travels is its files. key: see content_key."""

    student: str
    key: str
    files: Files

    @property
    def size(self) -> int:
        return sum(len(content) for content in self.files.values())


@dataclass(frozen=True)
class Graded:
    """A result as plain data: row is what JSON shows, notebooks are the judged notebooks' text by name.

    seconds: where the worker's time went, by phase.
    """

    row: dict[str, Any]
    notebooks: dict[str, str]
    seconds: dict[str, float] = field(default_factory=dict)


def pack(folder: Path) -> dict[str, bytes]:
    """The plain files of a submission by relative name; links, pipes and hidden files stay behind.

    Raises CourseError where they are more than MAX_SUBMISSION together.
    """
    files: dict[str, bytes] = {}
    left = MAX_SUBMISSION
    for path in _plain_files(folder):
        left -= path.stat().st_size
        if left < 0:
            raise CourseError(f"{folder} holds more than {MAX_SUBMISSION // 2**20} MiB. Remove what is not needed.")
        files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def _plain_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _plain_files(path)
        elif path.is_file():
            yield path


def grade_files(slug: str, files: Files, isolation: Isolation, root: Path | None = None) -> Graded:
    """Grades a packed submission on this machine, against the course that is installed here (or that of root)."""
    with tempfile.TemporaryDirectory(prefix="submission-", dir=scratch_folder()) as name:
        folder = Path(name) / slug
        folder.mkdir()
        for relative, content in files.items():
            path = folder / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        result = grade_folder(load_catalog(root), slug, folder, isolation)
    notebooks = {stem: str(nbformat.writes(notebook)) for stem, notebook in result.notebooks.items()}
    return Graded(result.as_json(), notebooks, dict(result.seconds))


def content_key(catalog: Catalog, slug: str, files: Files) -> str:
    """Digest of everything a grade depends on: the submission, the chapter's sources and judges, the versions."""
    digest = hashlib.sha256(course_fingerprint(catalog, slug).encode())
    for name, content in sorted(files.items()):
        digest.update(json.dumps([name, hashlib.sha256(content).hexdigest()]).encode())
    return digest.hexdigest()


@cache
def course_fingerprint(catalog: Catalog, slug: str) -> str:
    """Digest of the chapter, the course package and the versions that grade with them, the same on every machine."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256(platform.python_version().encode())
    for name in _VERSIONS:
        digest.update(f"{name}={version(name)}".encode())
    sources = {path.relative_to(package).as_posix(): path for path in package.rglob("*.py")}
    sources = {name: path for name, path in sources.items() if not name.startswith("report/")}  # no grade depends on it
    chapter = [*catalog.notebooks_folder(slug).glob("*.ipynb"), catalog.quiz_file(slug)]
    sources |= {path.relative_to(catalog.root).as_posix(): path for path in chapter if path.is_file()}
    for name, path in sorted(sources.items()):
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()

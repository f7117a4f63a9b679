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
from course.grading.files import plain_files
from course.grading.kernels import Isolation
from course.grading.run import NOT_HANDED_IN, Result, grade_folder
from course.grading.scratch import scratch_folder
from course.language import language
from course.release import grading_template

MAX_SUBMISSION = 64 * 2**20  # bytes of all files together
_VERSIONS = ("tensorflow", "keras", "numpy", "ipykernel", "nbgrader")
_PACKAGE = Path(__file__).resolve().parent.parent
# What decides about grades, of the package; the chapter's own folder comes to it.
_ENGINE = (
    "catalog.py",
    "errors.py",
    "language.py",
    "keras_loading.py",
    "release.py",
    "verdict.py",
    "exercises",
    "quiz",
)
_GRADING = (
    "client",
    "files",
    "harmless",
    "judging",
    "kernels",
    "reading",
    "restore",
    "run",
    "task",
    "template",
    "warm",
)

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

    answers: see Result. seconds: where the worker's time went, by phase.
    """

    row: dict[str, Any]
    notebooks: dict[str, str]
    answers: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def as_graded(result: Result) -> Graded:
    notebooks = {stem: str(nbformat.writes(notebook)) for stem, notebook in result.notebooks.items()}
    return Graded(result.as_json(), notebooks, dict(result.answers), dict(result.seconds))


def pack(folder: Path) -> dict[str, bytes]:
    """The plain files of a submission by relative name; links, pipes and hidden files stay behind.

    Raises CourseError where they are more than MAX_SUBMISSION together.
    """
    files: dict[str, bytes] = {}
    left = MAX_SUBMISSION
    for path in plain_files(folder):
        left -= path.stat().st_size
        if left < 0:
            raise CourseError(f"{folder} holds more than {MAX_SUBMISSION // 2**20} MiB. Remove what is not needed.")
        files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def grade_files(slug: str, files: Files, isolation: Isolation, root: Path | None = None) -> Graded:
    """Grades a packed submission on this machine, against the course that is installed here (or that of root)."""
    with tempfile.TemporaryDirectory(prefix="submission-", dir=scratch_folder()) as name:
        folder = Path(name) / slug
        folder.mkdir()
        for relative, content in files.items():
            path = folder / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return as_graded(grade_folder(load_catalog(root), slug, folder, isolation))


def content_key(catalog: Catalog, slug: str, files: Files) -> str:
    """Digest of everything that the verdicts depend on: what was handed in, the language, and course_fingerprint.

    When it was handed in is no part of it: lateness costs no second run (ClassFolder.settle).
    """
    digest = hashlib.sha256(f"{course_fingerprint(catalog, slug)} {language()}".encode())
    for name, content in sorted(files.items()):
        if name not in NOT_HANDED_IN:
            digest.update(json.dumps([name, hashlib.sha256(content).hexdigest()]).encode())
    return digest.hexdigest()


@cache
def course_fingerprint(catalog: Catalog, slug: str) -> str:
    """Digest of the chapter, the engine and the versions that grade with them, the same on every machine.

    Other chapters, and what shows grades but makes none, do not count.
    """
    digest = hashlib.sha256(platform.python_version().encode())
    for name in _VERSIONS:
        digest.update(f"{name}={version(name)}".encode())
    for stem, notebook in sorted(grading_template(catalog, slug).items()):  # nbgrader's settings have made it
        digest.update(f"{stem}\0{nbformat.writes(notebook)}".encode())
    for name, path in sorted(_sources(catalog, slug)):
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sources(catalog: Catalog, slug: str) -> Iterator[tuple[str, Path]]:
    """What decides about the chapter's grades, of the package and of the course's own files."""
    module = Path("chapters") / catalog.chapter(slug).module
    places = [*_ENGINE, *(f"grading/{name}.py" for name in _GRADING), module.as_posix(), "locale"]
    for place in places:
        path = _PACKAGE / place
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file.relative_to(_PACKAGE).as_posix(), file
    for file in [catalog.quiz_file(slug), *catalog.quiz_file(slug).parent.glob(f"{slug}.*.yml")]:
        if file.is_file():
            yield file.relative_to(catalog.root).as_posix(), file

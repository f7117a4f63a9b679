"""One submission as plain data, in and out: what travels between the coordinator and a worker, which share no disk."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from course.catalog import Catalog, load_catalog
from course.errors import CourseError
from course.grading.fingerprint import course_fingerprint
from course.grading.run import NOT_HANDED_IN, Result, grade_copy
from course.grading.sandbox.kernels import Isolation
from course.grading.scratch import scratch_folder
from course.language import _, language
from course.storage.regular_files import plain_files, write_files

MAX_SUBMISSION = 64 * 2**20  # bytes of all files together
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
            told = _("{folder} holds more than {most} MiB. Remove what is not needed.")
            raise CourseError(told.format(folder=folder, most=MAX_SUBMISSION // 2**20))
        files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def grade_files(slug: str, files: Files, isolation: Isolation, root: Path | None = None) -> Graded:
    """Grades a packed submission on this machine, against the course that is installed here (or that of root)."""
    with tempfile.TemporaryDirectory(prefix="submission-", dir=scratch_folder()) as name:
        write_files(files, Path(name) / slug)
        return as_graded(grade_copy(load_catalog(root), slug, Path(name) / slug, isolation))


def content_key(catalog: Catalog, slug: str, files: Files) -> str:
    """Digest of everything that the verdicts depend on: what was handed in, the language, and course_fingerprint.

    When it was handed in is no part of it: lateness costs no second run (ClassFolder.settle).
    """
    digest = hashlib.sha256(f"{course_fingerprint(catalog, slug)} {language()}".encode())
    for name, content in sorted(files.items()):
        if name not in NOT_HANDED_IN:
            digest.update(json.dumps([name, hashlib.sha256(content).hexdigest()]).encode())
    return digest.hexdigest()

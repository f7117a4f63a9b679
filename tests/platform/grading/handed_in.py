"""Archives as Canvas and Moodle make them, collected into a course; and what became of them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

from course.catalog import load_catalog
from course.grading.gradebook.store import ClassFolder, Person
from course.grading.intake.collect import Collected, collect
from course.grading.intake.entries import Refused
from tests.platform.tiny import SLUG

NOTEBOOK, ANSWERS = b'{"cells": [], "nbformat": 4}', b'{"version": 1}'


EARLY, LATE = (2026, 3, 1, 10, 0, 0), (2026, 3, 2, 18, 30, 0)


def packed(path: Path, files: Mapping[str, bytes | tuple[bytes, tuple[int, ...]]]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, given in files.items():
            content, time = given if isinstance(given, tuple) else (given, EARLY)
            archive.writestr(zipfile.ZipInfo(name, time), content)  # type: ignore[arg-type]
    return path


def collected(root: Path, source: Path, *people: Person) -> tuple[dict[str, str], dict[str, str]]:
    """Outcome by learner, and reason by refused file. people: who is in the gradebook."""
    placed, refused = rows(root, source, *people)
    return {row.student: row.outcome for row in placed}, {row.name: row.reason for row in refused}


def rows(root: Path, source: Path, *people: Person) -> tuple[list[Collected], list[Refused]]:
    """The gradebook itself takes seconds to be made; some tests below read a real one."""
    with (
        patch.object(ClassFolder, "people", lambda _self: list(people)),
        patch.object(ClassFolder, "due_date", lambda _self, _slug: None),
    ):
        found = list(collect(load_catalog(root), SLUG, source))
    return [row for row in found if isinstance(row, Collected)], [row for row in found if isinstance(row, Refused)]


def files_of(root: Path, student: str) -> dict[str, bytes]:
    folder = root / "class" / "submitted" / student / SLUG
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if name != "timestamp.txt"}


def moodle(tmp_path: Path, *folders: str) -> Path:
    """A download in which each learner's folder holds a notebook of its own."""
    return packed(
        tmp_path / "moodle.zip",
        {f"{folder}/exercises.ipynb": NOTEBOOK + folder.encode() for folder in folders},
    )

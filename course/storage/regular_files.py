"""Finds, copies and writes a submission's files: regular ones only. Links, pipes, devices and hidden files are left."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from course.errors import CourseError
from course.language import _

MAX_FOLDERS = 50


def copy_submission(folder: Path, target: Path) -> None:
    """Copies folder to target, which must not exist, without what is hidden or no plain file."""
    shutil.copytree(folder, target, ignore=_left_behind)


def _left_behind(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(".") or not _is_plain(os.path.join(folder, name))]


def _is_plain(path: str) -> bool:
    return not os.path.islink(path) and (os.path.isfile(path) or os.path.isdir(path))


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Writes each file below folder, which must not exist, by its relative name."""
    folder.mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def plain_files(folder: Path, deepest: int = MAX_FOLDERS) -> Iterator[Path]:
    """The plain files in folder and below, in order of their names; no links and nothing hidden.

    CourseError where folders lie in each other more than MAX_FOLDERS deep: Python itself cannot follow a thousand.
    """
    if deepest < 0:
        told = _("More than {most} folders lie in each other. Remove what is not needed.")
        raise CourseError(told.format(most=MAX_FOLDERS))
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from plain_files(path, deepest - 1)
        elif path.is_file():
            yield path

"""Finds and copies a submission's files: regular ones and folders; links stay links; pipes and devices are left."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path


def copy_submission(folder: Path, target: Path) -> None:
    """Copies folder to target, which must not exist. Hidden files and whatever is no plain file are not copied."""
    shutil.copytree(folder, target, symlinks=True, ignore=_left_behind)


def _left_behind(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(".") or not _is_plain(os.path.join(folder, name))]


def _is_plain(path: str) -> bool:
    return os.path.islink(path) or os.path.isfile(path) or os.path.isdir(path)


def plain_files(folder: Path) -> Iterator[Path]:
    """The plain files in folder and below, in order of their names; no links and nothing hidden."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from plain_files(path)
        elif path.is_file():
            yield path

"""Copies a submission's files: regular ones and folders; links stay links; pipes, sockets and devices are left."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def copy_submission(folder: Path, target: Path) -> None:
    """Copies folder to target, which must not exist. Hidden files and whatever is no plain file are not copied."""
    shutil.copytree(folder, target, symlinks=True, ignore=_left_behind)


def _left_behind(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(".") or not _is_plain(os.path.join(folder, name))]


def _is_plain(path: str) -> bool:
    return os.path.islink(path) or os.path.isfile(path) or os.path.isdir(path)

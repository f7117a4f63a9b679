"""Replaces a file whole or not at all, whatever ends the process or the power meanwhile."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Writes the file anew, and its folder where there is none; who reads sees the old content or the new one.

    Raises OSError, with the old file as it was and nothing left behind. A process that is killed may leave behind a
    file of a name that `leftovers` tells.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def leftovers(path: Path) -> list[Path]:
    """Temporary files of writers of that path: of those who are writing now, and of those who were killed."""
    return list(path.parent.glob(f".{path.name}.*.tmp"))


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder; its rename is durable by itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

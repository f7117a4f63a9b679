"""Reads and writes the learner's JSON files (answers.json, feedback.json) so that nothing is ever lost.

A file is replaced whole or not at all, under a lock that two kernels share. A file that cannot be read is set aside,
never deleted. Reading trusts nothing: it follows no link, reads no more than a cap, and takes strict JSON only. This
module must never decide what the data mean.
"""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from filelock import FileLock, Timeout

from course.errors import CourseError
from course.language import _
from course.storage.atomic import leftovers, replace_file

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
LOCK_SECONDS = 5.0


class BrokenFile(CourseError):
    """The file is there, but is not what it should be; the message is one sentence for a person."""


class NotSaved(CourseError):
    """Nothing was written and the old file is as it was; the message says why."""


def read_json(path: Path) -> Any:
    """The strict JSON value in a regular file of at most MAX_BYTES; None if there is no file.

    Raises BrokenFile for a link, a folder or a device, too many bytes, text that is not UTF-8, numbers that are not
    finite, text that cannot be written again, keys that occur twice, and nesting deeper than MAX_DEPTH.
    """
    raw = _read_bytes(path)
    if raw is None:
        return None
    try:
        text = raw.decode("utf-8")
        _refuse_deep_nesting(text, path)
        value = json.loads(
            text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant, parse_float=_finite_float
        )
        if "\\u" in text:
            _refuse_half_characters(value)
    except (ValueError, RecursionError) as error:
        raise BrokenFile(_("{file} is not valid JSON ({reason}).").format(file=path.name, reason=error)) from None
    return value


def _read_bytes(path: Path) -> bytes | None:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if path.is_symlink():  # where there is no O_NOFOLLOW
            raise _not_a_regular_file(path)
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO, errno.EISDIR}:
            raise _not_a_regular_file(path) from None
        raise _unreadable(path, error) from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _not_a_regular_file(path)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from None
    finally:
        os.close(descriptor)
    if len(raw) > MAX_BYTES:
        raise BrokenFile(_("{file} is larger than {limit} bytes.").format(file=path.name, limit=MAX_BYTES))
    return raw


def _not_a_regular_file(path: Path) -> BrokenFile:
    return BrokenFile(_("{file} is not a regular file.").format(file=path.name))


def _unreadable(path: Path, error: OSError) -> BrokenFile:
    return BrokenFile(_("{file} cannot be read ({reason}).").format(file=path.name, reason=error.strerror))


def _refuse_deep_nesting(text: str, path: Path) -> None:
    depth = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise BrokenFile(_("{file} is nested too deeply.").format(file=path.name))
        elif character in "]}":
            depth -= 1


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key occurs twice")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")


def _finite_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is not a finite number")
    return value


def _refuse_half_characters(value: Any) -> None:
    """An escape such as \\ud800 alone is half a character: whoever writes it on, to a file or a page, would trip."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("half a character") from None


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock beside the file (.answers.json.lock); NotSaved if it cannot be had within LOCK_SECONDS."""
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise NotSaved(_("Not saved: another notebook is holding {file}. Try again.").format(file=path.name)) from None
    except (OSError, NotImplementedError) as error:
        raise NotSaved(why_not_saved(error, path)) from None
    try:
        yield
    finally:
        lock.release()


def write_json(path: Path, data: Any) -> None:
    """Replaces the file with this value, whole or not at all. The caller holds `locked(path)`.

    Raises NotSaved, with the old file as it was, when the disk is full, the folder is read-only, or the value is more
    than `read_json` would take.
    """
    _remove_leftovers(path)
    raw = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1).encode("utf-8")
    if len(raw) > MAX_BYTES:
        raise NotSaved(_("Not saved: {file} is full. What was saved before is kept.").format(file=path.name))
    try:
        replace_file(path, raw)
    except OSError as error:
        raise NotSaved(why_not_saved(error, path)) from None


def _remove_leftovers(path: Path) -> None:
    """Temporary files here belong to writers that were killed: a living one would hold the lock."""
    for leftover in leftovers(path):
        with contextlib.suppress(OSError):
            leftover.unlink()


def why_not_saved(error: Exception, path: Path) -> str:
    """One sentence for a learner: why the file was not written, and what to do."""
    number = error.errno if isinstance(error, OSError) else None
    if number in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return _("Not saved: the disk is full. Free some space and send it again; what was saved before is kept.")
    if number in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return _("Not saved: the folder {folder} is read-only. Copy the notebook to a folder of your own.").format(
            folder=path.parent.name
        )
    return _("Not saved: {file} cannot be written ({reason}).").format(file=path.name, reason=error)


def set_aside(path: Path) -> Path:
    """Renames a broken file to answers.broken-<time>.json and returns the new path."""
    target = _aside(path)
    try:
        os.rename(path, target)
    except OSError as error:
        raise NotSaved(why_not_saved(error, path)) from None
    return target


def copy_aside(path: Path) -> Path:
    """Keeps a copy of a file that is partly readable as answers.broken-<time>.json and returns the copy's path."""
    target = _aside(path)
    raw = _read_bytes(path) or b""
    try:
        with open(target, "xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
        raise NotSaved(why_not_saved(error, path)) from None
    return target


def _aside(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    return path.with_name(f"{path.stem}.broken-{stamp}{path.suffix}")

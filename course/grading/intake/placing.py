"""Puts a learner's work into class/submitted and what it replaces into class/earlier, whole or not at all.

What stands is moved aside first, by renames; then the new work is renamed to its place. If that fails, everything is
moved back. If the process is killed in between, everything is in class/earlier/, and collecting again places the new.
What nbgrader made of the earlier work goes with it: nbgrader's commands take up nothing that they have a result of.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from course.grading.gradebook.store import ClassFolder
from course.grading.intake.entries import is_stray
from course.grading.intake.timestamp import TIMESTAMP
from course.storage.regular_files import write_files

_STAGED, _REST = ".collect-", ".collected-"  # what a killed run leaves of these is copies


def place(class_folder: ClassFolder, slug: str, student: str, files: Mapping[str, bytes]) -> Path | None:
    """Replaces the student's submission; where what stood there is kept now, if something did.

    OSError where that cannot be done: then all is as it was, or in class/earlier/ if even moving it back failed.
    """
    target = class_folder.submission(slug, student)
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(target.parent)
    with tempfile.TemporaryDirectory(prefix=_STAGED, dir=target.parent) as name:
        staged = Path(name) / slug
        write_files(files, staged)
        earlier = _exchange(class_folder, slug, student, staged)
    return earlier if earlier.exists() else None


def placed_files(folder: Path) -> dict[str, bytes]:
    """The files of a submission that stands, without links, the time and what systems leave behind."""
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    files = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in files.items() if name != TIMESTAMP and not is_stray(name)}


def same_folder(submission: Path) -> str:
    """The name of another student whose folder is the same on this disk, which does not tell Ada from ada; else ''."""
    folder = submission.parent
    if not folder.exists():
        return ""
    others = (each for each in folder.parent.iterdir() if each.name != folder.name)
    alike = (each for each in others if _key(each.name) == _key(folder.name))
    return next((each.name for each in alike if each.samefile(folder)), "")


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _exchange(class_folder: ClassFolder, slug: str, student: str, staged: Path) -> Path:
    """Puts what stands aside, and staged in its place; where it is now. After an exception all stands as it stood.

    The submission goes last, so that a run that is killed meanwhile is seen to have moved what depends on it.
    """
    now = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S-%f")
    earlier = class_folder.catalog.root / "class" / "earlier" / slug / student / now
    course = class_folder.course
    steps = {
        "autograded": course.autograded_directory,
        "feedback": course.feedback_directory,
        "submitted": course.submitted_directory,
    }
    moves = {Path(course.format_path(step, student, slug)): earlier / name for name, step in steps.items()}
    try:
        for source, kept in moves.items():
            if source.exists():
                _move(source, kept)
        staged.rename(class_folder.submission(slug, student))
    except BaseException:
        if staged.exists():  # else it is in its place already
            _move_back(moves)
            with contextlib.suppress(OSError):
                earlier.rmdir()
        raise
    return earlier


def _move_back(moves: dict[Path, Path]) -> None:
    for source, kept in reversed(moves.items()):
        with contextlib.suppress(OSError):  # then it stays in class/earlier/
            if kept.exists() and not source.exists():
                _move(kept, source)


def _move(source: Path, target: Path) -> None:
    """By a rename; to another disk by a copy that stands whole before the source is gone. Never half of it anywhere."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.rename(target)
        return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    with tempfile.TemporaryDirectory(prefix=_STAGED, dir=target.parent) as name:
        copied = Path(name) / target.name
        shutil.copytree(source, copied, symlinks=True)
        copied.rename(target)
    rest = Path(tempfile.mkdtemp(prefix=_REST, dir=source.parent))
    source.rename(rest / source.name)
    shutil.rmtree(rest, ignore_errors=True)


def _remove_leftovers(folder: Path) -> None:
    """Copies that a killed run left there."""
    for prefix in (_STAGED, _REST):
        for path in folder.glob(f"{prefix}*"):
            shutil.rmtree(path, ignore_errors=True)

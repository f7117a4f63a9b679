"""What all processes of one test run share: a folder that goes with the run, and things that are made in it once.

The engine that the tests import lies there as well: a copy of the package `course` with the tests' own chapter, `tiny`,
beside the real ones. So tests, their subprocesses and their sandbox import the same package, and the tests of the
engine need no real chapter. This module must be imported before anything of `course`.
"""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).resolve().parent.parent
_TINY = ROOT / "tests" / "platform" / "course"  # the tests' own course, as an author would keep it
FOLDER = "COURSE_TESTS"  # environment variable that names the folder: pytest's workers inherit it


def begin() -> Path:
    """The run's folder, made by the process that asks first, which removes it when it ends. All users can enter it."""
    if FOLDER not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="course-tests-"))
        folder.chmod(0o755)
        os.environ[FOLDER] = str(folder)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        shutil.copytree(ROOT / "course", folder / "engine" / "course")
        shutil.copytree(_TINY / "course" / "chapters", folder / "engine" / "course" / "chapters", dirs_exist_ok=True)
        shutil.copytree(_TINY, folder / "tiny")
        shutil.copy(ROOT / "nbgrader_config.py", folder / "tiny")
        for name in ("notebooks", "quizzes", "nbgrader_config.py"):  # for who is in no course: the package's own
            (folder / "engine" / name).symlink_to(folder / "tiny" / name)
    return Path(os.environ[FOLDER])


def once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, which make has filled: whoever asks first makes it, others wait."""
    folder = begin() / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    finished = folder.with_name(f"{folder.name}.finished")
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not finished.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            finished.touch()
    return folder


ENGINE, TINY = begin() / "engine", begin() / "tiny"
if "course" not in sys.modules:  # else a benchmark has begun with the repository's own, which has no tiny chapter
    sys.path.insert(0, str(ENGINE))

"""A learner's environment: the built wheel in a new environment, made once for all the tests of a run.

The tests of a hub use it as other users of this machine, so it lies where everybody can read it, and is made of a
Python that everybody can run (Debian's, where we are root; one under /root is hidden from others).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from filelock import FileLock

from course.authoring.wheel import build_wheel
from course.catalog import load_catalog
from tests.conftest import ROOT

FOLDER = "TESTS_INSTALLED"  # environment variable that names the folder: pytest's workers inherit it


def name_folder() -> None:
    """To be called before pytest starts its workers."""
    folder = Path(tempfile.mkdtemp(prefix="course-installed-"))
    folder.chmod(0o755)
    os.environ[FOLDER] = str(folder)


def remove_folder() -> None:
    shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


def installed_environment() -> Path:
    """The folder of the environment; whoever asks first makes it, others wait."""
    folder = Path(os.environ[FOLDER])
    environment, finished = folder / "environment", folder / "finished"
    with FileLock(folder / "lock"):
        if not finished.exists():
            wheel = build_wheel(load_catalog(ROOT), folder)
            subprocess.run([_python_for_all(), "-m", "venv", str(environment)], check=True)
            install(environment, f"{wheel}[grading]")  # as on a hub, where instructors use it too
            finished.touch()
    return environment


def install(environment: Path, *packages: str) -> None:
    """As `pip install`, only faster, in the versions of our locks."""
    program = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(environment / "bin" / "python")]
    subprocess.run([*program, "--constraint", str(ROOT / "requirements-dev.txt"), *packages], check=True)


def _python_for_all() -> str:
    everybodys = Path("/usr/bin/python3")
    return str(everybodys) if os.geteuid() == 0 and everybodys.exists() else sys.executable

"""A learner's environment: the built wheel in a new environment, made once for all the tests of a run.

The tests of a hub use it as other users of this machine, so it lies where everybody can read it, and is made of a
Python that everybody can run (Debian's, where we are root; one under /root is hidden from others).
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.session import ROOT, once


def installed_environment() -> Path:
    """The folder of the environment; whoever asks first makes it, others wait."""
    return once("installed", _make) / "environment"


def _make(folder: Path) -> None:
    folder.chmod(0o755)
    build = [sys.executable, "-m", "course.authoring.wheel", str(folder)]  # by the repository's own package
    subprocess.run(build, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    subprocess.run([_python_for_all(), "-m", "venv", str(environment)], check=True)
    install(environment, f"{wheel}[grading]")  # as on a hub, where instructors use it too


def install(environment: Path, *packages: str) -> None:
    """As `pip install`, only faster, in the versions of our locks."""
    program = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(environment / "bin" / "python")]
    subprocess.run([*program, "--constraint", str(ROOT / "requirements-dev.txt"), *packages], check=True)


def _python_for_all() -> str:
    everybodys = Path("/usr/bin/python3")
    return str(everybodys) if os.geteuid() == 0 and everybodys.exists() else sys.executable

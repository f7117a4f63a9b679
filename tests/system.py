"""What the tests need beyond Python: Chromium, bubblewrap, PostgreSQL. `python -m tests.system` finds or, as root on
Debian, installs them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "bubblewrap", "fonts-dejavu-core", "postgresql")
SANDBOX_HINT = "The tests of grading need bubblewrap. On Debian or Ubuntu: sudo apt-get install bubblewrap"
POSTGRESQL_HINT = (
    "The tests of the gradebook need PostgreSQL's programs (initdb, pg_ctl), and none were found. "
    "On Debian or Ubuntu: sudo apt-get install postgresql; macOS: brew install postgresql"
)
HINT = (
    "The browser tests need Chromium, and none was found. Install it (Debian, Ubuntu: sudo apt-get install chromium; "
    "macOS: brew install --cask chromium), or name a Chrome or Chromium in COURSE_CHROMIUM. "
    "Without it: make test ARGS='-m \"not browser\"'"
)


def chromium() -> str | None:
    """Path of the browser to test with: $COURSE_CHROMIUM, else the first one on PATH."""
    return os.environ.get("COURSE_CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


def postgresql() -> Path | None:
    """The folder with initdb and pg_ctl: that on PATH, else Debian's newest."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return Path(found).resolve().parent if found else debian[-1].parent if debian else None


def install() -> None:
    """Debian's packages, where we are root and apt-get is there."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", *PACKAGES]):
            subprocess.run(["apt-get", *command], check=True, env=environment, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if not (chromium() and shutil.which("bwrap") and postgresql()):
        install()
    if not chromium():
        sys.exit(HINT)
    if sys.platform == "linux" and not shutil.which("bwrap"):
        sys.exit(SANDBOX_HINT)
    if sys.platform == "linux" and not postgresql():
        sys.exit(POSTGRESQL_HINT)

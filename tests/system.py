"""What the tests need beyond Python: Chromium, bubblewrap, PostgreSQL, npm for JupyterHub's proxy.

`python -m tests.system` finds or, as root on Debian, installs them.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = (
    *("chromium", "bubblewrap", "fonts-dejavu-core", "postgresql"),
    *("python3-venv", "nodejs", "npm", "openssl", "iproute2"),
)
SANDBOX_HINT = "The tests of grading need bubblewrap. On Debian or Ubuntu: sudo apt-get install bubblewrap"
POSTGRESQL_HINT = (
    "The tests of the gradebook need PostgreSQL's programs (initdb, pg_ctl), and none were found. "
    "On Debian or Ubuntu: sudo apt-get install postgresql; macOS: brew install postgresql"
)
HUB_HINT = (
    "The test of a JupyterHub makes system users, so it runs as root, on Debian, with the packages "
    f"{' '.join(PACKAGES)}. Without it: make test ARGS='--ignore tests/platform/deploy'"
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


def can_run_a_hub() -> bool:
    """True where tests/platform/deploy can make system users and has the programs that deploy/README.md installs."""
    everybodys = Path("/usr/lib/python3").is_dir() and Path("/usr/bin/python3").exists()
    return everybodys and os.geteuid() == 0 and all(map(shutil.which, ("npm", "node", "useradd", "openssl", "bwrap")))


def install() -> None:
    """Debian's packages, where we are root and apt-get is there."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", *PACKAGES]):
            subprocess.run(["apt-get", *command], check=True, env=environment, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if not (chromium() and shutil.which("bwrap") and postgresql() and shutil.which("npm")):
        install()
    if not chromium():
        sys.exit(HINT)
    if sys.platform == "linux" and not shutil.which("bwrap"):
        sys.exit(SANDBOX_HINT)
    if sys.platform == "linux" and not postgresql():
        sys.exit(POSTGRESQL_HINT)

"""What the tests need beyond Python: Chromium and bubblewrap. `python -m tests.system` finds or, as root on Debian,
installs them."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SANDBOX_HINT = "The tests of grading need bubblewrap. On Debian or Ubuntu: sudo apt-get install bubblewrap"
HINT = (
    "The browser tests need Chromium, and none was found. Install it (Debian, Ubuntu: sudo apt-get install chromium; "
    "macOS: brew install --cask chromium), or name a Chrome or Chromium in COURSE_CHROMIUM. "
    "Without it: make test ARGS='-m \"not browser\"'"
)


def chromium() -> str | None:
    """Path of the browser to test with: $COURSE_CHROMIUM, else the first one on PATH."""
    return os.environ.get("COURSE_CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """Debian's packages, where we are root and apt-get is there."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "chromium", "bubblewrap", "fonts-dejavu-core"]):
            subprocess.run(["apt-get", *command], check=True, env=environment, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if not (chromium() and shutil.which("bwrap")):
        install()
    if not chromium():
        sys.exit(HINT)
    if sys.platform == "linux" and not shutil.which("bwrap"):
        sys.exit(SANDBOX_HINT)

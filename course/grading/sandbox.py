"""The wall around a submission: what it can see of this machine, said once, as a bubblewrap command.

Everything that is not listed here does not exist inside: no home folders, no gradebook, no sources, no quiz keys, no
judges, no network. docs/sandbox.md explains the list. This module starts nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from course.catalog import CONTENTS, RELEASED

PACKAGE = Path(__file__).resolve().parent.parent
INSIDE_UID = "1000"
SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/alternatives")
PASSWD = f"learner:x:{INSIDE_UID}:{INSIDE_UID}::/scratch:/bin/sh\n"

# Settings under /proc/sys that close user namespaces: name, the value that does, and what an administrator can do.
_SETTINGS = (
    ("kernel/unprivileged_userns_clone", "0", "run: sysctl kernel.unprivileged_userns_clone=1"),
    ("user/max_user_namespaces", "0", "run: sysctl user.max_user_namespaces=10000"),
    ("kernel/apparmor_restrict_unprivileged_userns", "1", "give bwrap an AppArmor profile with `userns`"),
)


@cache
def why_unavailable() -> str:
    """One sentence on why submissions cannot be sealed here and what to do; '' where they can."""
    if sys.platform != "linux":
        return "Sealing a submission needs Linux and bubblewrap; this system is another."
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed. On Debian or Ubuntu: sudo apt-get install bubblewrap."
    probe = ["bwrap", "--unshare-all", "--unshare-user", "--uid", INSIDE_UID, "--ro-bind", "/", "/"]
    probe += ["--proc", "/proc", "--dev", "/dev", "unshare", "--user", "--mount", "--pid", "--fork", "true"]
    run = subprocess.run(probe, capture_output=True, text=True, check=False)
    return "" if run.returncode == 0 else _closed_namespaces(run.stderr)


def _closed_namespaces(told: str) -> str:
    """Names the setting that forbids user namespaces."""
    for name, value, mend in _SETTINGS:
        setting = Path("/proc/sys") / name
        if setting.is_file() and setting.read_text().strip() == value:
            return f"This system forbids user namespaces: /proc/sys/{name} is {value}. An administrator can {mend}."
    return f"bubblewrap cannot make namespaces here ({told.strip()}). A container must be allowed user namespaces."


def command(root: Path, rooms: Path, program: Sequence[str]) -> list[str]:
    """The bubblewrap command that runs program inside the wall.

    root: the course, of which only the table of contents is seen. rooms: a private folder of the grader's, seen as
    /rooms and writable; it holds what goes in and comes out, one folder for each submission.
    """
    passwd = rooms / "passwd"
    passwd.write_text(PASSWD)
    return [
        "bwrap",
        *("--unshare-all", "--unshare-user", "--uid", INSIDE_UID, "--gid", INSIDE_UID),
        *("--die-with-parent", "--new-session", "--clearenv"),
        *(part for name, value in _environment(root).items() for part in ("--setenv", name, value)),
        *(part for path in SYSTEM_FOLDERS + SYSTEM_FILES for part in _as_on_the_host(Path(path))),
        *("--ro-bind", str(passwd), "/etc/passwd", "--proc", "/proc", "--dev", "/dev"),
        *("--tmpfs", "/tmp", "--dir", "/scratch", "--dir", "/submission", "--dir", "/sockets"),
        *("--bind", str(rooms), "/rooms"),
        *(part for path in python_folders() for part in ("--ro-bind", str(path), str(path))),
        *("--ro-bind", str(root / CONTENTS), str(root / CONTENTS)),
        *_masks(),
        *("--remount-ro", "/dev", "--remount-ro", "/"),
        *("--chdir", "/submission", "--"),
        *program,
    ]


def _environment(root: Path) -> dict[str, str]:
    """Nothing of the grader's own environment is handed on but the language."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": "/scratch",
        "TMPDIR": "/scratch",
        "PYTHONPATH": str(PACKAGE.parent),
        "LANG": "C.UTF-8",
        "COURSE_LANG": os.environ.get("COURSE_LANG", "en"),
        "COURSE_ROOT": str(root),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "MPLCONFIGDIR": "/scratch/matplotlib",
    }


def _as_on_the_host(path: Path) -> list[str]:
    if path.is_symlink():
        return ["--symlink", os.readlink(path), str(path)]
    return ["--ro-bind", str(path), str(path)] if path.exists() else []


def python_folders() -> list[Path]:
    """The environment, the Python that it is made of, and the course package."""
    folders = dict.fromkeys(Path(folder) for folder in (sys.base_prefix, sys.prefix))
    if not any(PACKAGE.is_relative_to(folder) for folder in folders):
        folders[PACKAGE] = None
    return [folder for folder in folders if not folder.is_relative_to("/usr")]


def _masks() -> Iterator[str]:
    """Judges, what Python has compiled of them, and the quizzes of an installed course are empty inside."""
    if (RELEASED / "quizzes").is_dir():
        yield from ("--tmpfs", str(RELEASED / "quizzes"))
    chapters = PACKAGE / "chapters"
    for judge in sorted(chapters.glob("*/judges*")):
        yield from ("--tmpfs", str(judge)) if judge.is_dir() else ("--ro-bind", "/dev/null", str(judge))
    for compiled in sorted(chapters.glob("*/__pycache__")):
        yield from ("--tmpfs", str(compiled))

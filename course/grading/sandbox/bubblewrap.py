"""The first wall around a submission: what its sandbox can see of this machine, said once, as a bubblewrap command.

Everything that is not listed here does not exist inside: no home folders, no gradebook, no sources, no quiz keys, no
judges, no network. The second wall, around each submission, is confinement.py. docs/sandbox.md explains both. This
module starts nothing but a probe.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from course.catalog import CONTENTS
from course.errors import CourseError
from course.grading.sandbox.font_list import copy_font_lists
from course.grading.sandbox.seccomp import why_no_filter
from course.language import _, language

PACKAGE = Path(__file__).resolve().parents[2]
TREE = "/inner"  # where the sandbox keeps the read-only part of every submission's root
UID = 1000  # who a submission is to itself
_USERS = (range(0x70000000, 0x71000000), range(61184, 65520))  # the second for containers that have 65536 users
SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/alternatives")
PASSWD = f"learner:x:{UID}:{UID}::/scratch:/bin/sh\n"
DEVICES = ("null", "full", "random", "urandom")  # not zero: mapped, it is memory that nobody counts
# What root needs to make a submission somebody else, with a root of its own: names, and their bits in CapEff.
_CAPABILITIES = {
    **{"CAP_CHOWN": 0, "CAP_DAC_OVERRIDE": 1, "CAP_FOWNER": 3, "CAP_KILL": 5, "CAP_SETGID": 6, "CAP_SETUID": 7},
    **{"CAP_SETPCAP": 8, "CAP_SYS_PTRACE": 19, "CAP_SYS_ADMIN": 21},
}
EXCHANGE = Path("/usr/local/share/nbgrader")  # what everybody has handed in, where nbgrader's settings say nothing else
_FOLDERS = ("proc", "submission", "scratch", "disk", "tmp")  # of a submission; each is made for it alone
_HIDDEN = ("judges*", "released/quizzes", "course/authoring")  # in the package, never in its copy

FONT_LISTS = "/tmp/matplotlib"
# Of every kernel that grades, so that their numbers depend less on the processor: oneDNN sums in another order
# on each kind. Loading its code also takes a sixth of what a submission takes. One thread each: there is a kernel for
# every core, and small matrices shared by two take twice the processor's time.
NUMERICS = {
    **{"TF_ENABLE_ONEDNN_OPTS": "0", "TF_CPP_MIN_LOG_LEVEL": "3"},
    **{"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    **{"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"},
}

# Settings under /proc/sys that close user namespaces: name, the value that does, and what an administrator can do.
_SETTINGS = (
    ("kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
    ("user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"),
    ("kernel/apparmor_restrict_unprivileged_userns", "1", ""),
)


def why_unavailable() -> str:
    """One sentence on why submissions cannot be sealed here and what to do; '' where they can."""
    return _why_unavailable(language())


@cache
def _why_unavailable(_language: str) -> str:
    if sys.platform != "linux":
        return _("Sealing a submission needs Linux and bubblewrap; this system is another.")
    if shutil.which("bwrap") is None:
        return _("bubblewrap is not installed. On Debian or Ubuntu: sudo apt-get install bubblewrap.")
    return why_no_filter() or _why_unreadable() or _why_no_namespaces()


def _why_no_namespaces() -> str:
    """Tries what sandbox and submission will do: namespaces, then others in them, with a /proc of their own."""
    inner = ["unshare", "--mount", "--pid", "--net", "--ipc", "--uts", "--cgroup", "--fork", "--mount-proc"]
    inner += [] if as_root() else ["--user", "--map-root-user"]
    inner += ["unshare", "--user"]
    probe = ["bwrap", *_namespaces(), "--ro-bind", "/", "/", "--tmpfs", "/tmp", *_processes(), "--dev", "/dev"]
    run = subprocess.run([*probe, *inner, "true"], capture_output=True, text=True, check=False)
    return "" if run.returncode == 0 else _closed_namespaces(run.stderr)


def _closed_namespaces(told: str) -> str:
    """Names the setting that forbids user namespaces."""
    for name, value, mend in _SETTINGS:
        setting = Path("/proc/sys") / name
        if setting.is_file() and setting.read_text().strip() == value:
            closed = _("This system forbids user namespaces: {setting} is {value}.").format(
                setting=setting, value=value
            )
            return f"{closed} {_who_mends(mend)}"
    closed = _("bubblewrap cannot make namespaces here ({reason}). A container must be allowed user namespaces.")
    return closed.format(reason=told.strip())


def _who_mends(command: str) -> str:
    if command:
        return _("An administrator can run: {command}.").format(command=command)
    return _("An administrator can give bwrap an AppArmor profile with `userns`.")


def as_root() -> bool:
    """True if whoever grades is root with all it takes to make each submission a user of its own.

    A container's root without these rights, or without other users, grades as ordinary users do.
    """
    if os.geteuid() != 0:
        return False
    told = Path("/proc/self/status").read_text()
    have = int(told.partition("CapEff:")[2].split()[0], 16)
    return all(have >> bit & 1 for bit in _CAPABILITIES.values()) and users() is not None


def users() -> range | None:
    """Users that no system hands out to anybody, as far as this user namespace has them."""
    have = [[int(number) for number in line.split()] for line in Path("/proc/self/uid_map").read_text().splitlines()]
    for wanted in _USERS:
        if any(first <= wanted.start and wanted.stop <= first + count for first, _outside, count in have):
            return wanted
    return None


def _why_unreadable() -> str:
    """Where root grades, submissions are nobody, who must be able to read Python and the environment."""
    if not as_root():
        return ""
    places = [Path(sys.executable).resolve(), *python_folders(), Path(os.__file__), Path(shutil.__file__)]
    closed = [str(place) for place in places if not place.stat().st_mode & stat.S_IROTH]
    if not closed:
        return ""
    told = _("Only root can read {path}, but submissions run as nobody. Run: chmod -R o+rX {path}")
    return told.format(path=closed[0])


def _namespaces() -> list[str]:
    """As root no user namespace is made here: each submission gets one, after it has become another user."""
    if not as_root():
        return ["--unshare-all", "--unshare-user", "--uid", str(UID), "--gid", str(UID)]
    kept = [part for name in _CAPABILITIES for part in ("--cap-add", name)]
    apart = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    return [*apart, "--cap-drop", "ALL", *kept]


def _processes() -> list[str]:
    """The sandbox's own /proc, and what lets each submission have one.

    A user namespace may have a /proc only where it sees a whole one already. bubblewrap covers parts of the sandbox's
    where it has root's number, so root without root's rights sees a container's as well; no submission does.
    """
    own = ["--proc", "/proc"]
    return own if as_root() or os.geteuid() != 0 else ["--bind", "/proc", "/tmp/outer-proc", *own]


def command(root: Path, workdir: Path, program: Sequence[str]) -> list[str]:
    """The bubblewrap command that runs program, which is none of a learner's, in the sandbox.

    root: the course, of which only the table of contents is seen. workdir: a private folder of the grader's, in which
    prepare_workdir has put what is seen of the course; the sandbox can read it, and no submission sees it.
    The sandbox has the same read-only tree twice: for itself, and in TREE to be the root of each submission.
    """
    return [
        "bwrap",
        *_namespaces(),
        *("--die-with-parent", "--new-session", "--clearenv"),
        *(part for name, value in _environment(root).items() for part in ("--setenv", name, value)),
        *("--tmpfs", "/tmp", *_processes(), "--dev", "/dev", "--dir", "/scratch"),
        *_read_only_tree(root, workdir, ""),
        *_read_only_tree(root, workdir, TREE),
        *(
            part
            for folder in ("proc", "submission", "scratch", "disk", "tmp")
            for part in ("--dir", f"{TREE}/{folder}")
        ),
        *_devices(),
        *_font_lists(workdir),
        *("--ro-bind", str(workdir), "/workdir"),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--"),
        *program,
    ]


def prepare_workdir(root: Path, workdir: Path) -> None:
    """Puts into workdir what sandbox and submissions see of the course: no judge and no key is ever in there.

    A copy, so that what Python or somebody writes into the course later, such as a judge's bytecode, is not seen.
    """
    (workdir / "passwd").write_text(PASSWD)
    shutil.copyfile(root / CONTENTS, workdir / "contents.yml")
    shutil.copytree(PACKAGE, workdir / "course", ignore=_hidden)
    copy_font_lists(workdir / "fonts")
    for path in [workdir / "passwd", workdir / "contents.yml", workdir / "course", *(workdir / "course").rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def _hidden(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if any(Path(folder, name).match(pattern) for pattern in _HIDDEN)}


def _read_only_tree(root: Path, workdir: Path, prefix: str) -> list[str]:
    """The system, Python with its environment, and the copy of the course, below prefix."""
    binds: list[str] = []
    for place in SYSTEM_FOLDERS + SYSTEM_FILES:
        binds += _as_on_the_host(Path(place), prefix)
    binds += ["--ro-bind", str(workdir / "passwd"), f"{prefix}/etc/passwd"]
    for path in python_folders():
        binds += ["--ro-bind", str(path), f"{prefix}{path}"]
    hidden = [*_other_copies(), *_private_folders(root)]
    binds += [part for each in hidden for part in ("--tmpfs", f"{prefix}{each}")]
    for path in [PACKAGE, root / CONTENTS, *_environment_folders()]:
        if any(path.is_relative_to(each) for each in hidden):
            binds += _folders(path, prefix)
    for path in _environment_folders():
        if any(path.is_relative_to(each) for each in hidden):
            binds += ["--ro-bind", str(path), f"{prefix}{path}"]
    binds += ["--ro-bind", str(workdir / "course"), f"{prefix}{PACKAGE}"]
    binds += ["--ro-bind", str(workdir / "contents.yml"), f"{prefix}{root / CONTENTS}"]
    binds += [part for each in hidden for part in ("--remount-ro", f"{prefix}{each}")]
    places = [*map(Path, SYSTEM_FILES), *python_folders(), PACKAGE, root / CONTENTS]
    return [part for path in places for part in _folders(path, prefix)] + binds


def _folders(path: Path, prefix: str) -> list[str]:
    """Those in which path lies, that all may enter: bubblewrap would make them its own alone."""
    parents = [each for each in reversed(path.parents) if prefix or each != Path("/")]
    return [part for each in parents for part in ("--dir", f"{prefix}{each}")]


def _private_folders(root: Path) -> list[Path]:
    """The course with its class, and nbgrader's exchange, where they lie in a folder that all may see.

    CourseError where the course is such a folder itself, so that it cannot be hidden.
    """
    seen = [*map(Path, SYSTEM_FOLDERS), *python_folders()]
    course = root.resolve()
    if course.is_relative_to(PACKAGE):  # installed, and released as it is
        private = [EXCHANGE]
    elif course in _environment_folders():
        told = _("{folder} holds Python itself. Put the course into a folder that holds no Python, then grade.")
        raise CourseError(told.format(folder=course))
    else:
        private = [course, EXCHANGE]
    return [each for each in private if each.is_dir() and any(each.is_relative_to(place) for place in seen)]


def _devices() -> Iterator[str]:
    """The devices that are the same for everybody; terminals and shared memory are made for each submission."""
    yield from ("--dir", f"{TREE}/dev")
    for name in DEVICES:
        yield from ("--dev-bind", f"/dev/{name}", f"{TREE}/dev/{name}")
    for name in ("pts", "shm"):
        yield from ("--dir", f"{TREE}/dev/{name}")
    links = {"ptmx": "pts/ptmx", "fd": "/proc/self/fd"}
    links |= {name: f"/proc/self/fd/{number}" for number, name in enumerate(("stdin", "stdout", "stderr"))}
    for name, target in links.items():
        yield from ("--symlink", target, f"{TREE}/dev/{name}")


def _font_lists(workdir: Path) -> Iterator[str]:
    """Where the sandbox's matplotlib looks for its list of fonts, in a folder that it can write, as it asks for one."""
    yield from ("--dir", FONT_LISTS)
    for path in sorted((workdir / "fonts").iterdir()):
        yield from ("--ro-bind", str(path), f"{FONT_LISTS}/{path.name}")


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
        "CUDA_VISIBLE_DEVICES": "-1",
        "MPLCONFIGDIR": FONT_LISTS,
        **NUMERICS,
    }


def _as_on_the_host(path: Path, prefix: str) -> list[str]:
    if path.is_symlink():
        return ["--symlink", os.readlink(path), f"{prefix}{path}"]
    return ["--ro-bind", str(path), f"{prefix}{path}"] if path.exists() else []


def python_folders() -> list[Path]:
    """The environment, and the Python that it is made of, where they are not the system's."""
    return [folder for folder in _environment_folders() if not folder.is_relative_to("/usr")]


def _environment_folders() -> list[Path]:
    return list(dict.fromkeys(Path(folder) for folder in (sys.base_prefix, sys.prefix)))


def _other_copies() -> list[Path]:
    """Courses installed in the environment although another one is running, judges and all."""
    found = [path for folder in (sys.base_prefix, sys.prefix) for path in Path(folder).glob("lib*/python*/*/course")]
    return [path for path in dict.fromkeys(found) if path != PACKAGE and (path / "grading").is_dir()]

"""Locks a process into what one submission may see and do, before anything of the learner's runs. Inside the sandbox.

The process gets namespaces and a root of its own, then gives up every privilege for itself and all that it will ever
start. It must have one thread only, and nothing here may be undone later. What cannot be done raises OSError or
NotConfined: the caller ends, and the submission is not run.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import secrets
import shutil
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

from course.grading.sandbox.bubblewrap import TREE, UID, users
from course.grading.sandbox.seccomp import install_filter

DISK = "512m"  # for /submission, /scratch, /tmp and /dev/shm together
DISK_FILES = 100_000
LIMITS = {
    resource.RLIMIT_AS: 24 * 2**30,  # bytes of addresses of one process, shared memory included
    resource.RLIMIT_DATA: 6 * 2**30,  # bytes of memory of one process
    resource.RLIMIT_FSIZE: 128 * 2**20,  # bytes of one file
    resource.RLIMIT_NPROC: 256,  # processes and threads
    resource.RLIMIT_NOFILE: 1024,
    resource.RLIMIT_CORE: 1,  # with 0 it may still be handed to a program of the machine's
    resource.RLIMIT_MEMLOCK: 0,
    resource.RLIMIT_MSGQUEUE: 0,
    resource.RLIMIT_SIGPENDING: 1024,
    resource.RLIMIT_NICE: 0,
    resource.RLIMIT_RTPRIO: 0,
}

_LIBC = ctypes.CDLL(None, use_errno=True)
_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
_NEWUSER, _NEWPID, _NEWNET = 0x10000000, 0x20000000, 0x40000000
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
_DETACH = 2
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_SECUREBITS, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 28, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_SECUREBITS = 0xEF  # root is nobody special, no capability is kept or raised; and all of that locked
_CAPABILITY_VERSION = 0x20080522
_MOST_CAPABILITIES = 64
_SIGKILL = 9
_OUT_OF_THE_WAY = 100  # a descriptor's number


class NotConfined(Exception):
    """A process would have run with more rights than it may have."""


@dataclass(frozen=True)
class Identity:
    """Who runs a submission, outside its own user namespace."""

    uid: int
    gid: int


def may_be_anyone() -> bool:
    """True where the sandbox was started by root, with root's rights: see sandbox.as_root."""
    return os.getuid() == 0


def new_identity() -> Identity:
    """Who a submission is outside its own user namespace: where root grades, a user that nobody else is."""
    if not may_be_anyone():
        return Identity(UID, UID)
    wanted = users()
    if wanted is None:
        raise NotConfined("Root has no other users here.")
    user = wanted.start + secrets.randbelow(len(wanted))
    return Identity(user, user)


def separate_processes() -> None:
    """The next fork is the first process of a PID namespace. Where we are not root, this makes us so in a namespace."""
    if may_be_anyone():
        _check(_LIBC.unshare(_NEWPID))
        return
    _check(_LIBC.unshare(_NEWUSER | _NEWPID))
    set_dumpable(True)  # our own copy now; /proc/self must be ours to write
    _map_ids(Identity(UID, UID), Identity(UID, UID))


def set_dumpable(value: bool) -> None:
    """Whether processes of the same user may look into this one, and it may write its own /proc files."""
    _check(_LIBC.prctl(_PR_SET_DUMPABLE, int(value), 0, 0, 0))


def end_with_parent() -> None:
    _check(_LIBC.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0))


def confine(files: Path, identity: Identity, kept: list[int]) -> list[int]:
    """Makes this process, the first of its PID namespace, see and do what a submission may; see docs/sandbox.md.

    files: what it is to find in /submission. kept: the descriptors that it keeps; returns their new numbers.
    Standard output and error stay as they are, for what may still go wrong: close_output is to follow.
    """
    _check(_LIBC.unshare(_NEWNS | _NEWIPC | _NEWNET | _NEWUTS | _NEWCGROUP))
    socket.sethostname("submission")
    _mount("none", "/", None, _REC | _PRIVATE)
    _make_root(files, identity)
    kept = _keep_only(kept)
    for limit, value in LIMITS.items():
        _lower(limit, value)
    Path("/proc/self/oom_score_adj").write_text("1000")  # where memory is short, it goes first
    _give_up_identity(identity)
    _give_up_privileges()
    end_with_parent()  # a change of identity has made this forgotten
    _require_confined()
    return kept


def close_output() -> None:
    """The sandbox's own log is none of a submission's business."""
    null = os.open("/dev/null", os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    os.close(null)


def _make_root(files: Path, identity: Identity) -> None:
    """Builds the new root over TREE, with the files in it, and moves there; the old one is gone."""
    _mount(TREE, TREE, None, _BIND | _REC)
    _mount("proc", f"{TREE}/proc", "proc", _NOSUID | _NODEV | _NOEXEC, "subset=pid,hidepid=invisible")
    _mount("devpts", f"{TREE}/dev/pts", "devpts", _NOSUID | _NOEXEC, "newinstance,ptmxmode=0666,mode=600,max=64")
    options = f"size={DISK},nr_inodes={DISK_FILES},mode=0755,uid={identity.uid},gid={identity.gid}"
    disk = f"{TREE}/disk"
    _mount("tmpfs", disk, "tmpfs", _NOSUID | _NODEV, options)
    for folder in ("submission", "scratch", "dev/shm", "tmp"):
        target = f"{TREE}/{folder}"
        if folder != "tmp" or not os.listdir(target):  # Python or the course lies below /tmp: nothing to write there
            part = f"{disk}/{folder.replace('/', '-')}"
            os.mkdir(part)
            if folder == "submission":
                shutil.copytree(files, part, symlinks=True, dirs_exist_ok=True)
            _mount(part, target, None, _BIND)
    _hand_over(disk, identity)
    _check(_LIBC.umount2(disk.encode(), _DETACH))
    os.chdir(TREE)
    _check(_LIBC.pivot_root(b".", b"."))
    _check(_LIBC.umount2(b".", _DETACH))
    os.chdir("/submission")


def _hand_over(disk: str, identity: Identity) -> None:
    """What was copied belongs to the submission, and it may write it."""
    for folder, _folders, names in os.walk(disk):
        for path in [folder, *(os.path.join(folder, name) for name in names)]:
            if may_be_anyone():
                os.chown(path, identity.uid, identity.gid, follow_symlinks=False)
            if not os.path.islink(path):
                os.chmod(path, 0o755 if os.path.isdir(path) else 0o644)


def _keep_only(kept: list[int]) -> list[int]:
    """Closes every other descriptor but the standard ones; the kept ones become the lowest numbers after these."""
    moved = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY) for each in kept]
    for number, descriptor in enumerate(moved, start=3):
        os.dup2(descriptor, number, inheritable=False)
    first_free = 3 + len(kept)
    for each in _open_descriptors():
        if each >= first_free:
            os.close(each)
    left = [each for each in _open_descriptors() if each >= first_free]
    if left:
        raise NotConfined(f"These descriptors stayed open: {left}.")
    return list(range(3, first_free))


def _open_descriptors() -> list[int]:
    """All of this process's but the one that reads the list."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            os.fstat(int(name))
        except OSError:
            continue
        found.append(int(name))
    return found


def _lower(limit: int, value: int) -> None:
    _soft, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(limit, (value, value))


def _give_up_identity(identity: Identity) -> None:
    """Becomes nobody to the machine, in a user namespace of its own to which none of the other namespaces belongs."""
    if may_be_anyone():
        os.setgroups([])
        os.setresgid(identity.gid, identity.gid, identity.gid)
        os.setresuid(identity.uid, identity.uid, identity.uid)
    _check(_LIBC.unshare(_NEWUSER))
    set_dumpable(True)
    _map_ids(Identity(UID, UID), identity)


def _map_ids(inside: Identity, outside: Identity) -> None:
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{inside.uid} {outside.uid} 1")
    Path("/proc/self/gid_map").write_text(f"{inside.gid} {outside.gid} 1")


def _give_up_privileges() -> None:
    """No capability is left in any set, none can be had again, and the filter of system calls is on."""
    _check(_LIBC.prctl(_PR_SET_SECUREBITS, _SECUREBITS, 0, 0, 0))
    for capability in range(_MOST_CAPABILITIES):
        _LIBC.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)  # fails for those that this kernel does not have
    _check(_LIBC.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _check(_LIBC.capset(header, (ctypes.c_uint32 * 6)()))
    _check(_LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    install_filter()


def _require_confined() -> None:
    """NotConfined unless the Linux kernel itself says that all of it is so."""
    told = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
    right = {"NoNewPrivs": "1", "Seccomp": "2", "Threads": "1", "Uid": "\t".join([str(UID)] * 4)}
    wrong = [name for name, value in right.items() if told[name].strip() != value]
    wrong += [name for name, value in told.items() if name.startswith("Cap") and int(value, 16)]
    if wrong:
        raise NotConfined(f"Not as it must be: {', '.join(f'{name} {told[name]}' for name in wrong)}.")
    for place in ("/workdir", TREE, "/disk/submission"):
        if os.path.exists(place):
            raise NotConfined(f"{place} is still there.")
    if not os.statvfs("/").f_flag & os.ST_RDONLY or not stat.S_ISDIR(os.stat("/submission").st_mode):
        raise NotConfined("The root is not as it must be.")


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    encoded = [None if text is None else text.encode() for text in (source, target, kind, options)]
    _check(_LIBC.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3]), target)


def _check(result: int, where: str | None = None) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), where)

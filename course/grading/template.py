"""Runs inside the sandbox: imports what the course needs once, then forks a single-use kernel per submission.

Whoever knocks at the door, each of the grader's workers, gets a fork of its own that serves it, one kernel after the
other: a JSON line in, a JSON line out. Neither it nor the first process ever runs a line of a learner's or computes
with TensorFlow (a fork after that would hang). Each kernel gets namespaces, temporary disks and limits of its own, so
that it can neither see nor outlive its siblings.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import resource
import select
import shutil
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import course.exercises.observe  # noqa: F401  (what a kernel is asked to run)
from course.catalog import load_catalog
from course.exercises.registry import chapter_exercises

_LIBC = ctypes.CDLL(None, use_errno=True)
_NEWNS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x00020000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
_RDONLY, _NOSUID, _NODEV, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
_LAST_CAPABILITY = 40
_CAPABILITY_VERSION = 0x20080522

WARM = (
    *("tensorflow", "keras", "numpy.random", "matplotlib.figure"),
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger"),  # what IPython loads at its start
    *("IPython.core.completerlib", "IPython.core.oinspect", "IPython.extensions.storemagic"),
)
DISK = "256m"
MEMORY = 8 * 2**30  # bytes that all processes of a submission may hold together
LIMITS = {
    resource.RLIMIT_DATA: 6 * 2**30,  # bytes of memory of one process
    resource.RLIMIT_FSIZE: 128 * 2**20,  # bytes of one file
    resource.RLIMIT_NPROC: 256,  # processes and threads
    resource.RLIMIT_NOFILE: 1024,
    resource.RLIMIT_CORE: 0,
}


def main(lifeline: socket.socket, door: socket.socket) -> None:
    """Answers the door until the grader closes its end of the lifeline, or is no more."""
    warm_up()
    _check(_LIBC.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0))  # no child may look into, or write into, this process
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those who served are not waited for
    while True:
        readable, _w, _x = select.select([lifeline, door], [], [])
        if lifeline in readable:
            return
        control, _address = door.accept()
        with control, contextlib.suppress(OSError):  # where no more processes can be had, who knocked is hung up on
            _fork(partial(_serve_alone, control, lifeline, door))


def _fork(child: Callable[[], int | None]) -> int:
    """The pid of a fork that does this and ends, with the result as its exit code, or 1 if it raised (see the log)."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = child() or 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
    raise AssertionError("unreachable")


def _serve_alone(control: socket.socket, *others: socket.socket) -> None:
    """In a fork: the first process's own sockets are none of its business."""
    for each in others:
        each.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    serve(control)


def serve(control: socket.socket) -> None:
    """Does what one worker asks, until it closes the socket; its kernel ends with it."""
    keeper: int | None = None
    try:
        with control.makefile("rw", encoding="utf-8", newline="\n") as channel:
            _answer(channel, {"ready": True})
            for line in channel:
                request = json.loads(line)
                if request["do"] == "start":
                    keeper = _fork(partial(_keep_kernel, control, request))
                    _answer(channel, {"started": True})
                elif request["do"] == "interrupt" and keeper:
                    _signal(keeper, signal.SIGINT)
                    _answer(channel, {"interrupted": True})
                elif request["do"] == "poll":
                    keeper = _reap(keeper, wait=False)
                    _answer(channel, {"alive": keeper is not None})
                else:
                    _end(keeper)
                    keeper = None
                    _answer(channel, {"alive": False})
    finally:
        _end(keeper)


def warm_up() -> None:
    """Imports, and nothing but imports; what they made is never to be collected, so that forks share its pages."""
    for name in WARM:
        importlib.import_module(name)
    for chapter in load_catalog().chapters:
        chapter_exercises(chapter)
    gc.collect()
    gc.freeze()


def _answer(channel: Any, data: dict[str, Any]) -> None:
    channel.write(json.dumps(data) + "\n")
    channel.flush()


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _end(keeper: int | None) -> None:
    """Ends the keeper's kernel, and waits until both are gone."""
    if keeper:
        _signal(keeper, signal.SIGTERM)
        _reap(keeper, wait=True)


def _reap(keeper: int | None, *, wait: bool) -> int | None:
    """The keeper's pid while its kernel lives, else None."""
    if keeper is None:
        return None
    pid, _status = os.waitpid(keeper, 0 if wait else os.WNOHANG)
    return None if pid == keeper else keeper


def _keep_kernel(control: socket.socket, request: dict[str, Any]) -> int:
    """In a fork: makes the namespaces and watches over the kernel in them."""
    os.close(control.fileno())
    _make_namespaces(request["room"])
    kernel = _fork(partial(_run_kernel, request["connection"]))
    signal.signal(signal.SIGINT, lambda *_: os.kill(kernel, signal.SIGINT))
    signal.signal(signal.SIGTERM, lambda *_: os.kill(kernel, signal.SIGKILL))
    _check(_LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    while True:
        pid, status = os.waitpid(kernel, os.WNOHANG)
        if pid == kernel:
            return os.waitstatus_to_exitcode(status) & 255
        if _memory_in_use(kernel) > MEMORY:
            os.kill(kernel, signal.SIGKILL)  # the first of its namespace: all the others end with it
        signal.sigtimedwait({signal.SIGCHLD}, 0.1)  # until then, or until it ends


def _memory_in_use(kernel: int) -> int:
    """Bytes that the kernel and the processes it has started hold for themselves."""
    parents, own = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                pid = int(folder.name)
                parents[pid] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                _size, resident, shared, *_rest = (folder / "statm").read_text().split()
                own[pid] = int(resident) - int(shared)
    family = {kernel}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown  # orphans become the kernel's: it is the first of its namespace
    return sum(own.get(pid, 0) for pid in family) * resource.getpagesize()


def _make_namespaces(room: str) -> None:
    """Private users, mounts, processes, network and IPC; private disks in memory; only this submission's files."""
    uid, gid = os.getuid(), os.getgid()
    _check(_LIBC.unshare(_NEWUSER | _NEWNS | _NEWPID | _NEWNET | _NEWIPC))
    _check(_LIBC.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0))  # our own copy now; /proc/self must be ours to write
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _mount("none", "/", None, _REC | _PRIVATE)
    for folder in ("/submission", "/scratch", "/dev/shm"):
        _mount("tmpfs", folder, "tmpfs", _NOSUID | _NODEV, f"size={DISK}")
    _make_tmp_private()
    shutil.copytree(f"/rooms/{room}/in", "/submission", symlinks=True, dirs_exist_ok=True)
    _mount(f"/rooms/{room}/s", "/sockets", None, _BIND)
    _mount("tmpfs", "/rooms", "tmpfs", _NOSUID | _NODEV | _RDONLY, "size=4k")


def _make_tmp_private() -> None:
    """A temporary disk on /tmp; or, where Python itself or the course lies below /tmp, at least nothing to write."""
    if any(Path(place).is_relative_to("/tmp") for place in (sys.prefix, sys.base_prefix, __file__)):
        _mount("none", "/tmp", None, _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV)
    else:
        _mount("tmpfs", "/tmp", "tmpfs", _NOSUID | _NODEV, f"size={DISK}")


def _run_kernel(connection: dict[str, Any]) -> None:
    """Becomes an IPython kernel on the given connection; returns when it is shut down."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    os.chdir("/submission")
    tempfile.tempdir = None  # the template may have settled on another folder
    random.seed()
    sys.modules["numpy"].random.seed()
    path = Path("/scratch/connection.json")
    path.write_text(json.dumps(connection))
    app = IPKernelApp.instance()
    app.initialize(["-f", str(path), "--HistoryManager.enabled=False"])
    _mount(
        "none", "/sockets", None, _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV
    )  # the sockets are bound: no more files
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value))
    _drop_capabilities()
    app.start()


def _drop_capabilities() -> None:
    """Gives up what making the namespaces needed."""
    _check(_LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    for capability in range(_LAST_CAPABILITY + 1):
        _LIBC.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _check(_LIBC.capset(header, (ctypes.c_uint32 * 6)()))


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    encoded = [None if text is None else text.encode() for text in (source, target, kind, options)]
    _check(_LIBC.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3]))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main(*(socket.socket(fileno=int(number)) for number in sys.argv[1:3]))

"""Stands beside one submission's kernel, outside its namespaces: starts it confined, counts what it holds, ends it.

Runs inside the sandbox, forked from a template and never touched by a learner's code. All processes of a submission end
with the first of them.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import socket
import traceback
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from course.grading.sandbox.confinement import (
    LIMITS,
    close_output,
    confine,
    end_with_parent,
    new_identity,
    separate_processes,
)

MEMORY = 8 * 2**30  # bytes that all processes of a submission may hold together, its disk not included
PER_PROCESS = 16 * 2**20  # bytes that Linux may keep for one process: 65,530 mappings take 11 MiB
LOOK_SECONDS = 0.1
SIGNALS = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}


def fork(child: Callable[[], int | None]) -> int:
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


def keep_kernel(parent: int, files: Path, sockets: list[int], run: Callable[[list[int]], None]) -> int:
    """In a fork whose SIGNALS are blocked: runs `run` in a confined process with these sockets, until it ends.

    SIGINT interrupts the kernel, SIGTERM ends it. It ends with its parent, and its kernel with it.
    """
    end_with_parent()
    if os.getppid() != parent:
        return 1
    identity = new_identity()
    separate_processes()
    watched, held = os.pipe()  # the other end closes with this process

    def confined() -> int:
        os.setsid()  # where Linux groups processes by session, all of its together get one share of the processor
        *kept, end = confine(files, identity, [*sockets, watched])
        close_output()
        if select.select([end], [], [], 0)[0]:  # nobody stands beside it any more
            return 1
        os.close(end)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        run(kept)
        return 0

    kernel = fork(confined)
    for each in [*sockets, watched]:
        os.close(each)
    code = _watch(kernel)
    os.close(held)
    return code


def _watch(kernel: int) -> int:
    """The kernel's exit code, once it has ended by itself, by SIGTERM to us or for what it holds."""
    while True:
        told = signal.sigtimedwait(SIGNALS, LOOK_SECONDS)
        if told and told.si_signo == signal.SIGINT:
            os.kill(kernel, signal.SIGINT)
        elif (told and told.si_signo == signal.SIGTERM) or holds_too_much(kernel):
            os.kill(kernel, signal.SIGKILL)
        pid, status = os.waitpid(kernel, os.WNOHANG)
        if pid == kernel:
            return os.waitstatus_to_exitcode(status) & 255


def holds_too_much(kernel: int) -> bool:
    """True if the processes that the kernel has started, and itself, are too many or hold too much memory.

    Also if nobody can tell: a kernel whose first thread has ended answers nobody, and only hides what it holds.
    """
    family = _family(kernel)
    try:
        held = memory_of(family) + _sockets(kernel) * socket_buffer()
    except OSError:
        return True
    return len(family) > LIMITS[resource.RLIMIT_NPROC] or held > MEMORY


def _family(kernel: int) -> set[int]:
    """Orphans become the kernel's: it is the first of its PID namespace."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(name)] = int(Path("/proc", name, "stat").read_text().rpartition(")")[2].split()[1])
    family = {kernel}
    while True:
        grown = {pid for pid, parent in parents.items() if parent in family} - family
        if not grown:
            return family
        family |= grown


def memory_of(family: set[int]) -> int:
    """Bytes: what each holds for itself, and the most that Linux keeps for a process of its mappings and descriptors.

    Sockets apart there is no other memory: what can be shared without a file of the disk, or stay when nobody maps it,
    is refused (seccomp.py), and the disk is limited by itself.
    """
    return sum(_own_memory(Path("/proc", str(pid))) + PER_PROCESS for pid in family)


def _own_memory(folder: Path) -> int:
    """Of its first thread that lives: a process goes on, and holds what it holds, when the first of all has ended."""
    for status in _statuses(folder):
        with contextlib.suppress(OSError):  # it has just ended
            lines = [line.split() for line in status.read_text().splitlines()]
            held = [int(line[1]) for line in lines if line and line[0] in {"RssAnon:", "VmSwap:", "VmPTE:"}]
            if held:
                return sum(held) * 1024
    return 0


def _statuses(folder: Path) -> Iterator[Path]:
    yield folder / "status"
    with contextlib.suppress(OSError):
        for thread in os.listdir(folder / "task"):
            yield folder / "task" / thread / "status"


def _sockets(kernel: int) -> int:
    """All in the kernel's network namespace: also those that no descriptor stands for, as their data wait somewhere."""
    told = Path("/proc", str(kernel), "net", "sockstat").read_text()
    return int(told.partition("sockets: used ")[2].split()[0])


@cache
def socket_buffer() -> int:
    """The most bytes that the data which a socket has sent take up; a larger buffer is refused (seccomp.py)."""
    with socket.socket(socket.AF_UNIX) as usual:
        return 2 * usual.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)

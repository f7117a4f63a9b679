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
import traceback
from collections.abc import Callable
from pathlib import Path

from course.grading.confinement import (
    LIMITS,
    close_output,
    confine,
    end_with_parent,
    new_identity,
    separate_processes,
)

MEMORY = 8 * 2**30  # bytes that all processes of a submission may hold together, its disk not included
SOCKET_BUFFER = 2 * 212_992  # bytes that one descriptor may keep in the kernel: a socket's buffer, as Linux sets it
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
    """True if the processes that the kernel has started, and itself, are too many or hold too much memory."""
    family = _family(kernel)
    return len(family) > LIMITS[resource.RLIMIT_NPROC] or memory_of(family) > MEMORY


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
    """Bytes: what each holds for itself, and what its sockets and pipes may hold.

    There is no other memory: what can be shared without a file of the disk is refused (seccomp.py), and the disk is
    limited by itself.
    """
    total = 0
    for pid in family:
        folder = Path("/proc", str(pid))
        with contextlib.suppress(OSError):  # it has just ended
            total += _own_memory(folder) + _descriptors(folder) * SOCKET_BUFFER
    return total


def _own_memory(folder: Path) -> int:
    total = 0
    for line in (folder / "status").read_text().splitlines():
        if line.startswith(("RssAnon:", "VmSwap:", "VmPTE:")):
            total += int(line.split()[1]) * 1024
    return total


def _descriptors(folder: Path) -> int:
    told = os.stat(folder / "fd").st_size  # Linux 6.2 and later
    return told or len(os.listdir(folder / "fd"))

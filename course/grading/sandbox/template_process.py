"""Runs inside the sandbox: imports what the course needs once, then forks a single-use kernel per submission.

Whoever knocks at the door, each of the grader's workers, gets a fork of its own that serves it, one kernel after the
other: a packet of JSON in, one out. It imports the chapter that it is asked for, and no other. Neither it nor the first
process ever runs a line of a learner's or computes with TensorFlow (a fork after that would hang). keeper.py says how
each kernel is kept apart from all others.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import re
import select
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

import course.exercises.observe  # noqa: F401  (what a kernel is asked to run)
from course.catalog import Catalog, load_catalog
from course.errors import CourseError
from course.exercises.misconceptions import CHAPTERS
from course.exercises.registry import chapter_exercises
from course.grading.sandbox.confinement import set_dumpable
from course.grading.sandbox.keeper import SIGNALS, fork, keep_kernel

KERAS = ("tensorflow", "keras")  # where an exercise of any chapter needs them: they take seconds, and all share them
WARM = (
    *("numpy.random", "matplotlib.figure", "matplotlib.pyplot"),
    *("matplotlib_inline.backend_inline", "course.grading.sandbox.kernel_app"),
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger"),  # what IPython loads at its start
    *("IPython.core.completerlib", "IPython.core.oinspect", "IPython.extensions.storemagic"),
)
PACKET = 65536
SOCKETS = 2  # of a kernel: shell and iopub


def main(lifeline: socket.socket, door: socket.socket) -> None:
    """Answers the door until the grader closes its end of the lifeline, or is no more."""
    warm_up()
    set_dumpable(False)  # no child may look into, or write into, this process
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those who served are not waited for
    while True:
        readable, _w, _x = select.select([lifeline, door], [], [])
        if lifeline in readable:
            return
        control, _address = door.accept()
        with control, contextlib.suppress(OSError):  # where no more processes can be had, who knocked is hung up on
            fork(partial(_serve_alone, control, lifeline, door))


def warm_up() -> None:
    """Imports, and nothing but imports; what they made is never to be collected, so that forks share its pages.

    Looking for garbage meanwhile would find none, and take a quarter of the time. No chapter is imported here.
    """
    gc.disable()
    for name in (*WARM, *(KERAS if says_it_needs_keras(load_catalog()) else ())):
        importlib.import_module(name)
    gc.freeze()
    gc.enable()


def says_it_needs_keras(catalog: Catalog) -> bool:
    """True if the sources of an exercise of any chapter say so; they are read, not imported."""
    sources = [path for chapter in catalog.chapters for path in (CHAPTERS / chapter.module).glob("exercises*")]
    files = [file for path in sources for file in (path.rglob("*.py") if path.is_dir() else [path])]
    return any(re.search(r"\bneeds_keras\b.*= *True\b", file.read_text(encoding="utf-8")) for file in files)


def warm_chapter(slug: str) -> None:
    """Imports the exercises of the one chapter that is graded. One that cannot be imported costs itself: its own
    kernels say why, those of others do not notice."""
    try:
        chapter_exercises(load_catalog().chapter(slug))
    except CourseError as fault:
        print(fault, file=sys.stderr, flush=True)
    gc.freeze()


def _serve_alone(control: socket.socket, *others: socket.socket) -> None:
    """In a fork: the first process's own sockets are none of its business."""
    for each in others:
        each.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    serve(control)


def serve(control: socket.socket) -> None:
    """Does what one worker asks, until it closes the socket; its kernel ends with it."""
    keeper: int | None = None
    warm: set[str] = set()  # chapters
    try:
        _answer(control, {"ready": True})
        while True:
            packet, sockets, _flags, _address = socket.recv_fds(control, PACKET, SOCKETS)
            if not packet:
                return
            request = json.loads(packet)
            if request["do"] == "start":
                _end(keeper)
                if request["chapter"] not in warm:
                    warm.add(request["chapter"])
                    warm_chapter(request["chapter"])
                keeper = _start(control, request, sockets)
            elif request["do"] == "interrupt" and keeper:
                _signal(keeper, signal.SIGINT)
            elif request["do"] == "kill":
                _end(keeper)
                keeper = None
            keeper = _reap(keeper, wait=False)
            _answer(control, {"alive": keeper is not None})
    except ConnectionError:  # the worker has ended without a word
        return
    finally:
        _end(keeper)


def _answer(control: socket.socket, data: dict[str, Any]) -> None:
    control.send(json.dumps(data).encode())


def _start(control: socket.socket, request: dict[str, Any], sockets: list[int]) -> int:
    """The pid of a new kernel's keeper. Its signals are blocked from its first moment: it takes them when it can."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    keeper = fork(partial(_keep, control, os.getpid(), request, sockets))
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    for each in sockets:
        os.close(each)
    return keeper


def _keep(control: socket.socket, parent: int, request: dict[str, Any], sockets: list[int]) -> int:
    """In a fork."""
    control.close()

    def run(kept: list[int]) -> None:
        from course.grading.sandbox.kernel_app import run_kernel

        shell, iopub = kept
        run_kernel(shell, iopub, request["key"])

    return keep_kernel(parent, Path("/workdir", request["slot"], "in"), sockets, run)


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


if __name__ == "__main__":
    main(*(socket.socket(fileno=int(number)) for number in sys.argv[1:3]))

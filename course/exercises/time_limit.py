"""Stops a learner's function that does not come back.

In the main thread, where the system has SIGALRM, an alarm raises `Stopped` in whatever runs then, sleeping included.
Elsewhere (Windows, a kernel's subshell) a second thread asks Python to raise it at the next instruction; that cannot
interrupt a single long call into native code. `Stopped` is no Exception, so `except Exception` does not swallow it;
a bare `except:` in a loop does, and is then stopped at each further line of its own. What still escapes ends with the
grader's cell timeout. Ctrl-C stays what it is: this never touches SIGINT and never catches KeyboardInterrupt.

Time during which the machine was too busy to run the learner's thread does not count, where Linux tells it.
"""

from __future__ import annotations

import contextlib
import ctypes
import signal
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

SECONDS = 10.0
_AGAIN = 0.5
_COURSE = str(Path(__file__).resolve().parent.parent)
_LIBRARY = sysconfig.get_paths()["stdlib"]
_OURS = (__file__, contextlib.__file__)  # on the way into a block and out of it


class Stopped(BaseException):
    """Raised in the learner's function when its time is over."""


class _Clock:
    """Seconds since it was made, without those that the thread that made it spent waiting for a processor."""

    def __init__(self) -> None:
        self._told = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._start, self._waited = time.monotonic(), self._waiting()

    def seconds(self) -> float:
        return time.monotonic() - self._start - (self._waiting() - self._waited)

    def _waiting(self) -> float:
        """What the kernel counts as time in the queue; 0 where it does not tell."""
        try:
            return int(self._told.read_text().split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0


@contextlib.contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """Raises Stopped in the block once it has run, slept or waited for that many seconds."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    limit = _by_alarm if hasattr(signal, "setitimer") and in_main_thread else _by_thread
    with limit(seconds):
        yield


@contextlib.contextmanager
def _by_alarm(seconds: float) -> Iterator[None]:
    trace, clock = sys.gettrace(), _Clock()
    rings = 0
    traced: list[FrameType] = []

    def ring(_signal: int, frame: FrameType | None) -> None:
        nonlocal rings
        if clock.seconds() < seconds or (frame and frame.f_code.co_filename in _OURS):
            return  # it rings again soon; out of a block that has ended, nothing would tidy up
        rings += 1
        if rings > 1:  # the first one was swallowed
            traced.extend(_stop_at_each_line(frame))
        raise Stopped

    handler = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        sys.settrace(trace)
        for frame in traced:
            frame.f_trace = None


def _stop_at_each_line(frame: FrameType | None) -> Iterator[FrameType]:
    """Makes every further line of the learner's own running functions raise Stopped; libraries may tidy up."""

    def raise_at_line(_frame: FrameType, event: str, _argument: object) -> Callable[..., Any]:
        if event == "line":
            raise Stopped
        return raise_at_line

    while frame is not None:
        if is_learners(frame.f_code.co_filename):
            frame.f_trace = raise_at_line
            yield frame
        frame = frame.f_back
    sys.settrace(lambda _frame, _event, _argument: None)


def is_learners(filename: str) -> bool:
    """True if code of that file is the learner's own: neither this course, nor Python's, nor an installed package."""
    return not filename.startswith((_COURSE, _LIBRARY, "<frozen")) and "site-packages" not in filename


@contextlib.contextmanager
def _by_thread(seconds: float) -> Iterator[None]:
    thread, clock = ctypes.c_ulong(threading.get_ident()), _Clock()
    over = threading.Event()

    def watch() -> None:
        wait = seconds
        while not over.wait(wait):
            wait = _AGAIN
            if clock.seconds() >= seconds:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(Stopped))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        while True:
            try:
                over.set()
                watcher.join()
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)
                break
            except Stopped:  # it was on its way when the block ended
                continue

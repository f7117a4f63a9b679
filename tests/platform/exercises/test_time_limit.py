"""A function without end is stopped and told so; whoever interrupts it is obeyed; nothing of the alarm remains."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

import numpy as np
import pytest

from course.exercises import time_limit
from course.exercises.base import Exercise
from course.exercises.time_limit import Stopped, stopped_after
from tests.platform.exercises.test_judging import verdict


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_limit, "SECONDS", 0.3)
    monkeypatch.setattr(time_limit, "_AGAIN", 0.1)


def busy(x: np.ndarray) -> np.ndarray:
    while True:
        x = x + 1


def asleep(x: np.ndarray) -> np.ndarray:
    time.sleep(60)
    return x


def stubborn(x: np.ndarray) -> np.ndarray:
    while True:
        try:
            time.sleep(60)
        except Exception:
            continue


def deaf(x: np.ndarray) -> np.ndarray:
    while True:
        try:
            time.sleep(60)
        except:  # noqa: E722
            x = x + 1


@pytest.mark.usefixtures("_short")
def test_an_exercise_may_give_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Exercise, "time_factor", 3.0)
    assert "had not come back after 0.9 seconds" in verdict(asleep).findings[0].message


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("candidate", [busy, asleep, stubborn, deaf])
def test_a_function_without_end_is_stopped_and_told_at_its_own_line(candidate: Callable[..., object]) -> None:
    trace = sys.gettrace()
    result = verdict(candidate)
    assert (result.status, result.score) == ("failed", 0.0)
    assert "had not come back after 0.3 seconds" in result.findings[0].message
    assert "of your cell" in result.findings[0].message
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    assert sys.gettrace() is trace


@pytest.mark.usefixtures("_short")
def test_only_the_first_case_is_waited_for() -> None:
    begun = []

    def endless(x: np.ndarray) -> np.ndarray:
        begun.append(x)
        return busy(x)

    verdict(endless)
    assert len(begun) == 1


@pytest.mark.usefixtures("_short")
def test_cases_answered_before_keep_their_points() -> None:
    answered = []

    def tired(x: np.ndarray) -> np.ndarray:
        answered.append(x)
        return 2 * x if len(answered) < 4 else busy(x)

    assert verdict(tired).score == pytest.approx(1.5)


@pytest.mark.usefixtures("_short")
def test_waiting_for_a_processor_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    started = time.monotonic()
    monkeypatch.setattr(time_limit._Clock, "_waiting", lambda clock: min(1.0, time.monotonic() - started))
    assert verdict(asleep).status == "failed"
    assert time.monotonic() - started > 1.2


def test_a_function_in_time_is_left_alone() -> None:
    with stopped_after(30):
        pass
    assert verdict(lambda x: 2 * x).status == "passed"
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.fixture
def _interrupted_as_in_a_kernel() -> Iterator[None]:
    """An event loop that ran in this process before may have left a handler of its own, which raises nothing."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before or signal.default_int_handler)


@pytest.mark.usefixtures("_interrupted_as_in_a_kernel")
@pytest.mark.parametrize("candidate", [busy, stubborn])
def test_an_interrupt_by_the_learner_ends_the_check(candidate: Callable[..., object]) -> None:
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        verdict(candidate)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_function_that_exits_is_wrong_and_the_kernel_stays() -> None:
    result = verdict(lambda x: sys.exit("bye"))
    assert "SystemExit: bye" in result.findings[0].message


@pytest.mark.parametrize("candidate", [busy, stubborn])
def test_outside_the_main_thread_a_second_thread_keeps_the_time(
    candidate: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)  # a long call into native code cannot be stopped there
    caught = []

    def run() -> None:
        try:
            with stopped_after(0.2):
                candidate(np.zeros(1))
        except Stopped:
            caught.append(candidate)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(20)
    assert caught == [candidate]


def test_an_alarm_on_the_way_out_of_a_block_is_not_taken_for_the_learners() -> None:
    names: dict[str, Callable[[], FrameType]] = {}
    exec(compile("import sys\ndef frame():\n    return sys._getframe()", contextlib.__file__, "exec"), names)
    with stopped_after(0):
        ring = signal.getsignal(signal.SIGALRM)
        assert callable(ring)
        ring(signal.SIGALRM, names["frame"]())
        with pytest.raises(Stopped):
            ring(signal.SIGALRM, sys._getframe())
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_what_was_on_its_way_when_a_block_ended_is_not_raised_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class RungAtTheEnd(threading.Thread):
        rung = False

        def join(self, timeout: float | None = None) -> None:
            if not self.rung:
                self.rung = True
                raise Stopped
            super().join(timeout)

    ended = []

    def run() -> None:
        monkeypatch.setattr(threading, "Thread", RungAtTheEnd)
        with stopped_after(30):
            pass
        ended.append(True)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert ended == [True]

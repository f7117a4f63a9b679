"""The keeper counts what a submission holds in every place that Linux itself does not limit."""

import os
import socket
import subprocess
import sys

import numpy as np
import pytest

from course.grading import keeper
from course.grading.keeper import SOCKET_BUFFER, holds_too_much, memory_of


def test_memory_and_what_sockets_may_hold_are_counted_for_all_processes() -> None:
    own = {os.getpid()}
    before = memory_of(own)
    held = np.ones(2**22)
    assert memory_of(own) - before > 0.9 * held.nbytes
    before = memory_of(own)
    pairs = [socket.socketpair() for _pair in range(50)]
    assert memory_of(own) - before >= 95 * SOCKET_BUFFER
    for each in (each for pair in pairs for each in pair):
        each.close()


def test_a_family_with_too_much_of_either_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pid = os.getpid()
    assert not holds_too_much(pid)
    program = [sys.executable, "-c", "import os, time; os.fork(); time.sleep(60)"]
    with subprocess.Popen(program, start_new_session=True) as child:
        while len(keeper._family(child.pid)) < 2:
            pass
        with monkeypatch.context() as less:
            less.setitem(keeper.LIMITS, keeper.resource.RLIMIT_NPROC, 1)
            assert holds_too_much(child.pid)
        monkeypatch.setattr(keeper, "MEMORY", memory_of({child.pid}) + 1)
        assert holds_too_much(child.pid)  # its fork's counts as well
        os.killpg(child.pid, 9)

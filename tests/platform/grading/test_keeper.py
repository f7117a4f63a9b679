"""The keeper counts what a submission holds in every place that Linux itself does not limit."""

import mmap
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from course.grading.sandbox import keeper
from course.grading.sandbox.keeper import holds_too_much, memory_of, socket_buffer


def test_memory_and_what_sockets_may_hold_are_counted() -> None:
    own = {os.getpid()}
    before = memory_of(own)
    held = mmap.mmap(-1, 2**25, flags=mmap.MAP_PRIVATE)  # new: an array may lie where another has been, which counted
    held.write(b"x" * len(held))
    assert memory_of(own) - before > 0.9 * len(held)
    before = keeper._sockets(os.getpid())
    listening = socket.socket(socket.AF_UNIX)
    listening.bind("\0test-of-the-keeper")
    listening.listen(100)
    for _sender in range(60):  # none of them has a descriptor any more, and nobody has taken what they sent
        with socket.socket(socket.AF_UNIX) as sender:
            sender.connect("\0test-of-the-keeper")
            sender.send(bytes(60_000))
    assert keeper._sockets(os.getpid()) - before >= 55
    assert socket_buffer() >= 2 * 60_000
    listening.close()


def test_a_process_holds_memory_when_its_first_thread_has_ended() -> None:
    program = """if True:
        import ctypes, threading, time
        def hold():
            held = b"x" * 2**27
            print("held", flush=True)
            time.sleep(60)
        threading.Thread(target=hold).start()
        ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[__import__("platform").machine()], 0)
    """
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        while " Z " not in Path(f"/proc/{child.pid}/stat").read_text():
            pass
        assert memory_of({child.pid}) > 2**27 + keeper.PER_PROCESS
        assert holds_too_much(child.pid)  # and as a kernel it is of no more use
        child.kill()


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

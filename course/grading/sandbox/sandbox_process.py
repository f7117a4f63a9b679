"""The sandbox's first process: started early, one for all threads of this process, and ended with everything in it.

Imports next to nothing, so that TensorFlow's import, inside, begins as soon as a command knows that it will grade.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from course.grading.sandbox.bubblewrap import command, prepare_workdir
from course.grading.scratch import scratch_folder

MOST_WAITING = 1024  # workers at the sandbox's door


class Sandbox:
    """The sandbox's first process, which imports what all need, and the private folder that it can read.

    workdir: that folder; who knows it can connect a Template.
    """

    def __init__(self, root: Path) -> None:
        self.workdir = Path(tempfile.mkdtemp(prefix="sandbox-", dir=scratch_folder()))
        prepare_workdir(root, self.workdir)
        self._lifeline, theirs = socket.socketpair()
        program = [sys.executable, "-m", "course.grading.sandbox.template_process"]
        door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, door, (self.workdir / "log").open("wb") as log:
            with short_name(self.workdir) as folder:
                door.bind(f"{folder}/door")
            door.listen(MOST_WAITING)  # from now on one may connect, and waits until all is imported
            handed = [theirs.fileno(), door.fileno()]
            self._process = subprocess.Popen(
                command(root, self.workdir, [*program, *map(str, handed)]),
                pass_fds=handed,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; it ends with us
            )
        atexit.register(self.close)

    @property
    def alive(self) -> bool:
        """False also where its folder is gone: nobody could connect, or be given a submission."""
        return self._process.poll() is None and (self.workdir / "door").exists()

    def close(self) -> None:
        """Ends the sandbox and everything in it, and removes the folder that was shared with it."""
        self._lifeline.close()
        if self._process.returncode is None:  # else its number may be another's by now
            os.killpg(self._process.pid, signal.SIGKILL)  # the group: one half of bubblewrap would wait for the other
            self._process.wait()
        shutil.rmtree(self.workdir, ignore_errors=True)
        atexit.unregister(self.close)


@contextlib.contextmanager
def short_name(folder: Path) -> Iterator[str]:
    """A short name of the folder, good in this process: a socket's path may have 107 bytes, and TMPDIR may be long."""
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


_sandboxes: dict[Path, Sandbox] = {}
_starting = threading.Lock()


def start_sandbox(root: Path) -> Sandbox:
    """This process's sandbox for the course in root, which all its threads use. It imports what all need by itself."""
    with _starting:
        sandbox = _sandboxes.get(root)
        if sandbox is None or not sandbox.alive:
            if sandbox is not None:
                sandbox.close()
            sandbox = _sandboxes[root] = Sandbox(root)
    return sandbox


def close_sandbox(root: Path) -> None:
    """Ends this process's sandbox, and every kernel in it, if there is one."""
    with _starting:
        sandbox = _sandboxes.pop(root, None)
    if sandbox is not None:
        sandbox.close()

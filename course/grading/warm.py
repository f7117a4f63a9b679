"""Kernels from the sandbox's template: started by a fork in well under a second, used once, sealed from each other.

The grader's side of template.py. One Sandbox serves all workers of this machine; each has a Template of its own in it,
which serves one submission after the other.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from course.errors import CourseError
from course.grading.files import copy_submission
from course.grading.sandbox import command
from course.grading.scratch import scratch_folder

START_SECONDS = 120
MOST_WAITING = 1024  # workers at the sandbox's door
ANSWER_SECONDS = 20
MAX_MESSAGE = 64 * 2**20
RECONNECT_MILLISECONDS = 5  # a kernel's sockets are there some 80 ms after we first look for them
_STATUS_SECONDS = 0.03
_CHANNELS = ("shell", "iopub", "stdin", "hb", "control")


class TemplateLost(CourseError):
    """The template ended or does not answer; a new one can be started."""


class Sandbox:
    """The sandbox's first process, which imports what all need, and the private folder that it shares with graders.

    rooms: that folder; who knows it can connect a Template.
    """

    def __init__(self, root: Path) -> None:
        self.rooms = Path(tempfile.mkdtemp(prefix="rooms-", dir=scratch_folder()))
        self._lifeline, theirs = socket.socketpair()
        program = [sys.executable, "-m", "course.grading.template"]
        with theirs, socket.socket(socket.AF_UNIX) as door, (self.rooms / "log").open("wb") as log:
            with _short(self.rooms) as folder:
                door.bind(f"{folder}/door")
            door.listen(MOST_WAITING)  # from now on one may knock, and waits until it is warm inside
            handed = [theirs.fileno(), door.fileno()]
            self._process = subprocess.Popen(
                command(root, self.rooms, [*program, *map(str, handed)]),
                pass_fds=handed,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; it ends with us
            )
        atexit.register(self.close)

    def close(self) -> None:
        """Ends the sandbox and everything in it, and removes the folder that was shared with it."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._lifeline.close()
        shutil.rmtree(self.rooms, ignore_errors=True)


class Template:
    """One grading process's own template in a sandbox."""

    def __init__(self, rooms: Path, sandbox: Sandbox | None = None) -> None:
        """rooms: the sandbox's. sandbox: to be ended with this template, where it is nobody else's.

        Waits until it is warm inside. Raises TemplateLost where nobody is.
        """
        self.rooms, self._sandbox = rooms, sandbox
        self._number = 0
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(START_SECONDS)
        self._channel = self._socket.makefile("rw", encoding="utf-8", newline="\n")
        try:
            with _short(rooms) as folder:
                self._socket.connect(f"{folder}/door")
        except OSError:
            raise TemplateLost(self._last_words()) from None
        self._read()
        self._socket.settimeout(ANSWER_SECONDS)

    def new_room(self, folder: Path) -> str:
        """Makes a room with copies of the regular files in folder, and returns its name."""
        self._number += 1
        room = self.rooms / f"{os.getpid()}-{self._number}"
        copy_submission(folder, room / "in")
        (room / "s").mkdir()
        return room.name

    def leave_room(self, room: str) -> None:
        """Ends whatever runs in the room and removes it."""
        try:
            self.ask(do="kill")
        finally:
            shutil.rmtree(self.rooms / room, ignore_errors=True)

    def ask(self, **request: Any) -> dict[str, Any]:
        """The template's answer. Raises TemplateLost."""
        try:
            self._channel.write(json.dumps(request) + "\n")
            self._channel.flush()
        except (OSError, ValueError):
            raise TemplateLost(self._last_words()) from None
        return self._read()

    def _read(self) -> dict[str, Any]:
        try:
            line = self._channel.readline()
        except OSError:
            line = ""
        if not line:
            raise TemplateLost(self._last_words())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _last_words(self) -> str:
        log = self.rooms / "log"
        told = log.read_text(errors="replace").strip().splitlines()[-3:] if log.is_file() else []
        self.close()
        return " ".join(["The sandbox's template process ended.", *told])

    def close(self) -> None:
        """Ends this template and its kernel."""
        self._socket.close()
        with contextlib.suppress(OSError):  # what could not be sent before cannot be sent now
            self._channel.close()
        if self._sandbox:
            self._sandbox.close()

    @property
    def alive(self) -> bool:
        return not self._hangs_up_within(0)

    def has_ended(self) -> bool:
        """True if it has ended, or does within a second: its kernels may end just before it."""
        return self._hangs_up_within(1)

    def _hangs_up_within(self, seconds: float) -> bool:
        if self._socket.fileno() < 0:
            return True
        readable, _w, _x = select.select([self._socket], [], [], seconds)  # it never speaks unasked
        return bool(readable)


@contextlib.contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A short name of the folder, good in this process: a socket's path may have 107 bytes, and TMPDIR may be long."""
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


class PromptKernelClient(AsyncKernelClient):  # type: ignore[misc]
    """Ready once the kernel has answered on both channels; jupyter_client then waits 0.2 s more for silence."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """RuntimeError if the kernel ends, or has not answered after timeout seconds."""
        deadline = time.monotonic() + (timeout or START_SECONDS)
        while not await self._answers(self.kernel_info()):
            if not await self.is_alive():
                raise RuntimeError("The kernel ended before it answered.")
            if time.monotonic() > deadline:
                raise RuntimeError(f"The kernel did not answer within {timeout} seconds.")

    async def _answers(self, request: str) -> bool:
        """True if reply and status of the request came; the status is missed where iopub was not connected yet."""
        try:
            while (await self.get_shell_msg(timeout=1))["parent_header"].get("msg_id") != request:
                pass
            while (message := await self.get_iopub_msg(timeout=_STATUS_SECONDS))["parent_header"].get(
                "msg_id"
            ) != request:
                pass
            while message["content"].get("execution_state") != "idle":
                message = await self.get_iopub_msg(timeout=_STATUS_SECONDS)
        except Empty:
            return False
        return True


class SealedKernelManager(AsyncKernelManager):  # type: ignore[misc]
    """What nbclient asks of a kernel manager, answered by a template."""

    template: Template
    room: str
    client_factory = PromptKernelClient

    def prepare(self, template: Template, folder: Path) -> None:
        """Names the template, and the folder whose files the kernel is to see in its working directory."""
        self.template, self.room = template, template.new_room(folder)
        self.transport = "ipc"
        self._held = contextlib.ExitStack()
        self.ip = self._held.enter_context(_short(template.rooms / self.room / "s")) + "/k"
        for port, channel in enumerate(_CHANNELS, start=1):
            setattr(self, f"{channel}_port", port)
        self._started = False

    @property
    def has_kernel(self) -> bool:
        return self._started

    def client(self, **options: Any) -> AsyncKernelClient:
        return super().client(context=_context(), **options)

    async def start_kernel(self, **_options: Any) -> None:
        connection = {
            **self.get_connection_info(),
            "ip": "/sockets/k",
            "key": self.session.key.decode(),
            "kernel_name": "python3",
        }
        self.template.ask(do="start", room=self.room, connection=connection)
        self._started = True

    async def _async_is_alive(self) -> bool:  # kernel clients ask their manager by this name
        """False also where the template is lost; run_notebook then looks which of them it was."""
        try:
            return self._started and bool(self.template.ask(do="poll")["alive"])
        except TemplateLost:
            return False

    is_alive = _async_is_alive

    async def interrupt_kernel(self) -> None:
        self.template.ask(do="interrupt")

    async def shutdown_kernel(self, **_options: Any) -> None:
        if self._started:
            self._started = False
            with contextlib.suppress(TemplateLost):  # with the template, its kernels have ended
                self.template.leave_room(self.room)

    async def cleanup_resources(self, restart: bool = False) -> None:
        self._held.close()
        if os.path.exists(self.connection_file):
            os.unlink(self.connection_file)


def sealed_manager(root: Path, folder: Path) -> SealedKernelManager:
    """A manager for one kernel that will see copies of the files in folder."""
    manager = SealedKernelManager()
    manager.prepare(template_for(root), folder)
    return manager


@cache
def _context() -> zmq.asyncio.Context:
    """One for all kernels of this process; never ended, as that would wait for sockets that Ctrl-C left open."""
    context = zmq.asyncio.Context()
    context.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE)  # a longer message ends the connection, unread
    context.setsockopt(zmq.LINGER, 0)
    context.setsockopt(zmq.RECONNECT_IVL, RECONNECT_MILLISECONDS)
    return context


_templates: dict[Path, Template] = {}
_shared: dict[Path, Path | None] = {}


def share(root: Path, rooms: Path) -> None:
    """Says that somebody keeps a sandbox for the course in root, which is used as long as it lives."""
    _shared.setdefault(root, rooms)


def template_for(root: Path) -> Template:
    """This process's template for the course in root, started anew if it has ended."""
    template = _templates.get(root)
    if template is None or not template.alive:
        template = _templates[root] = _new_template(root)
    return template


def _new_template(root: Path) -> Template:
    rooms, _shared[root] = _shared.get(root), None  # a shared sandbox is tried once
    if rooms:
        with contextlib.suppress(TemplateLost):
            return Template(rooms)
    sandbox = Sandbox(root)
    return Template(sandbox.rooms, sandbox)

"""Kernels from the sandbox's template: started by a fork in well under a second, used once, sealed from each other.

The grader's side of template_process.py. One Sandbox serves all workers of this machine; each has a Template of its own
in it, which serves one submission after the other.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import select
import shutil
import socket
import threading
import time
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from course.errors import CourseError
from course.grading.sandbox.sandbox_process import short_name, start_sandbox
from course.grading.sandbox.wire import Channel, connect_pair
from course.storage.regular_files import copy_submission

START_SECONDS = 120
ANSWER_SECONDS = 60
_STATUS_SECONDS = 0.1
_PACKET = 65536
_LAST_WORDS = 2000  # bytes of the sandbox's log


class TemplateLost(CourseError):
    """The template ended or does not answer; a new one can be started."""


class Template:
    """One grading thread's own template in a sandbox: it serves one kernel at a time, and only that thread."""

    def __init__(self, workdir: Path) -> None:
        """workdir: the sandbox's. Waits until all is imported in there. Raises TemplateLost where nobody is."""
        self.workdir = workdir
        self._thread = threading.get_ident()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(START_SECONDS)
        try:
            with short_name(workdir) as folder:
                self._socket.connect(f"{folder}/door")
        except OSError:
            raise TemplateLost(self._last_words()) from None
        self._read()
        self._socket.settimeout(ANSWER_SECONDS)

    def new_slot(self, folder: Path) -> str:
        """Makes a slot with copies of the regular files in folder, and returns its name, which nobody can guess."""
        slot = self.workdir / secrets.token_hex(16)
        slot.mkdir(mode=0o700)
        copy_submission(folder, slot / "in")
        return slot.name

    def leave_slot(self, slot: str) -> None:
        """Ends whatever runs in the slot and removes it."""
        try:
            self.ask(do="kill")
        finally:
            shutil.rmtree(self.workdir / slot, ignore_errors=True)

    def ask(self, sockets: tuple[socket.socket, ...] = (), **request: Any) -> dict[str, Any]:
        """The template's answer; the sockets are handed over. Raises TemplateLost."""
        if threading.get_ident() != self._thread:
            raise RuntimeError("A template serves the thread that asked for it, and no other.")
        try:
            socket.send_fds(self._socket, [json.dumps(request).encode()], [each.fileno() for each in sockets])
        except OSError:
            raise TemplateLost(self._last_words()) from None
        return self._read()

    def _read(self) -> dict[str, Any]:
        try:
            packet = self._socket.recv(_PACKET)
        except OSError:
            packet = b""
        if not packet:
            raise TemplateLost(self._last_words())
        answer: dict[str, Any] = json.loads(packet)
        return answer

    def told(self) -> str:
        """The last lines of the sandbox's log, which no submission can write."""
        try:
            log = (self.workdir / "log").read_bytes()[-_LAST_WORDS:]
        except OSError:
            return ""
        return " ".join(log.decode(errors="replace").strip().splitlines()[-3:])

    def _last_words(self) -> str:
        told = self.told()
        self.close()
        return f"The sandbox's template process ended. {told}".rstrip()

    def close(self) -> None:
        """Ends this template and its kernel."""
        self._socket.close()

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


class PromptKernelClient(AsyncKernelClient):  # type: ignore[misc]
    """Ready once the kernel has answered on both channels; jupyter_client then waits 0.2 s more for silence.

    It has no channels but shell and iopub: nothing else that a kernel sends is ever read.
    """

    def connect(self, shell: socket.socket, iopub: socket.socket) -> None:
        self._shell_channel = Channel(shell, "DEALER", self.session)
        self._iopub_channel = Channel(iopub, "SUB", self.session)

    def start_channels(self, **_options: bool) -> None:
        self.allow_stdin = False
        self._iopub_channel.start()
        self._shell_channel.start()

    def stop_channels(self) -> None:
        self._iopub_channel.stop()
        self._shell_channel.stop()

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """RuntimeError if the kernel ends, or has not answered after timeout seconds."""
        deadline = time.monotonic() + (timeout or START_SECONDS)
        while not await self._answers(self.kernel_info()):
            if not await self.is_alive():
                raise RuntimeError(f"The kernel ended before it answered. {self.parent.template.told()}".rstrip())
            if time.monotonic() > deadline:
                raise RuntimeError(f"The kernel did not answer within {timeout} seconds.")

    async def _answers(self, request: str) -> bool:
        """True if reply and status of the request came; the status is missed where iopub was not connected yet."""
        try:
            while (await self.get_shell_msg(timeout=1))["parent_header"].get("msg_id") != request:
                pass
            state = None
            while state != "idle":
                message = await self.get_iopub_msg(timeout=_STATUS_SECONDS)
                if message["parent_header"].get("msg_id") == request:
                    state = message["content"].get("execution_state")
            return True
        except Empty:
            return False


class SealedKernelManager(AsyncKernelManager):  # type: ignore[misc]
    """What nbclient asks of a kernel manager, answered by a template."""

    template: Template
    slot: str
    chapter: str

    def prepare(self, template: Template, folder: Path, chapter: str) -> None:
        """Names the template, the folder whose files the kernel is to see in its working directory, and the slug of
        the chapter whose exercises are to be warm."""
        self.template, self.slot, self.chapter = template, template.new_slot(folder), chapter
        self._started = False
        with short_name(template.workdir / self.slot) as meeting:
            pairs = [connect_pair(meeting) for _channel in ("shell", "iopub")]
        self._theirs, self._ours = zip(*pairs, strict=True)

    @property
    def has_kernel(self) -> bool:
        return self._started

    def client(self, **options: Any) -> AsyncKernelClient:
        client = PromptKernelClient(parent=self, session=self.session, **options)
        client.connect(*self._ours)
        return client

    async def start_kernel(self, **_options: Any) -> None:
        key = self.session.key.decode()
        self.template.ask(self._theirs, do="start", slot=self.slot, key=key, chapter=self.chapter)
        for each in self._theirs:
            each.close()
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
                self.template.leave_slot(self.slot)

    async def cleanup_resources(self, restart: bool = False) -> None:
        for each in (*self._theirs, *self._ours):
            each.close()


def sealed_manager(root: Path, folder: Path, chapter: str) -> SealedKernelManager:
    """A manager for one kernel of that chapter, which will see copies of the files in folder. For this thread."""
    manager = SealedKernelManager()
    manager.prepare(template_for(root), folder, chapter)
    return manager


_own = threading.local()  # a thread's templates, by the course's root


def template_for(root: Path) -> Template:
    """This thread's template for the course in root, in this process's sandbox; started anew if it has ended."""
    templates: dict[Path, Template] = _own.__dict__.setdefault("templates", {})
    workdir = start_sandbox(root).workdir
    template = templates.get(root)
    if template is None or template.workdir != workdir or not template.alive:
        template = templates[root] = Template(workdir)
    return template

"""An IPython kernel that listens on sockets which were made for it outside, and on no others. Inside the sandbox.

It sees no folder with sockets, so it can neither replace one nor find another's. Its heartbeat, its debugger and its
requests for input have nobody at the other end.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
from typing import Any

import zmq
from ipykernel.control import ControlThread
from ipykernel.iostream import IOPubThread
from ipykernel.kernelapp import IPKernelApp
from ipykernel.shellchannel import ShellChannelThread
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

_FORKED = "ipc:///scratch/.forked"


class ForkedOutput(IOPubThread):
    """Takes what forked children print from a socket in the submission's own folder: there is no network for it."""

    def _setup_pipe_in(self) -> None:
        self._pipe_uuid = os.urandom(16)
        pipe = self.socket.context.socket(zmq.PULL)
        pipe.linger = 0
        pipe.bind(_FORKED)
        self._pipe_in = ZMQStream(pipe, self.io_loop)
        self._pipe_in.on_recv(self._handle_pipe_msg)

    def _setup_pipe_out(self) -> tuple[zmq.Context[Any], Any]:
        context: zmq.Context[Any] = zmq.Context()  # a fork cannot use its parent's
        pipe = context.socket(zmq.PUSH)
        pipe.linger = 3000
        pipe.connect(_FORKED)
        return context, pipe


class HandedSocketsApp(IPKernelApp):
    """IPKernelApp, but for where its sockets come from."""

    handed: dict[Any, int]

    def parse_command_line(self, argv: object = None) -> None:
        """There is none, and making a parser for it takes a tenth of the start."""

    def init_connection_file(self) -> None:
        """There is none: nobody connects a second time."""

    def write_connection_file(self, **_options: Any) -> None:
        pass

    def log_connection_info(self) -> None:
        pass

    def init_heartbeat(self) -> None:
        pass

    def init_control(self, context: zmq.Context[Any]) -> None:
        self.control_socket = context.socket(zmq.ROUTER)
        self._bind_socket(self.control_socket, 0)
        self.debugpy_socket = context.socket(zmq.STREAM)
        self.debug_shell_socket = context.socket(zmq.DEALER)
        self.control_thread = ControlThread(daemon=True)  # type: ignore[no-untyped-call]
        self.shell_channel_thread = ShellChannelThread(context, daemon=True)

    def init_iopub(self, context: zmq.Context[Any]) -> None:
        self.iopub_socket = context.socket(zmq.XPUB)
        self.iopub_socket.linger = 1000
        self._bind_socket(self.iopub_socket, 0)
        self.configure_tornado_logger()  # type: ignore[no-untyped-call]
        self.iopub_thread = ForkedOutput(self.iopub_socket, pipe=True, session=self.session)  # type: ignore[no-untyped-call]
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def _bind_socket(self, s: Any, port: int) -> int:
        """Shell and iopub listen on what was handed over; all others where nobody can come."""
        kind = "shell" if s is self.shell_socket else "iopub" if s is self.iopub_socket else ""
        if kind:
            s.setsockopt(zmq.USE_FD, self.handed[kind])
            s.bind(f"ipc:///proc/self/fd/{self.handed[kind]}")  # the name is not looked at
        else:
            s.bind(f"inproc://{id(s)}")
        return 0


def run_kernel(shell: int, iopub: int, key: str) -> None:
    """Becomes an IPython kernel on these listening sockets; returns when it is shut down."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    tempfile.tempdir = None  # the template may have settled on another folder
    random.seed()
    sys.modules["numpy"].random.seed()
    settings = Config({"HistoryManager": {"enabled": False}, "Session": {"key": key.encode()}})
    app = HandedSocketsApp.instance(config=settings)
    app.handed = {"shell": shell, "iopub": iopub}
    app.transport = "ipc"
    app.initialize([])
    app.shell.system = app.shell.system_raw  # `!command` without a terminal, which would take a session of its own
    app.start()

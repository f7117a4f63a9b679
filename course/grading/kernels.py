"""Runs a notebook's cells in a kernel of its own, and asks that kernel for observations.

This is the only place that starts kernels. Today each submission gets a cold kernel with the rights of whoever
grades; the sandbox and warm starts take this place (DESIGN, ideas 4 and 5) without changing what callers see.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from traitlets.config import Config

from course.exercises.observe import MIME
from course.grading.restore import grade_id

CELL_SECONDS = 60
_TIMEOUT = "CellTimeoutError"


@dataclass(frozen=True)
class Answer:
    """What the kernel answered to an observation request: a transcript as JSON, or why there is none."""

    transcript: object | None
    failure: str = ""


class _Client(NotebookClient):  # type: ignore[misc]
    """nbclient, but in place of the cells named in `requests` it runs an observation request."""

    def __init__(self, notebook: NotebookNode, requests: Mapping[str, str], **options: Any) -> None:
        super().__init__(notebook, **options)
        self.requests = requests
        self.answers: dict[str, Answer] = {}

    async def async_execute_cell(self, cell: NotebookNode, cell_index: int, **options: Any) -> NotebookNode:
        name = grade_id(cell)
        if name is None or name not in self.requests:
            return await super().async_execute_cell(cell, cell_index, **options)
        probe = new_code_cell(self.requests[name])
        await super().async_execute_cell(probe, cell_index, **options)
        self.nb.cells[cell_index] = cell  # nbclient has put the probe there
        self.answers[name] = _read_answer(probe)
        return cell


def run_notebook(notebook: NotebookNode, folder: Path, requests: Mapping[str, str], root: Path) -> dict[str, Answer]:
    """Executes the code cells in order, in folder, and returns the answers to the requests by grade_id.

    notebook: changed in place (outputs of the executed cells).
    requests: code to run in place of the graded cell of that name.
    A cell that raises does not stop the others; one that runs longer than CELL_SECONDS is interrupted.
    A kernel that dies leaves the remaining requests without an answer, and says so in theirs.
    """
    failure = ""
    with tempfile.TemporaryDirectory(prefix="k-") as sockets:
        client = _Client(
            notebook,
            requests,
            timeout=CELL_SECONDS,
            interrupt_on_timeout=True,
            error_on_timeout={"ename": _TIMEOUT, "evalue": "", "traceback": [_took_too_long()]},
            allow_errors=True,
            kernel_name="python3",
            kernel_manager_class=AsyncKernelManager,
            resources={"metadata": {"path": str(folder)}},
            config=_transport(sockets),
        )
        try:
            client.execute(env={**os.environ, "COURSE_ROOT": str(root)}, stderr=subprocess.DEVNULL)
        except DeadKernelError:
            failure = "The Python process ended while the notebook ran, so nothing after that point could be judged."
    return {name: client.answers.get(name, Answer(None, failure)) for name in requests}


def _transport(folder: str) -> Config:
    """Sockets in a private folder where the system has them (paths of at most 107 bytes), else loopback TCP."""
    config = Config()
    if os.name == "posix":
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = f"{folder}/s"
    return config


def _took_too_long() -> str:
    return f"This cell ran for more than {CELL_SECONDS} seconds and was stopped."


def _read_answer(probe: NotebookNode) -> Answer:
    for output in probe.outputs:
        data = output.get("data", {}) if output.output_type == "display_data" else {}
        if MIME in data:
            return Answer(_as_json(data[MIME]))
    for output in probe.outputs:
        if output.output_type == "error":
            stopped = output.ename in {_TIMEOUT, "KeyboardInterrupt"}  # we interrupt what runs too long
            told = _took_too_long() if stopped else f"{output.ename}: {output.evalue}"
            return Answer(None, told)
    return Answer(None, "The kernel gave no observation.")


def _as_json(data: object) -> object:
    """Plain JSON, as nbclient may have wrapped it in its own kinds of dict."""
    return json.loads(json.dumps(data))

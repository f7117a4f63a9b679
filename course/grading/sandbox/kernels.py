"""Runs a notebook in a kernel of its own, and again without a cell that ends or hangs the kernel.

This is the only place that starts kernels: behind the wall, forked warm from the sandbox's template, or, where that was
asked for, an ordinary cold one with the rights of whoever grades. Callers see no difference in what comes back.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from course.errors import CourseError
from course.grading.sandbox.bubblewrap import NUMERICS, why_unavailable
from course.grading.sandbox.client import (
    NOTEBOOK_CELLS,
    Answer,
    CellEnd,
    GarbledKernelError,
    HungKernelError,
    LostOutputError,
    ObservingClient,
    took_too_long,
)
from course.language import _

Isolation = Literal["sandbox", "none"]
CELL_SECONDS = 60
MAX_LEFT_OUT = 3  # cells
MAX_RUNS = 8  # of one notebook, those included in which it was found out which cell to leave out
LONGEST_PATH = 103  # bytes of a socket's path that every system allows


@dataclass(frozen=True)
class NotebookToRun:
    """A restored notebook, the folder with its files, and the code to run in place of its graded cells, by name.

    root: of the course. chapter: the slug of the one that the notebook is of. cell_seconds: that each cell has, if not
    CELL_SECONDS.
    """

    notebook: NotebookNode
    folder: Path
    requests: Mapping[str, str]
    root: Path
    chapter: str
    cell_seconds: int | None = None

    @property
    def limit(self) -> int:
        """Seconds that each cell has."""
        return self.cell_seconds or CELL_SECONDS


@dataclass(frozen=True)
class Run:
    """What came of running a notebook: an answer for every request, and a sentence for each cell left out.

    ended: how each code cell that was reached ended, by index.
    seconds: how long its cells ran, observations included; kernel_seconds: how long the kernels took to start and end.
    """

    answers: dict[str, Answer]
    notes: tuple[str, ...] = ()
    ended: Mapping[int, CellEnd] = field(default_factory=dict)
    seconds: float = 0.0
    kernel_seconds: float = 0.0


def run_notebook(to_run: NotebookToRun, isolation: Isolation) -> Run:
    """Executes the code cells in order; the notebook's outputs are changed in place.

    isolation: 'sandbox' runs a copy of the folder behind the wall (CourseError where there can be none); 'none' runs
    in the folder itself, with the rights of whoever grades.
    A cell that raises does not stop the others; one that runs longer than cell_seconds is interrupted. One that ends
    the kernel, or does not let itself be interrupted, costs itself: the notebook is run again without it, at most
    MAX_LEFT_OUT times. Then the rest has no answer that could be judged.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _run_notebook(to_run, isolation)
    with ThreadPoolExecutor(1) as pool:  # a Jupyter server's own loop, in which no other may run
        return pool.submit(_run_notebook, to_run, isolation).result()


def _run_notebook(to_run: NotebookToRun, isolation: Isolation) -> Run:
    left_out: dict[int, str] = {}
    notes: list[str] = []
    settle_in = range(0)
    ended = 0
    started, seconds = time.monotonic(), 0.0
    for _attempt in range(MAX_RUNS):
        client = _client(to_run, left_out, isolation)
        client.settle_in = settle_in
        error = _ended_by(client, to_run, isolation)
        seconds += client.cell_seconds
        left_out |= client.too_long  # a cell costs its time once
        if error is None:
            return _what_came(client, to_run, notes, seconds, started)
        if seconds > NOTEBOOK_CELLS * to_run.limit:  # its time is over, however often it is run
            break
        if type(error) is DeadKernelError and client.current not in settle_in:
            settle_in = client.suspects()  # it, or a cell before it: the next run looks after each of them
            continue
        settle_in = range(0)
        ended += 1
        left_out[client.current] = _what_it_did(error, to_run.limit)
        told = _("Cell {number} was left out: {reason}")
        notes.append(told.format(number=client.current + 1, reason=left_out[client.current]))
        if ended > MAX_LEFT_OUT:
            break
    notes.append(_("Python ended again and again while this notebook ran, so the rest of it could not be judged."))
    return _what_came(client, to_run, notes, seconds, started)


def _ended_by(client: ObservingClient, to_run: NotebookToRun, isolation: Isolation) -> DeadKernelError | None:
    """Runs the cells; what ended the kernel before its time, if anything did."""
    manager = client.km  # the client forgets it when the kernel has ended
    try:
        _execute(client, to_run, isolation)
    except DeadKernelError as error:
        _require_template(manager)
        return error
    except RuntimeError as error:  # it ended before a line of the learner's had run, so it is tried again
        from course.grading.sandbox.kernel_pool import TemplateLost

        _require_template(manager)
        raise TemplateLost(str(error)) from None
    finally:
        client.forget_at_exit()
    return None


def _what_came(client: ObservingClient, to_run: NotebookToRun, notes: list[str], seconds: float, started: float) -> Run:
    unanswered = Answer(None, notes[-1] if notes else "", judged=False)
    answers = {name: client.answers.get(name, unanswered) for name in to_run.requests}
    return Run(answers, tuple(notes), client.ended, seconds, time.monotonic() - started - seconds)


def _what_it_did(error: DeadKernelError, cell_seconds: int) -> str:
    if isinstance(error, HungKernelError):
        return took_too_long(cell_seconds)
    if isinstance(error, LostOutputError):
        return _("This wrote more at once than can be read.")
    if isinstance(error, GarbledKernelError):
        return _("This sent messages that no kernel sends.")
    return _("This ended the Python process.")


def _require_template(manager: Any) -> None:
    """TemplateLost where the kernel ended with its template: that is no cell's doing, so none is left out for it."""
    from course.grading.sandbox.kernel_pool import SealedKernelManager, TemplateLost

    if isinstance(manager, SealedKernelManager) and manager.template.has_ended():
        raise TemplateLost("The sandbox's template process ended.")


def _client(to_run: NotebookToRun, left_out: Mapping[int, str], isolation: Isolation) -> ObservingClient:
    if isolation == "sandbox":
        from course.grading.sandbox.kernel_pool import sealed_manager

        reason = why_unavailable()
        if reason:
            raise CourseError(reason)
        manager = sealed_manager(to_run.root, to_run.folder, to_run.chapter)
        return ObservingClient(to_run.notebook, to_run.requests, left_out, to_run.limit, km=manager)
    return ObservingClient(
        to_run.notebook,
        to_run.requests,
        left_out,
        to_run.limit,
        kernel_name="python3",
        kernel_manager_class=AsyncKernelManager,
        resources={"metadata": {"path": str(to_run.folder)}},
    )


def _execute(client: ObservingClient, to_run: NotebookToRun, isolation: Isolation) -> None:
    if isolation == "sandbox":
        client.execute(cleanup_kc=True)
        return
    with tempfile.TemporaryDirectory(prefix="k-") as sockets:
        client.update_config(_transport(sockets))
        client.execute(env=_environment(to_run.root), stderr=subprocess.DEVNULL)


def _environment(root: Path) -> dict[str, str]:
    """Ours, but not the name of the notebook from which grading was perhaps started: storage/folder.py believes it."""
    kept = {name: value for name, value in os.environ.items() if name != "JPY_SESSION_NAME"}
    return {**kept, **NUMERICS, "COURSE_ROOT": str(root)}


def _transport(folder: str) -> Config:
    """Sockets in a private folder where the system has them and the path is not too long for one, else loopback TCP."""
    config: Any = Config()
    if os.name == "posix" and len(os.fsencode(folder)) <= LONGEST_PATH - len("/s-1"):
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = f"{folder}/s"
    return config

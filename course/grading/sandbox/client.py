"""nbclient for submissions: asks for observations in place of checks, keeps output small, notices a kernel that hangs.

Reads what hostile code sends; decides nothing about right or wrong.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from queue import Empty
from typing import Any, Literal

from jupyter_core.utils import ensure_async
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from course.errors import CourseError
from course.exercises.observe import MIME
from course.language import _, ngettext
from course.notebooks.restore import grade_id

REST_SECONDS = 5
SETTLE_SECONDS = 0.4  # in which a kernel ends that a cell has told to end or restart
OUTPUT_SECONDS = 4  # from a cell's end until its last output has come
NOTEBOOK_CELLS = 5  # a notebook may take as long as this many cells at their limit
MAX_OUTPUT = 2 * 2**20  # characters of output that a notebook may show
_TIMEOUT = "CellTimeoutError"
_SHOWN = {"stream", "display_data", "execute_result", "update_display_data", "error"}
_HEARD = {*_SHOWN, "status", "execute_input", "clear_output"}  # all other kinds are nothing that a notebook keeps


@dataclass(frozen=True)
class Answer:
    """What the kernel answered to an observation request: a transcript as JSON, or why there is none.

    judged: False where it is not the function's own doing that there is none; then a person has to look.
    """

    transcript: object | None
    failure: str = ""
    judged: bool = True


@dataclass(frozen=True)
class CellEnd:
    """How a code cell ended, as the kernel replied: told is the error's kind and text, or why it was stopped or did not
    run."""

    how: Literal["ok", "error", "stopped", "left out", "not run"]
    told: str = ""


class HungKernelError(DeadKernelError):  # type: ignore[misc]
    """The kernel runs on although it was interrupted."""


class LostOutputError(DeadKernelError):  # type: ignore[misc]
    """The kernel sent a message that is too long to be read; nothing it sends from then on arrives."""


class GarbledKernelError(DeadKernelError):  # type: ignore[misc]
    """What came from the kernel is nothing that a kernel sends: the learner's code wrote on its sockets."""


class ObservingClient(NotebookClient):  # type: ignore[misc]
    """Runs a notebook's cells; `requests` says what to run in place of a graded cell, `left_out` which not to run.

    answers: what came back, by grade_id. ended: how each code cell did, by index; what its outputs say is not believed.
    current: index of the cell that was running last. settle_in: indices of the cells after which the kernel is watched
    for a while, as one of them has ended it before. too_long: the cells that were stopped, and the sentence that says
    so. cell_seconds: of cells and observations together.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        requests: Mapping[str, str],
        left_out: Mapping[int, str],
        seconds: int,
        **options: Any,
    ) -> None:
        self.requests, self.left_out, self.seconds = requests, left_out, seconds
        self.answers: dict[str, Answer] = {}
        self.ended: dict[int, CellEnd] = {}
        self.current = 0
        self.settle_in = range(0)
        self.too_long: dict[int, str] = {}
        self.cell_seconds = 0.0
        self._came_back: dict[int, float] = {}  # when each cell had ended, by index
        self._room_left = MAX_OUTPUT
        self._awaits_answer = False
        self._timed_out = False
        self._deadline = time.monotonic() + NOTEBOOK_CELLS * seconds
        super().__init__(
            notebook,
            timeout=seconds,
            interrupt_on_timeout=True,
            error_on_timeout={"ename": _TIMEOUT, "evalue": "", "traceback": [took_too_long(seconds)]},
            allow_errors=True,
            iopub_timeout=OUTPUT_SECONDS,
            raise_on_iopub_timeout=True,
            record_timing=False,  # it would keep what the kernel says its time is
            store_widget_state=False,
            **options,
        )

    def forget_at_exit(self) -> None:
        """nbclient would end the kernel at our own end; it has ended, or never began."""
        atexit.unregister(self._cleanup_kernel)

    async def async_start_new_kernel(self, **options: Any) -> None:
        """Ctrl-C stops us; as nbclient has it, it would only end the kernel, and the cell would seem at fault."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(RuntimeError, NotImplementedError, ValueError):  # outside the main thread
            loop.remove_signal_handler(signal.SIGINT)
            loop.remove_signal_handler(signal.SIGTERM)
        await super().async_start_new_kernel(**options)

    async def async_execute_cell(self, cell: NotebookNode, cell_index: int, **options: Any) -> NotebookNode:
        name = grade_id(cell)
        if cell_index in self.left_out:
            self._leave_out(cell, cell_index, CellEnd("left out", self.left_out[cell_index]))
            return cell
        if time.monotonic() > self._deadline and cell.cell_type == "code":
            told = _("The notebook as a whole took too long; this cell was not run any more.")
            self._leave_out(cell, cell_index, CellEnd("not run", told))
            return cell
        self.current, self._timed_out = cell_index, False
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.seconds + 4 * REST_SECONDS) as whole:
                await self._run(cell, name, cell_index, **options)
                self._came_back[cell_index] = time.monotonic()
                if cell_index in self.settle_in and cell.cell_type == "code":
                    await self._settle()
        except (TimeoutError, DeadKernelError):
            if whole.expired():  # messages without end, which nobody asked for, would keep nbclient reading for ever
                raise HungKernelError from None
            raise
        except CourseError:
            raise
        except Exception:  # nbclient trips over replies that lack what a reply has
            raise GarbledKernelError from None
        finally:
            self.cell_seconds += time.monotonic() - started
        return cell

    async def _run(self, cell: NotebookNode, name: str | None, cell_index: int, **options: Any) -> None:
        if name is None or name not in self.requests:
            await self._run_to_its_end(cell, cell_index, **options)
        else:
            probe = new_code_cell(self.requests[name])
            self._awaits_answer = True
            await self._run_to_its_end(probe, cell_index, **options)
            self._awaits_answer = False
            self.nb.cells[cell_index] = cell  # nbclient has put the probe there
            self.answers[name] = _read_answer(probe, self.seconds)
        if self._timed_out and not await self._comes_to_rest():
            raise HungKernelError

    async def _run_to_its_end(self, cell: NotebookNode, cell_index: int, **options: Any) -> None:
        try:
            await super().async_execute_cell(cell, cell_index, **options)
        except CellTimeoutError:  # the cell has ended, and the last of its output has not come
            if not await self._still_sends():
                raise LostOutputError from None

    def suspects(self) -> range:
        """Of a kernel that has ended: the indices of the cell that was running, and of those that had told it to, at
        most SETTLE_SECONDS before the last one came back, or a little longer."""
        last = max(self._came_back.values(), default=0.0)
        late = [index for index, when in self._came_back.items() if when >= last - 2 * SETTLE_SECONDS]
        return range(min([*late, self.current]), self.current + 1)

    async def _settle(self) -> None:
        """A kernel that was told to end or restart does so a moment later, and the next cell would be blamed."""
        await asyncio.sleep(SETTLE_SECONDS)
        if not await ensure_async(self.km.is_alive()):
            raise DeadKernelError

    def _leave_out(self, cell: NotebookNode, cell_index: int, end: CellEnd) -> None:
        name = grade_id(cell)
        if cell.cell_type == "code":
            cell.outputs = [new_output("error", ename="LeftOut", evalue=end.told, traceback=[end.told])]
            self.ended[cell_index] = end
        if name in self.requests:
            self.answers[str(name)] = Answer(None, end.told, judged=end.how == "left out")

    async def _async_handle_timeout(self, timeout: int, cell: NotebookNode | None = None) -> Any:
        self._timed_out = True
        self.too_long[self.current] = took_too_long(self.seconds)
        return await super()._async_handle_timeout(timeout, cell)

    async def _comes_to_rest(self) -> bool:
        """True if the interrupted kernel answers again."""
        asked = self.kc.kernel_info()
        try:
            while True:
                message = await ensure_async(self.kc.shell_channel.get_msg(timeout=REST_SECONDS))
                if message["parent_header"].get("msg_id") == asked:
                    return True
        except Empty:
            return False

    async def _still_sends(self) -> bool:
        """True if output of the kernel still arrives, however late."""
        self.kc.kernel_info()
        try:
            await ensure_async(self.kc.iopub_channel.get_msg(timeout=REST_SECONDS))
        except Empty:
            return False
        return True

    async def _check_raise_for_error(self, cell: NotebookNode, cell_index: int, exec_reply: Any) -> None:
        """A kernel that was told to exit() ends a moment later; the cell that told it so is the one to leave out."""
        stopped = self.too_long.get(cell_index)
        self.ended[cell_index] = CellEnd("stopped", stopped) if stopped else _cell_end(exec_reply["content"])
        payload = exec_reply["content"].get("payload") or []
        if any(each["source"] == "ask_exit" for each in payload):
            raise DeadKernelError
        await super()._check_raise_for_error(cell, cell_index, exec_reply)

    async def _async_check_alive(self) -> None:
        if self.kc is None:  # asked once more after we have given the kernel up
            raise DeadKernelError
        await super()._async_check_alive()

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
        """As nbclient does, but what goes beyond MAX_OUTPUT is cut off while it comes in, and odd ones are ignored."""
        try:
            kept = self._within_room(msg) if msg["msg_type"] in _HEARD else None
            return super().process_message(kept, cell, cell_index) if kept else None
        except CellExecutionComplete:
            raise
        except Exception:  # no kernel sends such a message
            return None

    def _within_room(self, msg: dict[str, Any]) -> dict[str, Any] | None:
        """The message, or what is kept of it. None once the notebook has shown all that it may."""
        content, kind = msg["content"], msg["msg_type"]
        if kind == "status":
            return {**msg, "content": {"execution_state": content["execution_state"]}}
        if kind == "execute_input":
            return {**msg, "content": {"execution_count": _whole_number(content["execution_count"])}}
        if self._awaits_answer and kind == "display_data" and MIME in content.get("data", {}):
            self._awaits_answer = False  # the first one counts; what else comes is output like any other
            return {**msg, "content": {"data": {MIME: content["data"][MIME]}, "metadata": {}}}
        if self._room_left <= 0:
            return None
        content = _texts_of(content)
        msg = {**msg, "content": content}
        self._room_left -= len(json.dumps(content, default=str))
        if self._room_left > 0:
            return msg
        notice = {"name": "stdout", "text": "\n[" + _("More output was cut off.") + "]\n"}
        header = {**msg["header"], "msg_type": "stream"}
        return {**msg, "header": header, "msg_type": "stream", "content": notice}


def _texts_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Texts and numbers of an output; lists and objects, which take up far more than their text, are nothing shown."""
    kept: dict[str, Any] = {name: value for name, value in content.items() if isinstance(value, str | int)}
    for name in ("data", "transient"):
        inner = content.get(name)
        if isinstance(inner, dict):
            kept[name] = {kind: value for kind, value in inner.items() if isinstance(value, str)}
    lines = content.get("traceback")
    kept["traceback"] = [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
    return {**kept, "metadata": {}}


def _whole_number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _cell_end(reply: Mapping[str, Any]) -> CellEnd:
    if reply.get("status") == "ok":
        return CellEnd("ok")
    return CellEnd("error", f"{reply.get('ename', 'Error')}: {reply.get('evalue', '')}"[:500])


def took_too_long(seconds: int) -> str:
    told = ngettext(
        "This ran for more than {seconds} second and was stopped. Is there a loop in it that never ends?",
        "This ran for more than {seconds} seconds and was stopped. Is there a loop in it that never ends?",
        seconds,
    )
    return told.format(seconds=seconds)


def _read_answer(probe: NotebookNode, seconds: int) -> Answer:
    for output in probe.outputs:
        data = output.get("data", {}) if output.output_type == "display_data" else {}
        if MIME in data:
            return Answer(json.loads(json.dumps(data[MIME])))
    for output in probe.outputs:
        if output.output_type == "error":
            stopped = output.ename in {_TIMEOUT, "KeyboardInterrupt"}  # we interrupt what runs too long
            return Answer(None, took_too_long(seconds) if stopped else f"{output.ename}: {output.evalue}"[:500])
    return Answer(None, _("The kernel gave no observation."))

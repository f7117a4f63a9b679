"""Speaks with a kernel over two sockets, and keeps no more of what it sends than a fixed number of bytes.

At the other end is a learner's code, which may write there whatever it likes. So ZeroMQ's framing (ZMTP 3.0,
https://rfc.zeromq.org/spec/23/) is read here, by few lines, with a limit on everything: what is longer, has more parts
or is nested more than any kernel's message ends the connection or is left out, before anything is made of it.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
from collections import deque
from collections.abc import Iterator
from queue import Empty
from typing import Any

from course.language import _

MAX_MESSAGE = 32 * 2**20  # bytes of one message, all its parts together
MAX_PARTS = 32
MAX_HEADER = 2**16  # bytes of each of a message's two headers
MAX_ITEMS = 500_000  # brackets, braces and commas in a message; each may cost a hundred bytes
MAX_TEXT = 4 * 2**20  # bytes of a part in which letters beyond ASCII are kept
MAX_WAITING = 16 * 2**20  # bytes that wait to be asked for; then the kernel has to wait
MAX_MESSAGES = 1000  # as many may wait; each costs about as much as its bytes, or a kilobyte
_READ = 2**17

_MORE, _LONG, _COMMAND = 1, 2, 4  # flags of a frame
_GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
_DELIMITER = b"<IDS|MSG>"
_ADDED = 1024  # bytes that a message costs besides its own


class BrokenWire(Exception):
    """What came is no message of a kernel's; nothing that comes after it can be understood."""


class MessageReader:
    """Takes bytes as they come, gives the messages in them: each a list of its parts. Raises BrokenWire."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._greeted = False
        self.ready = False  # the other end has said what it is, and takes messages from now on
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[list[bytes]]:
        self._held += data
        if not self._greeted:
            if len(self._held) < len(_GREETING):
                return
            if self._held[0] != 0xFF or self._held[9] != 0x7F or self._held[10] < 3:
                raise BrokenWire
            del self._held[: len(_GREETING)]
            self._greeted = True
        position = 0
        while True:
            frame = self._frame(position)
            if frame is None:
                del self._held[:position]
                return
            flags, body, position = frame
            if flags & _COMMAND:
                self.ready = True
            else:
                self._parts.append(body)
                if not flags & _MORE:
                    message, self._parts, self._size = self._parts, [], 0
                    yield message

    def _frame(self, start: int) -> tuple[int, bytes, int] | None:
        """Flags, content and end of the frame that begins there; None if it is not all there yet."""
        held = self._held
        if len(held) < start + 2:
            return None
        flags, first = held[start], start + 2
        size = held[start + 1]
        if flags & _LONG:
            first = start + 9
            if len(held) < first:
                return None
            size = int.from_bytes(held[start + 1 : first], "big")
        if self._size + size > MAX_MESSAGE or len(self._parts) >= MAX_PARTS:
            raise BrokenWire
        if len(held) < first + size:
            return None
        self._size += size
        return flags, bytes(held[first : first + size]), first + size


def frames(parts: list[bytes]) -> bytes:
    """A message as it goes over the wire."""
    sent = bytearray()
    for number, part in enumerate(parts, start=1):
        more = _MORE if number < len(parts) else 0
        if len(part) < 256:
            sent += bytes([more, len(part)])
        else:
            sent += bytes([more | _LONG]) + len(part).to_bytes(8, "big")
        sent += part
    return bytes(sent)


def greeting(kind: str, identity: bytes) -> bytes:
    """What a socket of that kind says first."""
    properties = b"".join(
        bytes([len(name)]) + name + len(value).to_bytes(4, "big") + value
        for name, value in ((b"Socket-Type", kind.encode()), (b"Identity", identity))
    )
    ready = b"\x05READY" + properties
    return _GREETING + bytes([_COMMAND, len(ready)]) + ready


def read_message(parts: list[bytes]) -> dict[str, Any] | None:
    """A kernel's message from its parts, without buffers; None for what no kernel sends.

    Of a message whose content has more than MAX_ITEMS items, a notice is all that is left.
    Signatures are not looked at: who is at the other end has the key.
    """
    try:
        start = parts.index(_DELIMITER) + 2
        header, parent, metadata, content = parts[start : start + 4]
    except ValueError:
        return None
    if max(len(header), len(parent)) > MAX_HEADER:
        return None
    described = _mapping(header), _mapping(parent), _mapping(metadata if _items(metadata) <= MAX_ITEMS else b"{}")
    if None in described:
        return None
    about, answered, more = (part or {} for part in described)
    if _items(content) > MAX_ITEMS:
        about["msg_type"] = "stream"
        shown: dict[str, Any] | None = {"name": "stdout", "text": "\n[" + _("More output was cut off.") + "]\n"}
    else:
        shown = _mapping(content)
    kind, number = about.get("msg_type"), about.get("msg_id")
    if shown is None or not isinstance(kind, str) or not isinstance(number, str):
        return None
    told = {"header": about, "msg_id": number, "msg_type": kind, "parent_header": answered, "metadata": more}
    return {**told, "content": shown, "buffers": []}


def _items(part: bytes) -> int:
    return sum(part.count(sign) for sign in (b",", b"[", b"{"))


def _mapping(part: bytes) -> dict[str, Any] | None:
    """Of a long text only what is ASCII: one smile in it, and Python would keep four bytes for every letter."""
    text = part.decode("utf-8", "replace") if len(part) <= MAX_TEXT else part.decode("ascii", "ignore")
    try:
        data = json.loads(text)
        if "\\ud" in text or "\\uD" in text:  # half characters, which no file can hold
            data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


class Channel:
    """What jupyter_client calls a channel, on a connected socket."""

    def __init__(self, connected: socket.socket, kind: str, session: Any) -> None:
        """kind: DEALER, or SUB, which then asks for everything."""
        self._socket, self._session = connected, session
        self._greeting = greeting(kind, session.bsession if kind == "DEALER" else b"")
        self._pending = frames([b"\x01"]) if kind == "SUB" else b""
        self._waiting: deque[list[bytes]] = deque()
        self._held = 0
        self._ready = False
        self._arrived, self._taken = asyncio.Event(), asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._receive())

    def stop(self) -> None:
        if self._task:
            self._task.cancel()
        if self._writer:
            self._writer.close()
        self._socket.close()
        self._task = None

    close = stop

    def is_alive(self) -> bool:
        return self._task is not None

    def send(self, message: dict[str, Any]) -> None:
        """Puts it on its way; what nobody takes any more is lost."""
        data = frames(self._session.serialize(message))
        self._pending += data
        self._flush()

    def _flush(self) -> None:
        """Sends what is pending, once the other end takes it."""
        if self._writer and self._ready:
            self._writer.write(self._pending)
            self._pending = b""

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next message. Raises queue.Empty where none has come within timeout seconds."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    message = read_message(await self._next())
                    if message is not None:
                        return message
        except TimeoutError:
            raise Empty from None

    async def msg_ready(self) -> bool:
        return bool(self._waiting)

    async def _next(self) -> list[bytes]:
        if self._waiting:
            await asyncio.sleep(0)  # however many there are, others have their turn, and the time limit
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        parts = self._waiting.popleft()
        self._held -= _cost(parts)
        self._taken.set()
        return parts

    async def _receive(self) -> None:
        """Reads until the kernel closes the connection, or sends what is no message."""
        try:
            reader, self._writer = await asyncio.open_unix_connection(sock=self._socket)
            self._writer.write(self._greeting)
            messages = MessageReader()
            while data := await reader.read(_READ):
                for parts in messages.feed(data):
                    await self._hold(parts)
                if messages.ready and not self._ready:
                    self._ready = True
                    self._flush()
        except (OSError, BrokenWire):
            pass
        finally:
            if self._writer:
                self._writer.close()

    async def _hold(self, parts: list[bytes]) -> None:
        while (self._waiting and self._held + _cost(parts) > MAX_WAITING) or len(self._waiting) >= MAX_MESSAGES:
            self._taken.clear()
            await self._taken.wait()
        self._waiting.append(parts)
        self._held += _cost(parts)
        self._arrived.set()


def _cost(parts: list[bytes]) -> int:
    return sum(len(part) for part in parts) + _ADDED


def connect_pair(folder: str) -> tuple[socket.socket, socket.socket]:
    """A listening socket to hand to a kernel, and one that is connected to it; nobody else can ever connect.

    folder: of ours alone; it is where the sockets meet, for a moment.
    """
    path = f"{folder}/{secrets.token_hex(8)}"
    listening, connected = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    listening.bind(path)
    try:
        listening.listen(1)
        connected.connect(path)
    finally:
        os.unlink(path)
    connected.setblocking(False)
    return listening, connected

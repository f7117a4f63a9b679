"""What a kernel sends is read as ZeroMQ sends it, and whatever else comes, little of it is kept."""

import asyncio
import tracemalloc
from collections.abc import Callable, Coroutine
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
import zmq
from hypothesis import given
from hypothesis import strategies as st
from jupyter_client.session import Session

from course.grading.sandbox import wire
from course.grading.sandbox.wire import BrokenWire, Channel, MessageReader, connect_pair, frames, greeting, read_message
from tests.asynchronous import run_async

HELLO = greeting("ROUTER", b"")
MEBIBYTE = 2**20


def message(kind: str = "stream", **content: Any) -> list[bytes]:
    session = Session(key=b"key")
    return [b"topic", *session.serialize(session.msg(kind, content))]


@given(st.lists(st.lists(st.binary(max_size=600), min_size=1, max_size=9), max_size=5), st.integers(1, 700))
def test_messages_arrive_whole_however_they_are_cut(messages: list[list[bytes]], size: int) -> None:
    data = HELLO + b"".join(map(frames, messages))
    reader = MessageReader()
    assert [m for at in range(0, len(data), size) for m in reader.feed(data[at : at + size])] == messages
    assert reader.ready


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n" + bytes(64),
        HELLO + b"\x01\x00" * (wire.MAX_PARTS + 1),
        HELLO + b"\x02" + (2**63).to_bytes(8, "big"),
        HELLO + b"\x03" + (wire.MAX_MESSAGE - 2**10).to_bytes(8, "big"),
        HELLO + frames([b"x", b"y" * (wire.MAX_MESSAGE)]),
    ],
    ids=["no ZeroMQ", "many parts", "endless", "waits for more", "too long"],
)
def test_what_is_no_message_ends_it_before_it_is_kept(data: bytes) -> None:
    reader = MessageReader()
    try:
        kept = list(reader.feed(data))
    except BrokenWire:
        kept = []
    assert kept == []


def test_what_no_kernel_sends_is_left_out() -> None:
    right = message("stream", name="stdout", text="x")
    assert read_message(right)["content"]["text"] == "x"  # type: ignore[index]
    at = right.index(b"<IDS|MSG>")
    for number in range(2, 6):
        for part in (b"", b"5", b"[]", b"{", b"[" * 100_000, b"1" * 5000, b"\xff\xfe"):
            assert read_message([*right[: at + number], part, *right[at + number + 1 :]]) is None
    assert read_message([*right[: at + 2], b'{"msg_id": "' + b"x" * wire.MAX_HEADER + b'"}', *right[at + 3 :]]) is None
    assert read_message(right[: at + 4]) is None
    assert read_message([b"no delimiter"]) is None


def test_of_content_that_would_fill_the_memory_a_notice_stays() -> None:
    parts = message("display_data")
    parts[-1] = b'{"data": [' + b"[]," * 5 * MEBIBYTE + b"0]}"
    tracemalloc.start()
    kept = read_message(parts)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept is not None
    assert "cut off" in kept["content"]["text"]
    assert peak < 2 * MEBIBYTE


def run(work: Callable[[zmq.Socket[bytes], Channel], Coroutine[Any, Any, None]], folder: Path, kind: str) -> None:
    """Does work with a real ZeroMQ socket and a channel connected to it."""

    async def connected() -> None:
        listening, ours = connect_pair(str(folder))
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        theirs = context.socket(zmq.XPUB if kind == "SUB" else zmq.ROUTER)
        theirs.setsockopt(zmq.USE_FD, listening.detach())
        theirs.bind("ipc:///handed/over")
        channel = Channel(ours, kind, Session(key=b"key"))
        channel.start()
        try:
            await work(theirs, channel)
        finally:
            channel.stop()
            context.destroy(linger=0)

    run_async(connected())
    assert list(folder.iterdir()) == []


async def received(socket: "zmq.Socket[bytes]") -> list[bytes]:
    while not socket.poll(0):
        await asyncio.sleep(0.01)
    return socket.recv_multipart()


def test_a_request_and_its_reply_go_through_zeromq(tmp_path: Path) -> None:
    async def work(kernel: "zmq.Socket[bytes]", channel: Channel) -> None:
        asked = Session(key=b"key").msg("kernel_info_request")
        channel.send(asked)
        identity, *_parts = await received(kernel)
        kernel.send_multipart([identity, *message("kernel_info_reply", status="ok")[1:]])
        assert (await channel.get_msg(timeout=20))["content"] == {"status": "ok"}
        with pytest.raises(Empty):
            await channel.get_msg(timeout=0.01)

    run(work, tmp_path, "DEALER")


def test_a_flood_waits_in_the_kernel_and_not_in_the_grader(tmp_path: Path) -> None:
    async def work(kernel: "zmq.Socket[bytes]", channel: Channel) -> None:
        kernel.setsockopt(zmq.SNDHWM, 0)
        assert await received(kernel) == [b"\x01"]  # it has subscribed to everything
        flood = message("comm_msg", data="x" * MEBIBYTE)
        for _number in range(60):
            kernel.send_multipart(flood)
        await channel.get_msg(timeout=20)
        for _turn in range(100):
            await asyncio.sleep(0)
        assert channel._held <= wire.MAX_WAITING + 2 * MEBIBYTE
        for _number in range(59):
            assert (await channel.get_msg(timeout=20))["msg_type"] == "comm_msg"

    run(work, tmp_path, "SUB")


def test_after_a_message_without_end_there_is_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_MESSAGE", MEBIBYTE)

    async def work(kernel: "zmq.Socket[bytes]", channel: Channel) -> None:
        await received(kernel)
        kernel.send_multipart(message("stream", text="x" * 2 * MEBIBYTE))
        kernel.send_multipart(message("stream", text="y"))
        with pytest.raises(Empty):
            await channel.get_msg(timeout=1)
        channel.send(Session(key=b"key").msg("kernel_info_request"))  # nobody takes it, nothing breaks

    run(work, tmp_path, "SUB")


def test_half_characters_are_replaced_and_whole_ones_are_not() -> None:
    parts = [b"<IDS|MSG>", b"", b'{"msg_type": "stream", "msg_id": "1"}', b"{}", b"{}"]
    message = read_message([*parts, rb'{"text": "\ud800 \ud83d\ude00 \\ud"}'])
    assert message is not None
    assert message["content"] == {"text": "? \N{GRINNING FACE} \\ud"}

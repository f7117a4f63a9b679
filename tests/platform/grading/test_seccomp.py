"""The filter of system calls says the same on both machines, also on the one that the tests do not run on."""

import errno
import struct

import pytest

from course.grading.sandbox import seccomp
from course.grading.sandbox.seccomp import assemble

ALLOWED, KILLED = 0x7FFF0000, 0x80000000
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# read, write, futex, clone of a thread, private memory, execve, prctl, openat
ORDINARY = {"x86_64": (0, 1, 202, 9, 59, 157, 257), "aarch64": (63, 64, 98, 222, 221, 167, 56)}


def answer(machine: str, call: int, *arguments: int, architecture: int | None = None) -> int:
    """What the filter returns for that call, run as Linux runs it."""
    values = [each for argument in (*arguments, *[0] * 6)[:6] for each in (argument % 2**32, argument >> 32)]
    data = struct.pack("<IIQ12I", call, architecture or MACHINES[machine], 0, *values)
    program = list(struct.iter_unpack("<HBBI", assemble(machine)))
    at = held = 0
    while True:
        code, if_true, if_false, value = program[at]
        at += 1
        if code == 0x20:
            (held,) = struct.unpack_from("<I", data, value)
        elif code == 0x54:
            held &= value
        elif code == 0x06:
            return int(value)
        else:
            true = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[code]
            at += if_true if true else if_false


def refused(number: int) -> int:
    return 0x00050000 | number


@pytest.mark.parametrize("machine", MACHINES)
def test_listed_calls_are_refused_and_ordinary_ones_are_not(machine: str) -> None:
    column = list(MACHINES).index(machine)
    for calls, number in ((seccomp._REFUSED, errno.EPERM), (seccomp._UNKNOWN, errno.ENOSYS)):
        for name, numbers in calls.items():
            call = numbers[column]
            if call is not None:
                assert answer(machine, call) == refused(number), name
    assert {answer(machine, call) for call in ORDINARY[machine]} == {ALLOWED}
    assert answer(machine, 600) == answer(machine, 0x40000000 + 272) == refused(errno.ENOSYS)
    assert answer(machine, 0, architecture=0x40000003) == KILLED  # a program for 32 bits


@pytest.mark.parametrize("machine", MACHINES)
def test_of_some_calls_the_arguments_decide(machine: str) -> None:
    numbers = seccomp._MACHINES[machine]
    thread = 0x3D0F00
    assert answer(machine, numbers.clone, thread) == ALLOWED
    for namespace in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert answer(machine, numbers.clone, thread | namespace) == refused(errno.EPERM)
    for flags, expected in (
        (0x22, ALLOWED),
        (0x01, ALLOWED),
        (0x21, refused(errno.EPERM)),
        (0x23, refused(errno.EPERM)),
    ):
        assert answer(machine, numbers.mmap, 0, 4096, 3, flags, 2**64 - 1) == expected
    assert answer(machine, numbers.mmap, 0, 4096, 3, 0x40022) == refused(errno.ENOMEM)
    for call in (numbers.socket, numbers.socketpair):
        assert [answer(machine, call, family) for family in (1, 2, 10)] == [ALLOWED] * 3
        assert {answer(machine, call, family) for family in (0, 16, 17, 38, 40)} == {refused(errno.EAFNOSUPPORT)}
    assert answer(machine, numbers.ioctl, 0, 0x5412) == refused(errno.EPERM)
    assert answer(machine, numbers.ioctl, 0, 0x5413) == ALLOWED
    assert answer(machine, numbers.fcntl, 3, 6) == refused(errno.ENOLCK)
    assert answer(machine, numbers.fcntl, 3, 1030) == ALLOWED  # duplicates a descriptor
    assert answer(machine, numbers.ioctl, 0, 0x5423) == refused(errno.EPERM)
    for call in (numbers.socket, numbers.socketpair):
        assert [answer(machine, call, 2, 1, protocol) for protocol in (0, 1, 6, 17)] == [ALLOWED] * 4
        assert {answer(machine, call, 2, 1, protocol) for protocol in (132, 136, 262)} == {
            refused(errno.EPROTONOSUPPORT)
        }
    assert answer(machine, numbers.setsockopt, 3, 1, 7) == refused(errno.EPERM)
    assert {answer(machine, numbers.setsockopt, 3, *which) for which in ((1, 8), (6, 7))} == {ALLOWED}
    assert answer(machine, numbers.prctl, 22, 2) == refused(errno.EPERM)
    assert answer(machine, numbers.prctl, 15) == ALLOWED

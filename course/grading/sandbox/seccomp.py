"""The system calls that a submission is refused, as a filter of the Linux kernel's that no process can take off again.

Written out as numbers for the two machines that this course runs on, because the filter has to be in place before
anything of the learner's runs and must not depend on a library that may be missing. Whatever is newer than this list is
refused as well. What each group could be used for stands beside it; docs/sandbox.md says what a learner notices.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from course.language import _, listed

_LOAD, _AND, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06  # instructions of classic BPF
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in what the filter is given
_ALLOW, _ERROR, _KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

NEW_NAMESPACES = 0x7E020000  # clone's flags for namespaces: mount, cgroup, UTS, IPC, user, PID and network
_HUGE_PAGES = 0x40000  # mmap's flag; such memory is counted nowhere
_SHARING, _SHARED_MEMORY = 0x2F, (0x21, 0x23)  # mmap's flags: shared, and no file; it stays when nobody maps it
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET and AF_INET6: all that Python's libraries try
_PROTOCOLS = (0, 1, 6, 17)  # the usual one, UNIX's own, TCP and UDP: not MPTCP, SCTP and whatever Linux would load
_TERMINALS = (0x5412, 0x541C, 0x5423)  # TIOCSTI and TIOCLINUX type on one, TIOCSETD loads parts of the Linux kernel
_SOCKET_LEVEL, _SEND_BUFFER = 1, 7  # SOL_SOCKET, SO_SNDBUF: the keeper counts buffers of the usual size
_LOCKS = (5, 6, 7, 36, 37, 38, 1024, 1026)  # fcntl's locks, leases and notices on files that others see as well

# name: number on x86_64, number on aarch64 (None: there is no such call)
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # other namespaces, mounts and roots
    **{"unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41)},
    **{"chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430)},
    **{"fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442)},
    **{"name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "uselib": (134, None)},
    # other processes' memory and descriptors
    **{"ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272)},
    **{"pidfd_getfd": (438, 438), "process_madvise": (440, 440), "move_pages": (279, 239), "migrate_pages": (256, 238)},
    # large and often faulty parts of the Linux kernel that no submission needs
    **{"bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "personality": (135, 92)},
    **{"add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "lookup_dcookie": (212, 18)},
    **{"kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105)},
    **{"finit_module": (313, 273), "delete_module": (176, 106), "create_module": (174, None)},
    **{"query_module": (178, None), "get_kernel_syms": (177, None), "nfsservctl": (180, 42), "sysfs": (139, None)},
    **{"_sysctl": (156, None), "ustat": (136, None), "modify_ldt": (154, None), "iopl": (172, None)},
    **{"ioperm": (173, None)},
    # the machine as a whole
    **{"reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "syslog": (103, 116)},
    **{"quotactl": (179, 60), "quotactl_fd": (443, 443), "vhangup": (153, 58), "settimeofday": (164, 170)},
    **{"clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171)},
    **{"sethostname": (170, 161), "setdomainname": (171, 162)},
    # memory that no process is charged for
    **{"memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196)},
    **{"shmctl": (31, 195), "semget": (64, 190), "semctl": (66, 191), "semop": (65, 193), "semtimedop": (220, 192)},
    **{"msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187)},
    **{"mq_open": (240, 180), "mq_unlink": (241, 181)},
    # descriptors in the mail: Linux counts them by user, who may be the grader, and they hold what is counted nowhere
    **{"sendmsg": (46, 211), "sendmmsg": (307, 269)},
    # a second session, and with it a second share of the processor
    "setsid": (112, 157),
    # notices of what happens to files that others see as well
    **{"inotify_init": (253, None), "inotify_init1": (294, 26), "fanotify_init": (300, 262)},
}
# As if they did not exist: callers then use something older, or go without.
_UNKNOWN: dict[str, tuple[int | None, int | None]] = {
    **{"clone3": (435, 435), "flock": (73, 32)},
    **{"io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427)},
    # pages that stay in a pipe or socket when nobody maps them: a whole huge page for one byte of it
    **{"splice": (275, 76), "tee": (276, 77), "vmsplice": (278, 75), "sendfile": (40, 71)},
    # of which the machine has one fixed amount for all
    **{"io_setup": (206, 0), "io_submit": (209, 2), "seccomp": (317, 277)},
    # memory that no process is charged for
    **{"landlock_create_ruleset": (444, 444), "landlock_add_rule": (445, 445), "landlock_restrict_self": (446, 446)},
}
_FIRST_UNKNOWN = 457  # neither machine had such a call when this list was made


@dataclass(frozen=True)
class _Machine:
    """A processor architecture: its number, its column in the lists, and the calls whose arguments are looked at."""

    architecture: int
    column: int
    clone: int
    mmap: int
    ioctl: int
    fcntl: int
    socket: int
    socketpair: int
    setsockopt: int
    prctl: int


_MACHINES: Mapping[str, _Machine] = {
    "x86_64": _Machine(
        *(0xC000003E, 0), clone=56, mmap=9, ioctl=16, fcntl=72, socket=41, socketpair=53, setsockopt=54, prctl=157
    ),
    "aarch64": _Machine(
        *(0xC00000B7, 1), clone=220, mmap=222, ioctl=29, fcntl=25, socket=198, socketpair=199, setsockopt=208, prctl=167
    ),
}


def why_no_filter() -> str:
    """One sentence on why there is no filter for this machine; '' where there is one."""
    machine = platform.machine()
    if machine in _MACHINES:
        return ""
    told = _("Submissions are sealed on {machines} only; this machine is {machine}.")
    return told.format(machines=listed(list(_MACHINES)), machine=machine)


def install_filter() -> None:
    """Refuses the listed calls to this thread and all that it starts, for good. Needs no_new_privs. Raises OSError."""
    program = assemble(platform.machine())
    buffer = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))

    handed = Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(handed), 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"The Linux kernel takes no filter of system calls: {os.strerror(number)}.")


def assemble(name: str) -> bytes:
    """The filter for that machine, as platform.machine() names it, in the Linux kernel's own form."""
    machine = _MACHINES[name]
    lines = [_step(_LOAD, _ARCHITECTURE), _step(_EQUAL, machine.architecture, 1, 0), _step(_RETURN, _KILL_PROCESS)]
    lines += [_step(_LOAD, _NUMBER)]
    lines += [_step(_AT_LEAST, _FIRST_UNKNOWN, 0, 1), _refusal(errno.ENOSYS)]  # also x86_64's second set of numbers
    for calls, number in ((_REFUSED, errno.EPERM), (_UNKNOWN, errno.ENOSYS)):
        for numbers in calls.values():
            call = numbers[machine.column]
            if call is not None:
                lines += [_step(_EQUAL, call, 0, 1), _refusal(number)]
    lines += _if_any_bit(machine.clone, 0, NEW_NAMESPACES, errno.EPERM)
    huge = [_step(_ANY_BIT, _HUGE_PAGES, 0, 1), _refusal(errno.ENOMEM)]
    shared = [part for flags in _SHARED_MEMORY for part in (_step(_EQUAL, flags, 0, 1), _refusal(errno.EPERM))]
    lines += _looking_at(machine.mmap, 3, [*huge, _step(_AND, _SHARING), *shared])
    lines += _if_one_of(machine.ioctl, 1, _TERMINALS, errno.EPERM)
    lines += _if_one_of(machine.fcntl, 1, _LOCKS, errno.ENOLCK)
    lines += _if_one_of(machine.prctl, 0, (_PR_SET_SECCOMP,), errno.EPERM)
    lines += _looking_at(machine.setsockopt, 1, _send_buffer())
    for call in (machine.socket, machine.socketpair):
        lines += _looking_at(call, 0, [*_unless(_FAMILIES, errno.EAFNOSUPPORT), *_unless_protocol()])
    return b"".join([*lines, _step(_RETURN, _ALLOW)])


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One instruction; a comparison skips so many of the following ones."""
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _refusal(number: int) -> bytes:
    return _step(_RETURN, _ERROR | number)


def _looking_at(call: int, argument: int, body: list[bytes]) -> list[bytes]:
    """For this call, loads an argument's lower half, does body, and allows what body lets pass."""
    load = _step(_LOAD, _ARGUMENTS + 8 * argument)
    return [_step(_EQUAL, call, 0, len(body) + 2), load, *body, _step(_RETURN, _ALLOW)]


def _if_any_bit(call: int, argument: int, bits: int, number: int) -> list[bytes]:
    return _looking_at(call, argument, [_step(_ANY_BIT, bits, 0, 1), _refusal(number)])


def _if_one_of(call: int, argument: int, values: tuple[int, ...], number: int) -> list[bytes]:
    body = [part for value in values for part in (_step(_EQUAL, value, 0, 1), _refusal(number))]
    return _looking_at(call, argument, body)


def _unless(values: tuple[int, ...], number: int) -> list[bytes]:
    """Goes on behind the refusal where what is loaded is one of these."""
    behind = range(len(values), 0, -1)
    return [*(_step(_EQUAL, value, steps, 0) for value, steps in zip(values, behind, strict=True)), _refusal(number)]


def _unless_protocol() -> list[bytes]:
    return [_step(_LOAD, _ARGUMENTS + 8 * 2), *_unless(_PROTOCOLS, errno.EPROTONOSUPPORT)]


def _send_buffer() -> list[bytes]:
    """What is loaded is the level; the option is looked at where it is that of sockets in general."""
    option = [_step(_LOAD, _ARGUMENTS + 8 * 2), _step(_EQUAL, _SEND_BUFFER, 0, 1), _refusal(errno.EPERM)]
    return [_step(_EQUAL, _SOCKET_LEVEL, 0, len(option)), *option]

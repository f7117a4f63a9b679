"""A learner's cell that tries many ways out of its sandbox, one after the other, and prints GOT and a name for each.

Numbers of system calls are those of x86_64; on another machine the calls that Python itself has are tried.
"""

PRELUDE = """
import ctypes, errno, glob, json, mmap, os, platform, resource, signal, socket, subprocess, sys, threading, time
libc = ctypes.CDLL(None, use_errno=True)
tried = 0
def attempt(name, action):
    global tried
    tried += 1
    try:
        result = action()
    except BaseException as error:
        return
    if result is not None and result is not False:
        print("GOT", name, repr(result)[:200])
def call(number, *arguments):
    if platform.machine() != "x86_64":
        return None
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result + 1
attempt("what is open to all", lambda: call(39) or os.getpid())
"""

PRIVILEGES = """
def capable():
    for path in glob.glob("/proc/[0-9]*/task/*/status"):
        told = dict(line.split(":", 1) for line in open(path))
        if any(int(told[name], 16) for name in told if name.startswith("Cap")):
            return path
        if told["NoNewPrivs"].strip() != "1" or told["Seccomp"].strip() != "2":
            return path
attempt("capabilities of any thread", capable)
flags = {"user": 0x10000000, "mount": 0x20000, "pid": 0x20000000, "net": 0x40000000, "ipc": 0x8000000, "uts": 0x4000000}
def namespaces(where):
    for name, flag in flags.items():
        attempt(f"unshare {name} {where}", lambda: libc.unshare(flag) == 0)
        attempt(f"clone {name} {where}", lambda: call(56, flag | 17, 0, 0, 0, 0))
        attempt(f"clone of x32 {name} {where}", lambda: call(0x40000000 + 56, flag | 17, 0, 0, 0, 0))
    attempt(f"umount {where}", lambda: any(libc.umount2(p, 2) == 0 for p in (b"/proc", b"/tmp", b"/dev/shm", b"/")))
    attempt(f"mount {where}", lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0)
    attempt(f"remount {where}", lambda: libc.mount(b"none", b"/", None, ctypes.c_ulong(32 | 4096), None) == 0)
    attempt(f"setns {where}", lambda: libc.setns(os.open("/proc/self/ns/mnt", os.O_RDONLY), 0) == 0)
    attempt(f"pivot_root {where}", lambda: call(155, b"/tmp", b"/tmp"))
    attempt(f"chroot {where}", lambda: os.chroot("/tmp") or True)
namespaces("main thread")
done = threading.Event()  # threads that were there before this cell
get_ipython().kernel.iopub_thread.io_loop.add_callback(lambda: (namespaces("iopub thread"), done.set()))
get_ipython().kernel.control_thread.io_loop.add_callback(lambda: namespaces("control thread"))
done.wait(10)
attempt("setuid", lambda: os.setuid(0) or True)
attempt("setgroups", lambda: os.setgroups([0]) or True)
attempt("setuid programs", lambda: b"uid=0" in subprocess.run(["su", "-c", "id"], capture_output=True).stdout)
attempt("maps ids", lambda: os.write(os.open("/proc/self/uid_map", os.O_WRONLY), b"0 0 1"))
attempt("raises a limit", lambda: any(raised(n) for n in ("NPROC", "DATA", "FSIZE", "NOFILE", "AS", "MEMLOCK", "CORE")))
def raised(name):
    limit = getattr(resource, f"RLIMIT_{name}")
    try:
        resource.setrlimit(limit, (resource.RLIM_INFINITY,) * 2)
        return True
    except (OSError, ValueError):
        return False
attempt("nice", lambda: os.nice(-1) or True)
def second_session():
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0
attempt("a second share of the processor", second_session)
attempt("a larger share of the processor", lambda: os.write(os.open("/proc/self/autogroup", os.O_WRONLY), b"-5"))
attempt("real time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)) or True)
attempt("spared when memory is short", lambda: os.write(os.open("/proc/self/oom_score_adj", os.O_WRONLY), b"-1000"))
attempt("hostname", lambda: socket.gethostname() != "submission")
attempt("sethostname", lambda: socket.sethostname("x") or True)
attempt("settimeofday", lambda: time.clock_settime(time.CLOCK_REALTIME, 0) or True)
"""

KERNEL = """
for name, number, arguments in [
    ("ptrace", 101, (0, 0, 0, 0)), ("process_vm_readv", 310, (1, 0, 0, 0, 0, 0)), ("bpf", 321, (0, 0, 0)),
    ("perf_event_open", 298, (0, 0, -1, -1, 0)), ("add_key", 248, (b"user", b"x", b"y", 1, -3)),
    ("keyctl", 250, (0, -3, 1)), ("userfaultfd", 323, (1,)), ("io_uring_setup", 425, (1, bytes(120))),
    ("memfd_create", 319, (b"x", 0)), ("memfd_secret", 447, (0,)), ("shmget", 29, (0, 4096, 0o1600)),
    ("msgget", 68, (0, 0o1600)), ("semget", 64, (0, 1, 0o1600)), ("mq_open", 240, (b"x", 0o102, 0o600, 0)),
    ("open_tree", 428, (-100, b"/", 1)), ("fsopen", 430, (b"tmpfs", 0)), ("clone3", 435, (0, 0)),
    ("mount_setattr", 442, (-100, b"/", 0, 0, 0)), ("personality", 135, (0x40000,)), ("syslog", 103, (10, 0, 0)),
    ("inotify_init1", 294, (0,)), ("fanotify_init", 300, (0, 0)), ("pidfd_getfd", 438, (0, 0, 0)),
    ("name_to_handle_at", 303, (-100, b"/", 0, 0, 0)), ("kcmp", 312, (1, 1, 0, 0, 0)), ("quotactl", 179, (0, 0, 0, 0)),
    ("splice", 275, (-1, 0, -1, 0, 0, 0)), ("tee", 276, (-1, -1, 0, 0)), ("sendfile", 40, (-1, -1, 0, 0)),
    ("landlock_create_ruleset", 444, (0, 0, 1)), ("io_setup", 206, (1, bytes(8))), ("seccomp", 317, (2, 0, bytes(4))),
    ("a call to come", 470, (0,)),
]:
    attempt(name, lambda: call(number, *arguments))
    attempt(name + " by its other number", lambda: call(0x40000000 + number, *arguments))
attempt("shared memory without a file", lambda: mmap.mmap(-1, 4096))
attempt("shared memory of a device", lambda: mmap.mmap(os.open("/dev/zero", os.O_RDWR), 4096))
attempt("huge pages", lambda: mmap.mmap(-1, 2**21, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000))
for family in (16, 17, 38, 40, 30, 31, 29):
    attempt(f"sockets of family {family}", lambda: socket.socket(family, socket.SOCK_RAW))
    attempt(f"sockets of family {family}", lambda: socket.socket(family, socket.SOCK_STREAM))
for protocol in (132, 136, 256, 262):
    attempt(f"protocol {protocol}", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol))
    attempt(f"datagrams of protocol {protocol}", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM, protocol))
pair = socket.socketpair()
attempt("larger buffers", lambda: pair[0].setsockopt(1, 7, 2**30) or True)
attempt("descriptors in the mail", lambda: socket.send_fds(pair[0], [b"x"], [0]))
def kept_in_a_pipe():
    inner, outer = os.pipe()
    page = ctypes.create_string_buffer(4096)
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(page), 1)
    return libc.vmsplice(outer, vector, ctypes.c_ulong(1), 0) == 1
attempt("memory kept in a pipe", kept_in_a_pipe)
def peer(number, *arguments):
    listening = socket.socket(fileno=os.dup(3))
    return call(number, listening.getsockopt(1, 77), *arguments)
for number, *arguments in ((424, 0, 0, 0), (438, 0, 0), (308, 0x20000), (16, 0xFF03, 0)):
    attempt(f"touches the grader by its socket: {number}", lambda: peer(number, *arguments))
attempt("raw sockets", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
def terminal(order):
    import fcntl, pty, termios
    _master, slave = pty.openpty()
    return fcntl.ioctl(slave, order, (27).to_bytes(4, "little")) is not None
attempt("types on a terminal", lambda: terminal(0x5412))
attempt("a line discipline that Linux would load", lambda: terminal(0x5423))
def locks(how):
    import fcntl
    with open(sys.executable, "rb") as file:
        how(file, fcntl.LOCK_SH) if how is fcntl.flock else how(file, fcntl.LOCK_SH, 1)
    return True
import fcntl
attempt("a lock that others see", lambda: locks(fcntl.flock))
attempt("a record lock that others see", lambda: locks(fcntl.lockf))
"""

FILES = """
def reachable(place):
    return os.path.lexists(place) and place
for place in ("/workdir", "/inner", "/sockets", "/disk/tmp", "/sys", "/proc/sys", "/proc/sysrq-trigger", "/proc/kcore",
              "/proc/keys", "/proc/mounts-of-all", "/dev/mem", "/dev/zero", "/dev/kmsg", "/dev/vda", "/dev/fuse",
              "/run", "/var", "/home", "/etc/shadow", "/root/.ssh", "/boot", "/mnt",
              "/proc/1/root/workdir", "/../workdir"):
    attempt(f"sees {place}", lambda: reachable(place))
attempt("sees others' processes", lambda: {p for p in os.listdir("/proc") if p.isdigit()} - {str(os.getpid())} or None)
attempt("has a parent", lambda: os.getppid() != 0)
def written_mounts():
    own = {"tmpfs", "proc", "devpts", "devtmpfs"}
    for line in open("/proc/self/mountinfo"):
        before, _, after = line.partition(" - ")
        if "rw" in before.split()[5].split(",") and after.split()[0] not in own:
            return line
attempt("may write a disk of the machine's", written_mounts)
def written():
    for folder in ("/", "/usr", "/etc", "/dev", "/proc", sys.prefix, sys.base_prefix, os.path.dirname(os.__file__)):
        try:
            open(os.path.join(folder, "by-attack"), "w")
            return folder
        except OSError:
            pass
attempt("writes", written)
def descriptors():
    fine = ("socket:", "pipe:", "anon_inode:", "mnt:")  # its own, as are files in its folders
    fine += ("/dev/null", "/dev/p", "/proc", "/submission", "/scratch", "/tmp")
    for number in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        if not target.startswith(fine):
            return target
attempt("has a descriptor of the grader's", descriptors)
def bound_sockets():
    for line in open("/proc/self/net/unix").read().splitlines()[1:]:
        name = (line.split() + [""])[7] if len(line.split()) > 7 else ""
        if name:
            peer = socket.socket(socket.AF_UNIX)
            peer.connect("\\0" + name[1:] if name.startswith("@") else name)
            return name if "forked" not in name else None
attempt("connects to a socket of others", bound_sockets)
def secrets():
    import course
    package = os.path.dirname(course.__file__)
    found = [os.path.join(folder, name) for folder, folders, files in os.walk(package) for name in (*folders, *files)]
    return [path for path in found if "judges" in os.path.basename(path) or "/quizzes" in path] or None
attempt("reads judges or keys", secrets)
attempt("makes a device", lambda: os.mknod("/tmp/disk", 0o60600, os.makedev(254, 0)) or True)
def fill():
    total, number = 0, 0
    try:
        for folder in ("/tmp", "/scratch", "/dev/shm", "/submission") * 4:
            with open(f"{folder}/full-{number}", "wb") as file:
                os.posix_fallocate(file.fileno(), 0, 100 * 2**20)
            total, number = total + 100, number + 1
    except OSError:
        pass
    for path in glob.glob("/*/full-*") + glob.glob("/dev/shm/full-*"):
        os.unlink(path)
    return total if total > 512 else None
attempt("more disk than it has", fill)
def too_long():
    os.posix_fallocate(os.open("/tmp/long", os.O_CREAT | os.O_RDWR), 0, 2**28)
    return True
attempt("a file that is too long", too_long)
def files():
    for number in range(120_000):
        os.close(os.open(f"/tmp/n{number}", os.O_CREAT))
    return number
attempt("more files than it has", files)
"""

ESCAPES = {"privileges": PRELUDE + PRIVILEGES, "system calls": PRELUDE + KERNEL, "files": PRELUDE + FILES}
ESCAPES = {name: source + 'print("TRIED", tried)\n' for name, source in ESCAPES.items()}

# What only keeps the coordinator busy: none of it is to stay in its memory.
FLOODS = """
import json
kernel = get_ipython().kernel
session, iopub, parent = kernel.session, kernel.iopub_socket, kernel.get_parent()
long = "x" * (2 * 2**20)
for number in range(30):
    comm, state = {"comm_id": str(number)}, {"state": {"x": long}}
    session.send(iopub, "comm_open", {**comm, "target_name": "jupyter.widget", "data": state}, parent=parent)
    session.send(iopub, "comm_msg", {**comm, "data": {**state, "method": "update"}}, parent=parent)
    session.send(iopub, "input_request", {"prompt": long}, parent=parent)
    session.send(iopub, "status", {"execution_state": "busy", "more": long}, parent=parent)
    session.send(iopub, "execute_input", {"code": long, "execution_count": long}, parent=parent)
    session.send(iopub, "display_data", {"data": {"application/vnd.course.transcript+json": long}}, parent=parent)
    session.send(iopub, "update_display_data", {"data": {}, "transient": {"display_id": long}}, parent=parent)
    session.send(iopub, "comm_msg", {}, parent=parent, buffers=[long.encode()])
headed = {**parent, "header": {**parent["header"], "more": long}}
session.send(iopub, "stream", {"name": "stdout", "text": "x"}, parent=headed)
bomb = b'{"data": [' + b"[]," * 2**22 + b"0]}"
pack = session.pack
session.pack = lambda part: bomb if "bomb" in part else pack(part)
session.send(iopub, "display_data", {"bomb": 1}, parent=parent)
session.pack = pack
many = [{}] * 240_000  # objects take up a hundred times what their text does
for data in ({"data": {"text/plain": many}}, {"data": {}, "metadata": {"x": many}}, {"transient": {"x": many}}):
    session.send(iopub, "display_data", {"data": {}, "metadata": {}, **data}, parent=parent)
session.send(iopub, "error", {"ename": many, "evalue": many, "traceback": many}, parent=parent)
session.send(iopub, "stream", {"name": "stdout", "text": "\\N{GRINNING FACE}" + "x" * 30 * 2**20}, parent=parent)
"""
FRAMES = """
kernel = get_ipython().kernel
kernel.session.send(kernel.iopub_socket, "comm_msg", {}, parent=kernel.get_parent(), buffers=[b"x" * 2**17] * 10_000)
"""

"""Separate hosts on one machine: network namespaces with a bridge between them, each without the others' files.

Everything is inside a user namespace of its own, so that it needs no root, and ends with its first process.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.platform.tiny import environment

HINT = "Hosts need `ip`, `unshare` and `nsenter` (Debian: iproute2, util-linux) and user namespaces. "


class Site:
    """Hosts that reach each other by address and by nothing else; `home` is the one that the tests' files are on."""

    def __init__(self, anchor: int, folder: Path) -> None:
        self.folder = folder
        self._enter = ["nsenter", "--target", str(anchor), "--user", "--mount", "--net", "--preserve-credentials"]
        self._number = 0
        self._logs: dict[subprocess.Popen[bytes], Path] = {}
        self.run("mount", "-t", "tmpfs", "tmpfs", "/run")
        self.run("ip", "link", "set", "lo", "up")
        self.run("ip", "link", "add", "bridge", "type", "bridge")
        self.run("ip", "address", "add", "10.77.0.1/24", "dev", "bridge")
        self.run("ip", "link", "set", "bridge", "up")
        self.home = "10.77.0.1"

    def run(self, *command: str) -> None:
        done = subprocess.run([*self._enter, *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, HINT + done.stderr

    def add_host(self) -> str:
        """A host's address; its name is the address's last number."""
        self._number += 1
        name, address = f"host-{self._number}", f"10.77.0.{self._number + 1}"
        self.run("ip", "netns", "add", name)
        self.run("ip", "link", "add", f"to-{name}", "type", "veth", "peer", "name", "eth0", "netns", name)
        self.run("ip", "link", "set", f"to-{name}", "master", "bridge", "up")
        self.run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "eth0")
        self.run("ip", "-n", name, "link", "set", "lo", "up")
        self.run("ip", "-n", name, "link", "set", "eth0", "up")
        return address

    def start_on(self, address: str, *arguments: str, hidden: Path, **extra: str) -> subprocess.Popen[bytes]:
        """Runs Python on that host, in a work folder and TMPDIR of its own; the folder `hidden` is empty there."""
        name = f"host-{int(address.rsplit('.', 1)[1]) - 1}"
        work = self.folder / f"{name}-{len(self._logs)}"
        (work / "tmp").mkdir(parents=True)
        hide = 'mount -t tmpfs tmpfs "$1" && shift && cd "$1" && shift && exec "$@"'
        alone = ["unshare", "--mount", "sh", "-c", hide, "sh", str(hidden), str(work)]
        command = [*self._enter, "ip", "netns", "exec", name, *alone, sys.executable, *arguments]
        return self._start(command, work / "log", environment(TMPDIR=str(work / "tmp"), **extra))

    def start_at_home(self, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
        command = [*self._enter, f"--wd={folder}", sys.executable, *arguments]
        log = self.folder / f"home-{len(self._logs)}.log"
        return self._start(command, log, environment())

    def _start(self, command: list[str], log: Path, variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=dict(variables))
        self._logs[process] = log
        return process

    def log(self, process: subprocess.Popen[bytes]) -> str:
        return self._logs[process].read_text()

    def end(self) -> None:
        for process in self._logs:
            process.kill()
            process.wait()


@contextmanager
def site() -> Iterator[Site]:
    """A network of its own, without hosts yet; with the block everything on it ends."""
    folder = Path(tempfile.mkdtemp(prefix="site-"))  # short: a kernel's sockets are below it
    alone = ["unshare", "--user", "--map-root-user", "--mount", "--net"]
    anchor = subprocess.Popen([*alone, "sh", "-c", 'echo; exec sleep "$0"', "infinity"], stdout=subprocess.PIPE)
    made = None
    try:
        assert anchor.stdout is not None
        assert anchor.stdout.read(1), HINT
        made = Site(anchor.pid, folder)
        yield made
    finally:
        if made:
            made.end()
        anchor.kill()
        anchor.wait()
        shutil.rmtree(folder, ignore_errors=True)

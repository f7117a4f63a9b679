"""A class's JupyterHub on this machine, set up by the very commands of deploy/README.md.

As root: makes system users and groups of its own and removes them again. Everything listens on loopback or on sockets
in a temporary folder. The page's paths and names are replaced by ones that cannot meet a real class's.
"""

import contextlib
import grp
import pwd
import re
import ssl
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from filelock import FileLock

from tests.conftest import ROOT, environment
from tests.platform.browser.conftest import free_port, stop
from tests.postgresql import running_server

README = ROOT / "deploy" / "README.md"
LEARNERS = ADA, BEN = ("course-test-ada", "course-test-ben")
GRADERS = GRACE, OMAR = ("course-test-grace", "course-test-omar")
SHARED = "course-test-grader"  # whose server the graders share
PEOPLE = (*LEARNERS, *GRADERS, SHARED)
GROUPS = ("formgrade-neural-networks", "nbgrader-neural-networks")


@dataclass(frozen=True)
class Hub:
    """A running hub: its address, its folder, and the environment from which everybody's programs come."""

    address: str
    folder: Path
    environment: Path
    replaced: dict[str, str]
    passwords: dict[str, str]

    @property
    def gradebook(self) -> str:
        """Where the gradebook is, as deploy/README.md tells the hub."""
        return as_tested("postgresql:///gradebook?host=/var/run/postgresql", self.replaced)

    def home(self, name: str) -> Path:
        return Path(pwd.getpwnam(name).pw_dir)

    def run_as(self, name: str, *command: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """Runs a command with that person's rights, in their home."""
        path = f"{self.environment}/bin:/usr/sbin:/usr/bin:/bin"
        own = {"HOME": str(self.home(name)), "USER": name, "PATH": path, **extra}
        return subprocess.run(
            ["runuser", "-u", name, "--", *command],
            cwd=self.home(name),
            env=own,
            capture_output=True,
            text=True,
            check=False,
        )


def readme_blocks(section: str, kind: str = "bash") -> list[str]:
    """The commands in that section of deploy/README.md, one text for each block, or its blocks of another kind."""
    text = README.read_text().split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@contextlib.contextmanager
def running_hub(installed: Path) -> Iterator[Hub]:
    """Sets up and starts the hub; afterwards nothing of it is left. Two runs of the tests wait for each other."""
    with FileLock(Path(tempfile.gettempdir()) / "course-hub-tests.lock"), contextlib.ExitStack() as stack:
        remove_people()
        stack.callback(remove_people)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="course-hub-")))
        folder.chmod(0o755)
        sockets = stack.enter_context(running_server("postgres", "peer"))
        sockets.chmod(0o755)
        replaced = {
            "/opt/neural-networks": str(installed),
            "dist/": f"{installed.parent}/",
            "/srv": str(folder),
            "/var/run/postgresql": str(sockets),
        }
        state = folder / "jupyterhub"
        state.mkdir()
        [class_list] = readme_blocks("People", "csv")
        (state / "class.csv").write_text(as_tested(class_list, replaced))
        (state / "graders.csv").write_text("\n".join(["id,first_name,last_name,email", *GRADERS, ""]))
        passwords: dict[str, str] = {}
        users, *others = readme_blocks("People")
        certificate, _start_block = readme_blocks("Start")
        for block in [*readme_blocks("Install")[1:], users, users, *others, certificate]:
            subprocess.run(
                ["bash", "-euo", "pipefail", "-c", as_tested(block, replaced)],
                cwd=ROOT,
                env=environment(PGHOST=str(sockets)),
                check=True,
            )
            if block == users:  # run twice, as for a list that has grown: whoever is there keeps their password
                lines = (state / "passwords").read_text().splitlines()
                passwords.update(line.split(":", 1) for line in lines)
        settings = installed / "etc" / "jupyter" / "nbgrader_config.py"
        stack.callback(settings.unlink)
        dask = Path(pwd.getpwnam(SHARED).pw_dir, ".config", "dask", "distributed.yaml")
        for path in (settings, dask, state / "jupyterhub_config.py"):
            path.write_text(as_tested(path.read_text(), replaced))
        hub = Hub(f"https://127.0.0.1:{free_port()}", folder, installed, replaced, passwords)
        process = _start(hub)
        stack.callback(stop, process)
        yield hub


def as_tested(text: str, replaced: dict[str, str]) -> str:
    """The text with the tests' own paths, ports and names."""
    for word, other in replaced.items():
        text = text.replace(word, other)
    for name in PEOPLE:
        text = re.sub(rf"\b{name.rsplit('-', 1)[-1]}\b", name, text)
    return text


def _start(hub: Hub) -> subprocess.Popen[bytes]:
    block = readme_blocks("Start")[1]
    trusted = ssl.create_default_context(cafile=hub.folder / "jupyterhub" / "certificate.pem")
    trusted.check_hostname = False
    options = f" --JupyterHub.bind_url={hub.address}/ --JupyterHub.hub_port={free_port()}"
    options += f" --ConfigurableHTTPProxy.api_url=http://127.0.0.1:{free_port()}"
    command = as_tested(block, hub.replaced).rstrip() + options
    log = (hub.folder / "jupyterhub" / "log").open("wb")
    process = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=ROOT,
        env=environment(),
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    for _attempt in range(480):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{hub.address}/hub/health", timeout=2, context=trusted)
            return process
        time.sleep(0.25)
    stop(process)
    raise RuntimeError(f"The hub did not start:\n{(hub.folder / 'jupyterhub' / 'log').read_text()}")


def remove_people() -> None:
    """The tests' users, with whatever they still run, and the groups. A real class's groups are left alone."""
    others = {name for group in GROUPS for name in _members(group)} - set(PEOPLE)
    if others:
        raise RuntimeError(
            f"This machine has a class already ({', '.join(sorted(others))}); the hub is not tested here."
        )
    for name in PEOPLE:
        with contextlib.suppress(KeyError):
            _end_processes(pwd.getpwnam(name).pw_uid)
            subprocess.run(["userdel", "--remove", "--force", name], check=True, capture_output=True)
    for group in GROUPS:
        subprocess.run(["groupdel", group], check=False, capture_output=True)


def _end_processes(uid: int) -> None:
    for process in psutil.process_iter(["uids"]):
        if process.info["uids"] and process.info["uids"].real == uid:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def _members(group: str) -> list[str]:
    try:
        return grp.getgrnam(group).gr_mem
    except KeyError:
        return []

"""A PostgreSQL server of the tests' own: it listens on a socket in a temporary folder and nowhere else."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system import POSTGRESQL_HINT, postgresql


def as_server(*command: str) -> None:
    """PostgreSQL does not run as root: then it runs as the user that its package makes."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    run = subprocess.run([*prefix, *command], cwd="/", capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@contextlib.contextmanager
def running_server(owner: str, authentication: str) -> Iterator[Path]:
    """The folder with the socket of a server whose first role is owner; authentication as in pg_hba.conf."""
    programs = postgresql()
    if programs is None:
        pytest.fail(POSTGRESQL_HINT)
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path may have 107 bytes
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = str(folder / "data")
    try:
        as_server(str(programs / "initdb"), "-D", data, "-U", owner, "-A", authentication, "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        as_server(
            str(programs / "pg_ctl"), "-D", data, "-l", str(folder / "log"), "-o", options, "-w", "-t", "120", "start"
        )
        yield folder
        as_server(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

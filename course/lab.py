"""Starts JupyterLab on a learner's workspace, and says what was laid out there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from course.errors import UsageError
from course.language import _
from course.notebooks.breadcrumbs import CONTENTS_PAGE
from course.notebooks.workspace import Placed


def say_placed(placed: Iterable[Placed]) -> list[str]:
    """One line for each chapter or file that is new to the learner or needs their eye; nothing for the rest."""
    lines = []
    for file in placed:
        name = f"{file.path.parent.name}/{file.path.name}"
        if file.outcome == "updated":
            lines.append(_("{file} was updated.").format(file=name))
        elif file.outcome == "beside":
            told = _(
                "There is an updated version, {file}; the file that you have worked in was left as it is, and is the "
                "one that counts."
            )
            lines.append(told.format(file=name))
        elif file.reason:
            lines.append(file.reason)
    return lines


def open_lab(folder: Path, *, browser: bool, port: int | None, lang: str | None) -> int:
    """Runs JupyterLab in folder until it is stopped; returns its exit code. UsageError if the port is taken."""
    command = [sys.executable, "-m", "jupyter", "lab", "--ServerApp.root_dir", str(folder)]
    command += ["--LabApp.default_url", f"/lab/tree/{CONTENTS_PAGE}"]
    if not browser:
        command.append("--no-browser")
    if port is not None:
        _require_free(port)
        command += ["--port", str(port), "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    environment = dict(os.environ)
    # Lessons work offline, so JupyterLab is not to ask for news or updates; and who learns alone needs none of
    # nbgrader's panels. A person's own settings still win.
    paths = [str(Path(__file__).parent / "lab_config"), environment.get("JUPYTER_CONFIG_PATH", "")]
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join(path for path in paths if path)
    if lang:
        environment["COURSE_LANG"] = lang
    try:
        return subprocess.run(command, cwd=folder, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0


def _require_free(port: int) -> None:
    if not 1 <= port <= 65535:
        raise UsageError(_("{port} is not a port; choose one from 1 to 65535.").format(port=port))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("localhost", port))
        except OSError:
            told = _("Port {port} is in use. Choose another with --port, or stop what runs there.")
            raise UsageError(told.format(port=port)) from None

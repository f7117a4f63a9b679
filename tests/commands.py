"""Commands that tests run: `python -m course …` and `python -m nbgrader …`, each in a process of its own.

What a short command costs is mostly the import of nbgrader and its like. So its process is forked from one that has
imported those, and nothing of `course`, which comes from where the command's own environment says. In a process that
has imported nothing, docs/test_commands.py and grading/test_stock_nbgrader.py run the same commands.
"""

import atexit
import contextlib
import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbgrader.api

_IMPORTED = [
    *("nbgrader.apps.nbgraderapp", "nbgrader.server_extensions.formgrader.formgrader", "nbformat", "nbconvert"),
    *("nbclient", "sqlalchemy.dialects.sqlite", "pydantic", "typer", "rich.progress", "rich.table", "numpy", "yaml"),
    *("nh3", "markdown_it", "latex2mathml.converter", "jinja2", "bs4", "pygments.lexers.python"),
]
_forked = multiprocessing.get_context("forkserver")
_forked.set_forkserver_preload(_IMPORTED)
seconds_of_processors = 0.0  # of all commands that were run: they are nobody's children that os.times() knows


def run_module(
    arguments: tuple[str, ...], cwd: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """What subprocess.run([sys.executable, "-m", *arguments], …) gives, with its output as text."""
    global seconds_of_processors  # noqa: PLW0603
    with tempfile.TemporaryDirectory() as folder:
        process = _forked.Process(target=_become, args=(arguments, str(cwd), dict(environment), folder))
        process.start()
        process.join()
        told = {path.name: path.read_text(encoding="utf-8") for path in Path(folder).iterdir()}
    seconds_of_processors += float(told.get("seconds") or 0)
    assert process.exitcode is not None
    return subprocess.CompletedProcess(arguments, process.exitcode, told["stdout"], told["stderr"])


def _become(arguments: tuple[str, ...], cwd: str, environment: dict[str, str], folder: str) -> None:
    """In the forked process: the command, with its output in files of that folder."""
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        with open(Path(folder, name), "wb") as file:
            os.dup2(file.fileno(), descriptor)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = [cwd, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    sys.argv = list(arguments)
    nbgrader.api.get_alembic_version = _newest_schema
    with _told_at_the_end(Path(folder, "seconds")):
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


def _newest_schema() -> str:
    """As in the tests' own process: nbgrader would start the program `alembic`, and wait 2 seconds for the same."""
    from course.grading.gradebook.database import newest_schema

    return newest_schema()


@contextlib.contextmanager
def _told_at_the_end(file: Path) -> Iterator[None]:
    try:
        yield
    finally:
        atexit._run_exitfuncs()  # multiprocessing ends a process without them
        times = os.times()
        file.write_text(str(times.user + times.system + times.children_user + times.children_system))

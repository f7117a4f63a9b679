"""The grader's side of the sandbox: what ends in there is told as that, so that the work is done again elsewhere."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from course.catalog import Catalog
from course.errors import CourseError
from course.grading.sandbox import bubblewrap, kernel_pool, sandbox_process
from course.grading.sandbox.bubblewrap import PACKAGE, prepare_workdir
from course.grading.sandbox.kernel_pool import Template, TemplateLost, template_for
from course.grading.sandbox.sandbox_process import Sandbox
from tests.asynchronous import run_async
from tests.platform.grading.test_faults import wait_for
from tests.platform.tiny import SLUG, TINY

LOOK = """
import os, sys
package = os.path.dirname(__import__("course").__file__)
for folder, folders, files in os.walk(package):
    for name in (*folders, *files):
        if "judges" in name or "quizzes" in name:
            print("SEEN", os.path.join(folder, name))
print("LOOKED")
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(TINY)
    yield sandbox
    sandbox.close()


def processes_in(sandbox: Sandbox) -> list[psutil.Process]:
    return psutil.Process(sandbox._process.pid).children(recursive=True)


def start_kernel(template: Template, folder: Path) -> kernel_pool.SealedKernelManager:
    manager = kernel_pool.SealedKernelManager()
    manager.prepare(template, folder, SLUG)
    run_async(manager.start_kernel())
    return manager


def test_a_sandbox_that_ends_is_told_as_lost_however_often_one_asks(tmp_path: Path) -> None:
    sandbox = Sandbox(TINY)
    template = Template(sandbox.workdir)
    start_kernel(template, tmp_path)
    assert template.alive
    inside = processes_in(sandbox)
    assert len(inside) >= 4  # its first process, who serves us, a keeper and its kernel
    os.kill(sandbox._process.pid, signal.SIGKILL)
    sandbox._process.wait()
    assert template.has_ended()
    for _attempt in range(2):
        with pytest.raises(TemplateLost):
            template.ask(do="poll")
    assert not template.alive
    sandbox.close()
    assert not sandbox.workdir.exists()
    with pytest.raises(TemplateLost):
        Template(sandbox.workdir)
    wait_for(lambda: not any(process.is_running() for process in inside))


def test_nothing_is_left_of_a_kernel_whatever_ends_first(sandbox: Sandbox, tmp_path: Path) -> None:
    """It, the keeper beside it, who serves the worker, or the worker; also right after the start was asked for."""
    template = Template(sandbox.workdir)
    idle = {process.pid for process in processes_in(sandbox)}
    for _turn in range(5):  # ended before its namespaces are made, or just after
        start_kernel(template, tmp_path)
        assert template.ask(do="kill") == {"alive": False}
        assert {process.pid for process in processes_in(sandbox)} == idle
    for number in (signal.SIGKILL, signal.SIGTERM):
        start_kernel(template, tmp_path)
        keeper = next(p for p in processes_in(sandbox) if p.pid not in idle and p.ppid() in idle)
        keeper.send_signal(number)
        wait_for(lambda: not template.ask(do="poll")["alive"])
        wait_for(lambda: {process.pid for process in processes_in(sandbox)} == idle)
    start_kernel(template, tmp_path)
    first = psutil.Process(sandbox._process.pid).children()[0].children()[0].pid
    template.close()
    wait_for(lambda: {process.pid for process in processes_in(sandbox)} <= {first, psutil.Process(first).ppid()})


def test_each_thread_has_a_template_of_its_own(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    monkeypatch.setitem(sandbox_process._sandboxes, root, sandbox)  # this process's own
    template = template_for(root)
    assert template_for(root) is template
    found: list[object] = []

    def other() -> None:
        found.append(template_for(root))
        try:
            template.ask(do="poll")
        except RuntimeError as error:
            found.append(str(error))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert found[0] is not template
    assert found[1:] == ["A template serves the thread that asked for it, and no other."]


def test_rooms_cannot_be_guessed_and_what_is_there_is_never_written_into(sandbox: Sandbox, tmp_path: Path) -> None:
    template = Template(sandbox.workdir)
    names = [template.new_slot(tmp_path) for _slot in range(3)]
    assert len({name[:8] for name in names}) == 3
    assert all(len(name) == 32 for name in names)
    for name in names:
        assert (sandbox.workdir / name).stat().st_mode & 0o777 == 0o700


def test_no_judge_or_key_is_in_the_sandbox_however_late_it_is_written(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "course"
    chapter = package / "chapters" / "tiny"
    for path in (
        *(chapter / name for name in ("exercises.py", "judges.py", "__pycache__/judges.cpython-311.pyc")),
        *(chapter / name for name in ("__pycache__/exercises.cpython-311.pyc", "judges_more/x.py")),
        *(package / "released" / name for name in ("quizzes/2-1-tiny.yml", "notebooks/contents.yml")),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    monkeypatch.setattr(bubblewrap, "PACKAGE", package)
    workdir = tmp_path / "workdir"
    workdir.mkdir()
    prepare_workdir(catalog.root, workdir)
    (chapter / "__pycache__" / "judges_late.cpython-311.pyc").write_text("x")
    seen = {
        path.relative_to(workdir / "course").as_posix() for path in (workdir / "course").rglob("*") if path.is_file()
    }
    assert seen == {
        *("chapters/tiny/exercises.py", "chapters/tiny/__pycache__/exercises.cpython-311.pyc"),
        "released/notebooks/contents.yml",
    }


def test_a_judges_bytecode_written_later_is_not_seen(sandbox: Sandbox, tmp_path: Path) -> None:
    """The sandbox has started; now Python compiles a judge, as the grader itself does at its first verdict."""
    late = PACKAGE / "chapters" / "tiny" / "__pycache__" / "judges_written_late.cpython-311.pyc"
    late.parent.mkdir(exist_ok=True)
    late.write_bytes(b"key")
    try:
        command = bubblewrap.command(PACKAGE.parent, sandbox.workdir, [sys.executable, "-c", LOOK])
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    finally:
        late.unlink()
    assert told == "LOOKED\n"


def test_a_course_in_a_folder_that_all_may_see_is_hidden_with_its_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As /usr/src/app is, where many containers have theirs; and the exchange, which nbgrader has below /usr."""
    shared, workdir = tmp_path / "shared", tmp_path / "workdir"
    root, exchange = shared / "course", shared / "exchange"
    for folder in (root / "class", root / "notebooks", exchange):
        folder.mkdir(parents=True)
        (folder / "theirs").write_text("SECRET")
    (root / "notebooks" / "contents.yml").write_text("of the course")
    workdir.mkdir()
    prepare_workdir(root, workdir)
    monkeypatch.setattr(bubblewrap, "SYSTEM_FOLDERS", (*bubblewrap.SYSTEM_FOLDERS, str(shared)))
    monkeypatch.setattr(bubblewrap, "EXCHANGE", exchange)
    look = f"cd {shared} && find . -name theirs; cat course/notebooks/contents.yml; find /inner{shared} -name theirs"
    told = subprocess.run(
        bubblewrap.command(root, workdir, ["sh", "-c", look]), capture_output=True, text=True, check=False
    )
    assert (told.stdout, told.stderr) == ("of the course", "")
    monkeypatch.setattr(sys, "prefix", str(root))
    with pytest.raises(CourseError, match="holds Python itself"):
        bubblewrap.command(root, workdir, ["true"])

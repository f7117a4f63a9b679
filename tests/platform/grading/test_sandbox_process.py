"""One sandbox serves a process; what it leaves behind when it is replaced."""

import gc
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from course.grading.sandbox.kernel_pool import template_for
from course.grading.sandbox.sandbox_process import close_sandbox, start_sandbox
from course.grading.scratch import scratch_folder
from tests.platform.grading.test_faults import command_line, wait_for
from tests.platform.tiny import copy_course, environment

KILLED_AT_ONCE = """
import os, signal, sys
from pathlib import Path
from course.grading.sandbox.sandbox_process import start_sandbox
print(start_sandbox(Path(sys.argv[1])).workdir, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    root = copy_course(tmp_path / "course")
    yield root
    close_sandbox(root)


def test_a_sandbox_that_is_asked_for_again_is_the_same_one_while_it_lives(root: Path) -> None:
    sandbox = start_sandbox(root)
    assert start_sandbox(root) is sandbox
    close_sandbox(root)
    assert not sandbox.alive
    assert not sandbox.workdir.exists()


def test_a_sandbox_that_has_ended_is_replaced_and_leaves_no_folder_and_no_descriptor(root: Path) -> None:
    first = start_sandbox(root)
    gc.collect()  # what earlier tests of this process left open is closed now, and not meanwhile
    open_before = len(os.listdir("/proc/self/fd"))
    for _time in range(3):
        ended = start_sandbox(root)
        os.kill(ended._process.pid, signal.SIGKILL)
        ended._process.wait()
        replaced = start_sandbox(root)
        assert replaced is not ended
        assert replaced.alive
        assert not ended.workdir.exists()
    assert not first.workdir.exists()
    assert len(os.listdir("/proc/self/fd")) <= open_before


def test_grading_goes_on_where_a_system_has_tidied_up_its_folder(root: Path, tmp_path: Path) -> None:
    """As some do with what lies in /tmp for days: the sandbox lives, and nothing could be put into it any more."""
    template = template_for(root)
    folder = scratch_folder()
    shutil.rmtree(folder)
    replaced = template_for(root)
    assert replaced is not template
    assert scratch_folder() != folder
    assert (replaced.workdir / replaced.new_slot(tmp_path) / "in").is_dir()
    assert template_for(root) is replaced


def test_a_sandbox_that_is_closed_while_it_starts_leaves_no_process(root: Path) -> None:
    workdirs = []
    for step in range(20):
        sandbox = start_sandbox(root)
        workdirs.append(str(sandbox.workdir))
        time.sleep(step / 1000)
        close_sandbox(root)
    wait_for(lambda: not [process for process in psutil.process_iter() if names_one_of(workdirs, process)])


def names_one_of(workdirs: list[str], process: psutil.Process) -> bool:
    return any(workdir in command_line(process) for workdir in workdirs)


def test_a_sandbox_ends_with_a_grader_that_is_killed_while_it_starts(root: Path) -> None:
    command = [sys.executable, "-c", KILLED_AT_ONCE, str(root)]
    killed = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    workdir = killed.stdout.strip()
    assert "sandbox-" in workdir
    wait_for(lambda: not [process for process in psutil.process_iter() if names_one_of([workdir], process)])

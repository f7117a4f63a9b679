"""Whatever dies on the way: nothing is lost, nobody is graded twice or zero because of us, nothing is left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from nbgrader.api import Gradebook

from tests.platform.tiny import SLUG, environment, reference_solutions, write_submission

STUDENTS = ("ada", "ben", "cleo", "dora")
PATIENCE = 240  # seconds until a wait is given up as hopeless


@pytest.fixture
def class_course(course_copy: Path) -> Path:
    right = {"standardise": reference_solutions()["standardise"]}
    for student in STUDENTS:
        write_submission(course_copy / "class" / "submitted" / student / SLUG, right)
    return course_copy


@pytest.fixture
def temporary(tmp_path: Path) -> Iterator[Path]:
    """The graders' TMPDIR; at the end it must hold nothing of ours."""
    folder = tmp_path / "t"
    folder.mkdir()
    yield folder
    wait_for(lambda: not [path for path in folder.iterdir() if path.name.startswith("grading-")])


class Grading:
    """`course grade` as a process of its own, whose output is read while it runs."""

    def __init__(self, root: Path, temporary: Path, workers: int) -> None:
        self.log = root / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "course", "grade", SLUG, "--workers", str(workers)],
                cwd=root,
                env=environment(TMPDIR=str(temporary)),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def told(self) -> str:
        return self.log.read_text()

    def rows(self) -> int:
        return self.told.count(": graded, ")

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def running(self, *words: str) -> list[psutil.Process]:
        return [process for process in self.descendants() if all(word in command_line(process) for word in words)]

    def finish(self) -> str:
        self.process.wait(PATIENCE)
        return self.told


def command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "This never came about."
        time.sleep(0.05)


def ended(processes: list[psutil.Process]) -> bool:
    return not any(runs(process) for process in processes)


def runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it ended between the two
        return False


def scores(root: Path) -> dict[str, float]:
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(SLUG)}


def assert_all_graded(root: Path) -> None:
    assert scores(root) == dict.fromkeys(STUDENTS, 4)


def resume(root: Path, temporary: Path) -> str:
    again = Grading(root, temporary, workers=2)
    told = again.finish()
    assert again.process.returncode == 0, told
    assert_all_graded(root)
    return told


def unchanged(told: str) -> int:
    return told.count("(unchanged)")


def test_a_killed_coordinator_goes_on_where_it_was(class_course: Path, temporary: Path) -> None:
    grading = Grading(class_course, temporary, workers=2)
    wait_for(grading.rows)
    processes = grading.descendants()
    grading.process.kill()
    grading.process.wait()
    wait_for(lambda: ended(processes))
    stored = grading.rows()
    assert stored <= unchanged(resume(class_course, temporary)) < len(STUDENTS)


def test_a_killed_part_of_the_sandbox_costs_nobody_anything(class_course: Path, temporary: Path) -> None:
    """Of the two that work at a time, one loses what its kernels come from; the work is done again."""
    grading = Grading(class_course, temporary, workers=2)
    wait_for(grading.rows)
    newest = max(grading.running("course.grading.sandbox.template_process"), key=lambda process: process.create_time())
    newest.kill()
    told = grading.finish()
    assert grading.process.returncode == 0, told
    assert grading.rows() == len(STUDENTS)
    assert_all_graded(class_course)


def test_all_workers_share_one_sandbox(class_course: Path, temporary: Path) -> None:
    grading = Grading(class_course, temporary, workers=2)
    wait_for(grading.rows)
    first = [
        p
        for p in grading.running("bwrap", "course.grading.sandbox.template_process")
        if "bwrap" not in command_line(p.parent())
    ]
    assert [process.ppid() for process in first] == [grading.process.pid]
    assert grading.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_template_costs_nobody_anything(class_course: Path, temporary: Path, workers: int) -> None:
    grading = Grading(class_course, temporary, workers)
    wait_for(grading.rows)
    for process in grading.running("course.grading.sandbox.template_process"):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    told = grading.finish()
    assert grading.process.returncode == 0, told
    assert "left out" not in told
    assert grading.rows() == len(STUDENTS)
    assert_all_graded(class_course)


@pytest.mark.parametrize("workers", [1])
def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(class_course: Path, temporary: Path, workers: int) -> None:
    grading = Grading(class_course, temporary, workers)
    wait_for(grading.rows)
    processes = grading.descendants()
    os.killpg(grading.process.pid, signal.SIGINT)
    told = grading.finish()
    assert grading.process.returncode == 130, told
    assert "the same command goes on" in told
    assert "Traceback" not in told
    wait_for(lambda: ended(processes))
    assert grading.rows() <= unchanged(resume(class_course, temporary)) < len(STUDENTS)

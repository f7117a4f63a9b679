"""`course grade --scheduler` on hosts that share neither disk nor database with the coordinator, and that die."""

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from distributed.comm import CommClosedError

from course.errors import CourseError
from course.grading.cluster import ClusterLost, Job, OtherVersion, Workers, existing_cluster, grade_as
from tests.platform.grading.hosts import Site, site
from tests.platform.grading.test_faults import PATIENCE, command_line, scores, wait_for
from tests.platform.tiny import ENGINE, SLUG, WRONG, environment, reference_solutions, write_submission

STUDENTS = ("ada", "ben", "cleo", "dora")
PORT = "8786"


class Cluster:
    """A Dask scheduler on a host of its own, and workers on others that do not have the class's folder."""

    def __init__(self, network: Site, hidden: Path) -> None:
        self.network, self.hidden = network, hidden
        address = network.add_host()
        self.scheduler = self._start("scheduler", address, "--host", address, "--port", PORT, "--no-dashboard")
        self.address = f"tcp://{address}:{PORT}"

    def add_worker(self, **extra: str) -> tuple[subprocess.Popen[bytes], str]:
        """A worker, once the scheduler knows it, and its address."""
        address = self.network.add_host()
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--worker-port", PORT)
        process = self._start("worker", address, self.address, "--host", address, *options, **extra)
        wait_for(lambda: "Registered to" in self.network.log(process))
        return process, f"tcp://{address}:{PORT}"

    def _start(self, kind: str, address: str, *arguments: str, **extra: str) -> subprocess.Popen[bytes]:
        program = ("-m", f"distributed.cli.dask_{kind}")
        return self.network.start_on(address, *program, *arguments, hidden=self.hidden, **extra)


class Grading:
    """`course grade` on a cluster, while it runs."""

    def __init__(self, cluster: Cluster, *options: str) -> None:
        self.network = cluster.network
        command = ("-m", "course", "grade", SLUG, "--scheduler", cluster.address, *options)
        self.process = self.network.start_at_home(cluster.hidden, *command)

    @property
    def told(self) -> str:
        return self.network.log(self.process)

    def rows(self) -> int:
        return self.told.count(": graded, ")

    def finish(self) -> int:
        return self.process.wait(PATIENCE)


@pytest.fixture
def cluster(course_copy: Path) -> Iterator[Cluster]:
    with site() as network:
        yield Cluster(network, course_copy)


def hand_in(root: Path, *sources: str) -> None:
    for student, source in zip(STUDENTS, sources, strict=True):
        folder = root / "class" / "submitted" / student / SLUG
        write_submission(folder, {"standardise": source})


def is_grading(worker: subprocess.Popen[bytes]) -> bool:
    children = psutil.Process(worker.pid).children(recursive=True)
    return any("course.grading.sandbox.template_process" in command_line(child) for child in children)


def changed_course(target: Path) -> Path:
    """The course with one more line in a judge."""
    for name in ("course", "notebooks", "quizzes"):
        shutil.copytree(ENGINE / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "answers*", ".*"))
    shutil.copy(ENGINE / "nbgrader_config.py", target)
    with (target / "course" / "exercises" / "numerics.py").open("a") as source:
        source.write("CHANGED = True\n")
    return target


def results(path: Path) -> dict[str, dict[str, object]]:
    rows = json.loads(path.read_text())
    return {student: {**row, "seconds": None} for student, row in rows.items()}


def grade_here(root: Path, *options: str) -> str:
    command = [sys.executable, "-m", "course", "grade", SLUG, "--workers", "1", *options]
    run = subprocess.run(command, cwd=root, env=environment(), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stderr


def test_workers_with_another_version_are_refused_by_name(cluster: Cluster, tmp_path: Path) -> None:
    hand_in(cluster.hidden, *([""] * len(STUDENTS)))
    nobody = Grading(cluster)
    assert nobody.finish() == 2
    assert "The Dask scheduler has no workers" in nobody.told
    _other, address = cluster.add_worker(PYTHONPATH=str(changed_course(tmp_path / "changed")))
    refused = Grading(cluster)
    assert refused.finish() == 2
    assert f"These workers have another version of the course or its packages: {address}." in refused.told
    assert "Traceback" not in nobody.told + refused.told
    assert scores(cluster.hidden) == {}


def test_a_killed_workers_task_goes_to_another_of_the_same_version(cluster: Cluster, tmp_path: Path) -> None:
    """The first worker dies with a task; of two that have joined meanwhile one is of another version."""
    root = cluster.hidden
    right, wrong = reference_solutions()["standardise"], WRONG["standardise"]["no_rescale"]
    slow = "import time\ntime.sleep(5)\n"  # so that there is something left to do for each that joins
    hand_in(root, slow + right, slow + wrong, slow + right, "raise RuntimeError('mine')")
    changed = changed_course(tmp_path / "changed")
    first, _address = cluster.add_worker()
    grading = Grading(cluster, "--json", "cluster.json")
    wait_for(lambda: is_grading(first))
    _second, _address = cluster.add_worker()
    _other, other_address = cluster.add_worker(PYTHONPATH=str(changed))
    first.kill()
    assert grading.finish() == 0, grading.told
    assert grading.rows() == len(STUDENTS)
    assert f"The worker {other_address} has another version" in " ".join(grading.told.split())
    assert scores(root)["ada"] == scores(root)["cleo"] == 4
    grade_here(root, "--again", "--json", "here.json")
    assert results(root / "cluster.json") == results(root / "here.json")


def test_work_meant_for_workers_that_have_all_ended_goes_to_one_that_joins(cluster: Cluster, tmp_path: Path) -> None:
    """Once a worker is refused, a submission names those that may have it; here the only one ends before it begins."""
    slow = "import time\ntime.sleep(2)\n" + reference_solutions()["standardise"]
    hand_in(cluster.hidden, *([slow] * len(STUDENTS)))
    for number in range(6):
        write_submission(cluster.hidden / "class" / "submitted" / f"more-{number}" / SLUG, {"standardise": slow})
    only, _address = cluster.add_worker()
    grading = Grading(cluster)
    wait_for(lambda: is_grading(only))
    cluster.add_worker(PYTHONPATH=str(changed_course(tmp_path / "changed")))
    wait_for(lambda: "has another version" in " ".join(grading.told.split()))
    before = grading.rows()
    wait_for(lambda: grading.rows() > before + 1)  # so what is under way was sent after that
    cluster.add_worker()
    only.kill()
    assert grading.finish() == 0, grading.told
    assert sorted(scores(cluster.hidden).values()) == [4] * (len(STUDENTS) + 6)


def test_a_scheduler_that_is_gone_when_asked_for_its_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Client(contextlib.nullcontext[None]):
        def __init__(self, _address: str, timeout: float) -> None:
            assert timeout

        def nthreads(self) -> dict[str, int]:
            raise CommClosedError("Connection reset by peer")

    monkeypatch.setattr("distributed.Client", Client)
    monkeypatch.setattr(Client, "__enter__", lambda self: self)
    with pytest.raises(ClusterLost, match="What is stored stays"), existing_cluster("tcp://nowhere:1") as client:
        Workers(client, Job(SLUG, "sandbox", "")).require_same_course()


def test_a_worker_that_fails_once_to_say_its_version_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As it does while a task of its own imports the same modules."""
    failing = ImportError("cannot import name 'x' from partially initialized module")
    answers = {"tcp://once": [failing, "digest"], "tcp://twice": [failing, failing], "tcp://gone": [failing]}

    class Client:
        def nthreads(self) -> dict[str, int]:
            return {address: 1 for address, left in answers.items() if left}

        def run(self, *_task: object, workers: list[str] | None, on_error: str) -> dict[str, object]:
            assert on_error == "return"
            return {address: answers[address].pop(0) for address in (answers if workers is None else workers)}

    monkeypatch.setattr("course.grading.cluster.SECOND_LOOK_SECONDS", 0)
    workers = Workers(Client(), Job(SLUG, "sandbox", "digest"))
    assert workers.refuse_newcomers()
    assert workers.refused == {"tcp://twice"}
    assert "The worker tcp://twice cannot tell its version of the course (cannot import name 'x' from" in caplog.text


def test_a_worker_that_cannot_tell_its_version_costs_no_submission_its_grade(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it was given goes to another one, however often it was given something."""

    def broken(_job: Job) -> str:
        raise CourseError("nbgrader_config.py is missing")

    monkeypatch.setattr("course.grading.cluster.fingerprint_here", broken)
    with pytest.raises(OtherVersion, match=r"cannot tell its version of the course \(nbgrader_config.py is missing\)"):
        grade_as(Job(SLUG, "sandbox", "digest"), {})


def test_a_killed_scheduler_costs_nothing_that_is_stored(cluster: Cluster) -> None:
    root = cluster.hidden
    slow = "import time\ntime.sleep(1)\n" + reference_solutions()["standardise"]
    hand_in(root, *([slow] * len(STUDENTS)))
    cluster.add_worker()
    grading = Grading(cluster)
    wait_for(grading.rows)
    cluster.scheduler.kill()
    assert grading.finish() == 1, grading.told
    assert "The Dask scheduler ended or cannot be reached any more. What is stored stays" in grading.told
    assert "Traceback" not in grading.told
    stored = len(scores(root))
    assert grading.rows() <= stored < len(STUDENTS)
    assert grade_here(root).count("(unchanged)") == stored
    assert scores(root) == dict.fromkeys(STUDENTS, 4)

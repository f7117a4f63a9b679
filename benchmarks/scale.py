"""What the coordinator of a large class can keep up with: real submissions in, real results out, nothing run between.

    .venv/bin/python -m benchmarks.scale [--chapter SLUG] [--submissions 1000]
        [--gradebook none|sqlite|postgresql] [--threads 500]

A real Dask scheduler and two workers are processes of their own here; the workers answer each submission at once with
the result of one that was really graded. The coordinator reads, submits, collects and stores as `course grade` does;
--threads (of each worker) decides how many submissions are under way. Prints what a submission costs in processor time,
which a busy machine hardly changes, and the memory held on the way; benchmarks/scale.md draws the conclusions.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.chapter import chosen_chapter, course_of, with_chapter
from course.catalog import Chapter, load_catalog
from course.grading.cluster import as_they_come, existing_cluster
from course.grading.gradebook.store import ClassFolder
from course.grading.task import Files, Graded, Packed, content_key, grade_files, pack
from tests.conftest import environment, reference_solutions, write_submission
from tests.postgresql import running_server

WORKERS = 2


def answer(path: str, files: Files) -> Graded:
    """On a worker: the result that was made beforehand, whatever the submission."""
    assert files
    graded: Graded = pickle.loads(Path(path).read_bytes())  # ours, from this run
    return graded


@contextlib.contextmanager
def cluster(folder: Path, threads: int) -> Iterator[tuple[str, psutil.Process]]:
    """A scheduler's address and its process, with workers, until the block ends."""
    file = folder / "scheduler.json"
    common = ["--scheduler-file", str(file), "--no-dashboard"]
    options = ["--no-nanny", "--nthreads", str(threads), "--local-directory", str(folder)]
    commands = [
        ["scheduler", *common, "--host", "127.0.0.1", "--port", "0"],
        *[["worker", *common, *options]] * WORKERS,
    ]
    with (folder / "log").open("wb") as log:
        started = [
            subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments],
                env=environment(DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH="20"),  # as docs/cluster.md says
                stdout=log,
                stderr=log,
            )
            for kind, *arguments in commands
        ]
    try:
        while not (file.is_file() and file.read_text().endswith("}")):
            if started[0].poll() is not None:
                sys.exit((folder / "log").read_text())
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"], psutil.Process(started[0].pid)
    finally:
        for process in started:
            process.kill()
            process.wait()


@contextlib.contextmanager
def gradebook_url(kind: str) -> Iterator[str | None]:
    if kind == "postgresql":
        with running_server("grader", "trust") as folder:
            yield f"postgresql://grader@/postgres?host={folder}"
    else:
        yield None


class Meter:
    """Processor time and memory of this process and the scheduler, since the start."""

    def __init__(self, scheduler: psutil.Process) -> None:
        self._processes = {"coordinator": psutil.Process(), "scheduler": scheduler}
        self._before = self._processor_seconds()
        self._started = time.perf_counter()

    def _processor_seconds(self) -> dict[str, float]:
        times = {name: process.cpu_times() for name, process in self._processes.items()}
        return {name: spent.user + spent.system for name, spent in times.items()}

    @property
    def coordinator_seconds(self) -> float:
        return self._processor_seconds()["coordinator"] - self._before["coordinator"]

    def line(self, count: int) -> str:
        now = self._processor_seconds()
        parts = [f"{count:6} submissions, {count / (time.perf_counter() - self._started):6.1f} a second"]
        for name, process in self._processes.items():
            milliseconds = 1000 * (now[name] - self._before[name]) / count
            memory = process.memory_info().rss / 2**20
            parts.append(f"{name} {milliseconds:5.1f} ms each, {memory:5.0f} MiB")
        return "; ".join(parts)


def simulate(chapter: Chapter, folder: Path, submissions: int, threads: int, store: bool, seconds: float) -> None:
    slug, root = chapter.slug, course_of(chapter, folder / "course")
    catalog = load_catalog(root)
    submitted = write_submission(root / "class" / "submitted" / "ada" / slug, reference_solutions(slug), root)
    result = folder / "result"
    graded = grade_files(slug, pack(submitted), "sandbox", root)
    result.write_bytes(pickle.dumps(graded))
    sizes = sum(map(len, pack(submitted).values())), sum(map(len, graded.notebooks.values()))
    print(f"{sizes[0] / 1000:.0f} kB a submission, {sizes[1] / 1000:.0f} kB a result; {WORKERS * threads} threads")
    class_folder = ClassFolder(catalog)
    class_folder.require_assignment(slug)

    def read() -> Iterator[Packed]:
        for number in range(submissions):
            files = pack(submitted)
            yield Packed(f"student-{number:06}", content_key(catalog, slug, files), files)

    with cluster(folder, threads) as (address, scheduler), existing_cluster(address) as client:
        client.wait_for_workers(WORKERS)

        def submit(packed: Packed) -> object:
            return client.submit(answer, str(result), packed.files, pure=False)

        meter = Meter(scheduler)
        for count, (packed, outcome) in enumerate(as_they_come(client, submit, read()), start=1):
            if store:
                class_folder.store(slug, packed.student, outcome.notebooks, submitted)
            if count % (submissions // 5 or 1) == 0:
                print(meter.line(count), flush=True)
        each = meter.coordinator_seconds / submissions
    print(
        f"At {seconds:g} s a submission this coordinator keeps {seconds / each:.0f} cores busy; "
        f"100,000 submissions on at least as many take {100_000 * each / 60:.0f} minutes."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    with_chapter(parser)
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=500, help="of each of the two workers")
    parser.add_argument("--seconds", type=float, default=2.0, help="of a core that grading a submission takes")
    parser.add_argument("--gradebook", choices=("none", "sqlite", "postgresql"), default="none")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scale-") as name, gradebook_url(chosen.gradebook) as url:
        if url:
            os.environ["COURSE_GRADEBOOK"] = url
        simulate(
            chosen_chapter(chosen),
            Path(name),
            chosen.submissions,
            chosen.threads,
            chosen.gradebook != "none",
            chosen.seconds,
        )


if __name__ == "__main__":
    main()

"""However large the class, the coordinator holds the same memory: no submission is kept once its result is there."""

from collections.abc import Iterator

import numpy as np
import psutil
import pytest
from distributed import Client, LocalCluster

from course.catalog import Catalog
from course.grading import schedule
from course.grading.cluster import as_they_come, set_dask
from course.grading.task import Graded, Packed
from tests.platform.tiny import SLUG

MEGABYTE = 2**20


def submissions(count: int) -> Iterator[Packed]:
    for number in range(count):
        yield Packed(f"s{number}", "", {"notebook": np.random.default_rng(number).bytes(100_000)})


def held_at(results: Iterator[object]) -> list[int]:
    """Bytes that this process holds after 100 and after 400 results."""
    held = []
    for number, _result in enumerate(results):
        if number in {100, 399}:
            held.append(psutil.Process().memory_info().rss)
    return held


def test_what_a_cluster_has_graded_is_let_go() -> None:
    set_dask()
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        come = as_they_come(client, lambda packed: client.submit(len, packed.files, pure=False), submissions(400))
        held = held_at(come)
    assert held[1] - held[0] < 15 * MEGABYTE, "of the 30 MB that came between"


def test_what_this_machine_has_graded_is_let_go(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "grade_files", lambda _slug, files, *_rest: Graded({}, {"n": str(len(files))}))
    held = held_at(schedule._run_here(catalog, schedule.Plan(SLUG, {}, "none", workers=3), submissions(400)))
    assert held[1] - held[0] < 15 * MEGABYTE, "of the 30 MB that came between"

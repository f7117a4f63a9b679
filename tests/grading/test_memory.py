"""However large the class, the coordinator holds the same memory: no submission is kept once its result is there."""

from collections.abc import Iterator

import numpy as np
import psutil

from course.grading.cluster import as_they_come, local_cluster
from course.grading.task import Packed

MEGABYTE = 2**20


def submissions(count: int) -> Iterator[Packed]:
    for number in range(count):
        yield Packed(f"s{number}", "", {"notebook": np.random.default_rng(number).bytes(100_000)})


def test_what_has_been_graded_is_let_go() -> None:
    held = []
    with local_cluster(1) as client:
        come = as_they_come(client, lambda packed: client.submit(len, packed.files, pure=False), submissions(400))
        for number, (_packed, result) in enumerate(come):
            assert result == 1
            if number in {100, 399}:
                held.append(psutil.Process().memory_info().rss)
    assert held[1] - held[0] < 15 * MEGABYTE, "of the 30 MB that came between"

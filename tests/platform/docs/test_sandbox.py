"""docs/sandbox.md: each line of its table names a test that attacks it, two means that hold it, and true numbers."""

import re

import pytest

from course.grading.sandbox import client, confinement, keeper, kernels, wire
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")][1:]
OF_ITSELF = ("clock", "environment")  # of lines that protect the grader's time and the learner: one means each


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:40] for row in ROWS])
def test_a_line_names_its_means_and_a_test(row: list[str]) -> None:
    _what, held_by, tried_in = row
    assert re.search(r";| and ", held_by) or held_by.endswith(OF_ITSELF)
    names = re.findall(r"`(test_\w+\.py)`", tried_in)
    assert names
    for name in names:
        assert list((ROOT / "tests" / "platform").rglob(name)), name


def test_every_test_that_the_page_names_is_there() -> None:
    for name in re.findall(r"`(test_\w+\.py)`", PAGE):
        assert list((ROOT / "tests" / "platform").rglob(name)), name


def test_the_numbers_are_those_that_are_enforced() -> None:
    limits = dict(confinement.LIMITS)
    gib, mib = 2**30, 2**20
    for told in (
        f"{confinement.DISK.removesuffix('m')} MiB and {confinement.DISK_FILES:,} files together",
        f"a file at most {limits[confinement.resource.RLIMIT_FSIZE] // mib} MiB",
        f"{limits[confinement.resource.RLIMIT_NPROC]} processes and threads",
        f"{limits[confinement.resource.RLIMIT_DATA] // gib} GiB of memory a process, {keeper.MEMORY // gib} GiB",
        f"{kernels.CELL_SECONDS} s a cell, and five times that a notebook",
        f"at most {client.MAX_OUTPUT // mib} MiB of output a notebook",
        f"{wire.MAX_WAITING // mib} MiB wait to be read",
    ):
        assert told in PAGE
    assert client.NOTEBOOK_CELLS == 5

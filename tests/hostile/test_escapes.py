"""Ways out of the sandbox, and floods: each gains nothing and keeps nothing of the coordinator's memory.

test_hostile.py grades a neighbour after each of its attacks; here one does after all.
"""

import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from course.catalog import Catalog
from course.grading import client, kernels
from course.grading.restore import grade_id
from course.grading.run import Result, grade_folder
from tests.conftest import SLUG, reference_solutions, write_submission
from tests.hostile.escapes import ESCAPES, FLOODS, FRAMES

MEBIBYTE = 2**20


def told_by(result: Result) -> str:
    cell = next(c for c in result.notebooks["exercises"].cells if grade_id(c) == "inverted_dropout-solution")
    return "".join(output.get("text", "") or str(output.get("evalue", "")) for output in cell.outputs)


@pytest.mark.parametrize("name", ESCAPES)
def test_no_way_out_is_open(catalog: Catalog, submission: Callable[..., Path], name: str) -> None:
    source = ESCAPES[name]
    if "TRIED" not in source:
        source += '\nprint("TRIED", tried)\n'
    told = told_by(grade_folder(catalog, SLUG, submission(inverted_dropout=source), "sandbox"))
    assert "TRIED" in told, told
    assert "GOT" not in told, told


def test_floods_of_any_kind_stay_out_of_the_coordinators_memory(
    catalog: Catalog, submission: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(client, "REST_SECONDS", 1)
    monkeypatch.setattr(kernels, "CELL_SECONDS", 30)
    right = {"choose_rate": reference_solutions()["choose_rate"]}
    grade_folder(catalog, SLUG, write_submission(tmp_path / "before" / SLUG, right), "sandbox")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = grade_folder(
        catalog, SLUG, submission(inverted_dropout=FLOODS, dropout_backward=FRAMES, **right), "sandbox"
    )
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 250
    assert result.score == result.cells["choose_rate"].score == 2
    assert sum(len(str(cell)) for cell in result.notebooks["exercises"].cells) < 4 * client.MAX_OUTPUT

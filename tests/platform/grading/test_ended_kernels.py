"""Work that ends Python or never ends: what is left out, what is told, and what is judged all the same."""

from pathlib import Path

import pytest

from course.catalog import Catalog
from course.grading.sandbox import kernels
from course.grading.sandbox.client import ObservingClient
from tests.platform.grading.one_run import FULL, Submission, graded, insert_before
from tests.platform.tiny import exercise_points, reference_solutions


def test_an_endless_function_is_stopped_and_told(
    catalog: Catalog, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "CELL_SECONDS", 4)
    endless = "def standardise(x, shift):\n    while True:\n        pass"
    result = graded(catalog, submission(standardise=endless))
    assert result.cells["standardise"].score == 0
    assert "seconds" in result.cells["standardise"].reason
    assert result.cells["first_peak"].status == "not attempted"


def test_a_kernel_that_ends_itself_is_told(catalog: Catalog, submission: Submission) -> None:
    sources = {**reference_solutions(), "standardise": "import os; os._exit(1)"}
    result = graded(catalog, submission(**sources))
    assert result.status == "graded"
    assert "was left out: This ended the Python process." in result.reason
    assert (result.cells["standardise"].status, result.cells["standardise"].score) == ("failed", 0)
    assert result.cells["standardise"].reason == "This ended the Python process."
    assert result.cells["first_peak"].status == "passed"


def test_a_function_that_ends_the_kernel_costs_itself(catalog: Catalog, submission: Submission) -> None:
    deadly = "def standardise(*arguments):\n    import os\n    os._exit(1)"
    result = graded(catalog, submission(**{**reference_solutions(), "standardise": deadly}))
    assert result.status == "graded"
    assert result.cells["standardise"].reason == "This ended the Python process."
    assert result.cells["first_peak"].status == "passed"


RESTART = "import IPython, time\nIPython.Application.instance().kernel.do_shutdown(True)\ntime.sleep(2)"


def test_a_cell_that_restarts_the_kernel_is_left_out_and_its_neighbours_are_not_blamed(
    catalog: Catalog, reference: Path
) -> None:
    insert_before(reference, "running_sum-solution", RESTART)
    result = graded(catalog, reference)
    assert (result.status, result.score) == ("graded", FULL)
    cells = result.notebooks["exercises"].cells
    number = next(index for index, cell in enumerate(cells, start=1) if cell.source == RESTART)
    assert result.reason == f"Cell {number} was left out: This ended the Python process."


def test_only_cells_that_had_just_come_back_are_looked_after_when_python_has_ended(
    catalog: Catalog, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_after: list[int] = []
    settle = ObservingClient._settle

    async def counted(client: ObservingClient) -> None:
        looked_after.append(client.current)
        await settle(client)

    monkeypatch.setattr(ObservingClient, "_settle", counted)
    folder = submission(**reference_solutions())
    insert_before(folder, "running_sum", "import os; os._exit(1)")
    for _cell in range(2):
        insert_before(folder, "standardise", "import time; time.sleep(1)")
    result = graded(catalog, folder)
    assert {result.cells[name].score for name in exercise_points()} == set(exercise_points().values())
    assert "was left out" in result.reason
    sources = [cell.source for cell in result.notebooks["exercises"].cells]
    last_sleep = max(index for index, source in enumerate(sources) if "time.sleep(1)" in source)
    assert looked_after
    assert min(looked_after) >= last_sleep
    assert len(set(looked_after)) == len(looked_after)


def test_when_python_ends_again_and_again_the_rest_waits_for_a_person(catalog: Catalog, submission: Submission) -> None:
    folder = submission(first_peak=reference_solutions()["first_peak"])
    for _cell in range(5):
        insert_before(folder, "standardise-solution", "import os; os._exit(1)")
    result = graded(catalog, folder)
    assert result.status == "partly graded"
    assert {result.cells[name].score for name in exercise_points()} == {None}
    assert "Python ended again and again" in result.reason


def test_an_endless_cell_costs_its_time_once_however_often_the_rest_is_run(
    catalog: Catalog,
    submission: Submission,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Another cell ends Python, so the notebook is run again, more than once."""
    monkeypatch.setattr(kernels, "CELL_SECONDS", 4)
    folder = submission(first_peak=reference_solutions()["first_peak"])
    insert_before(folder, "standardise", "while True:\n    pass")
    insert_before(folder, "running_sum", "import os; os._exit(1)")
    result = graded(catalog, folder)
    assert result.cells["first_peak"].status == "passed"
    waited = [record for record in caplog.records if "Timeout waiting for execute reply" in record.getMessage()]
    assert len(waited) == 1


def test_a_notebooks_time_is_not_begun_anew_when_it_is_run_again(
    catalog: Catalog, submission: Submission, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(kernels, "CELL_SECONDS", 4)
    monkeypatch.setattr(kernels, "NOTEBOOK_CELLS", 0.5)
    folder = submission(first_peak=reference_solutions()["first_peak"])
    insert_before(folder, "standardise", "import time, os\ntime.sleep(3)\nos._exit(1)")
    result = graded(catalog, folder)
    ended = [record for record in caplog.records if "Kernel died" in record.getMessage()]
    assert len(ended) == 1
    assert result.cells["first_peak"].score is None  # it was never reached
    assert "could not be judged" in result.reason

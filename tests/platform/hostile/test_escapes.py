"""Ways out of the sandbox, and floods: each gains nothing and keeps nothing of the coordinator's memory.

test_hostile.py grades a neighbour after each of its attacks; here one does after all.
"""

import os
import re
import resource
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from course.catalog import Catalog
from course.grading.run import Result, grade_folder
from course.grading.sandbox import bubblewrap, client, kernel_pool, kernels, sandbox_process
from course.notebooks.restore import grade_id
from tests.platform.hostile.escapes import ESCAPES, FLOODS, FRAMES
from tests.platform.tiny import SLUG, reference_solutions, write_submission

MEBIBYTE = 2**20


def told_by(result: Result) -> str:
    cell = next(c for c in result.notebooks["exercises"].cells if grade_id(c) == "standardise-solution")
    return "".join(output.get("text", "") or str(output.get("evalue", "")) for output in cell.outputs)


@pytest.mark.parametrize("name", ESCAPES)
def test_no_way_out_is_open(catalog: Catalog, submission: Callable[..., Path], name: str) -> None:
    told = told_by(grade_folder(catalog, SLUG, submission(standardise=ESCAPES[name]), "sandbox"))
    assert "TRIED" in told, told
    assert re.findall("GOT (.*) ", told) == ["what is open to all"]  # an attempt that gains something is told


def test_nor_where_an_ordinary_user_grades(
    catalog: Catalog, submission: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is for whoever is not root; root is made to grade in that way."""
    monkeypatch.setattr(bubblewrap, "as_root", lambda: False)
    monkeypatch.setattr(sandbox_process, "_sandboxes", {})
    monkeypatch.setattr(kernel_pool, "_own", threading.local())
    folder = submission(**dict(zip(("standardise", "running_sum", "first_peak"), ESCAPES.values(), strict=True)))
    result = grade_folder(catalog, SLUG, folder, "sandbox")
    outputs = (out for cell in result.notebooks["exercises"].cells for out in cell.get("outputs", []))
    told = "".join(out.get("text", "") for out in outputs)
    assert told.count("TRIED") == len(ESCAPES), told
    assert re.findall("GOT (.*) ", told) == ["what is open to all"] * len(ESCAPES), told
    assert not result.notes


def test_floods_of_any_kind_stay_out_of_the_coordinators_memory(
    catalog: Catalog, submission: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(client, "REST_SECONDS", 1)
    monkeypatch.setattr(kernels, "CELL_SECONDS", 30)
    right = {"first_peak": reference_solutions()["first_peak"]}
    grade_folder(catalog, SLUG, write_submission(tmp_path / "before" / SLUG, right), "sandbox")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = grade_folder(catalog, SLUG, submission(standardise=FLOODS, running_sum=FRAMES, **right), "sandbox")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 250
    assert result.score == result.cells["first_peak"].score == 2
    assert sum(len(str(cell)) for cell in result.notebooks["exercises"].cells) < 4 * client.MAX_OUTPUT


ORDINARY = """
import multiprocessing, os, subprocess, sys, tempfile, threading
import keras
import numpy as np
!echo bang $((1 + 1))
print("subprocess", subprocess.run(["sh", "-c", "echo $HOME"], capture_output=True, text=True).stdout)
with multiprocessing.get_context("fork").Pool(2) as pool:
    print("pool", pool.map(abs, [-3, 4]))
if os.fork() == 0:
    print("forked child", flush=True)
    sys.stdout.flush()
    os._exit(0)
os.wait()
with tempfile.NamedTemporaryFile() as file:
    np.save(file.name + ".npy", np.ones(3))
    print("file", np.load(file.name + ".npy").sum())
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
for name in ("a.keras", "a.weights.h5"):
    (model.save if name.endswith("keras") else model.save_weights)(name)
    print("saved", os.path.getsize(name) > 0)
print("cores", len(os.sched_getaffinity(0)), os.cpu_count() > 0)
"""


def test_what_learners_ordinarily_do_works(catalog: Catalog, submission: Callable[..., Path]) -> None:
    told = told_by(grade_folder(catalog, SLUG, submission(standardise=ORDINARY), "sandbox"))
    for sign in ("bang 2", "subprocess /scratch", "pool [3, 4]", "forked child", "file 3.0", "saved True\nsaved True"):
        assert sign in told, told
    assert f"cores {len(os.sched_getaffinity(0))} True" in told

"""Files that are no honest notebooks. Whatever stands in one, grading ends in a row that says why, and never raises.

What a kernel would do is not tried here (test_hostile does): the notebook's own code is not run. COURSE_FUZZ says how
many examples each fuzz run makes.
"""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.catalog import Catalog
from course.errors import CourseError
from course.grading import run
from course.grading.run import Result, grade_folder
from course.grading.sandbox.client import Answer
from course.grading.sandbox.kernels import Isolation, NotebookToRun, Run
from course.grading.task import pack
from tests.platform.tiny import SLUG, TINY

Submission = Callable[..., Path]


@pytest.fixture
def not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notebooks are read, mended and judged, but no kernel is started for them."""

    def unrun(to_run: NotebookToRun, isolation: Isolation) -> Run:
        return Run({name: Answer(None, "Not run.") for name in to_run.requests})

    monkeypatch.setattr(run, "run_notebook", unrun)


def _nested(depth: int) -> str:
    return '{"cells": ' + "[" * depth + "]" * depth + ', "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


UNREADABLE: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n",
    "not_json": b"hello",
    "null": b"null",
    "a_list": b"[]",
    "a_number": b"1e999",
    "no_cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "cells_of_text": b'{"cells": ["x"], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "nbformat_999": b'{"cells": [], "nbformat": 999, "nbformat_minor": 0, "metadata": {}}',
    "ends_in_the_middle": b'{"cells": [{"cell_type": "code", "source": "x = ',
    "a_web_page": b"<!DOCTYPE html><html><title>exercises.ipynb</title></html>",
    "zero_bytes": b"\0" * 1000,
    "many_objects": b'{"nbformat": 4, "metadata": {"x": [' + b"{}," * 400_000 + b'0]}, "cells": []}',
    "many_numbers": b'{"nbformat": 4, "metadata": {}, "cells": [' + b"0," * 4_000_000 + b"0]}",
    "many_cells": b'{"nbformat": 4, "metadata": {}, "cells": [' + b'{"cell_type":"raw"},' * 30_000 + b"0]}",
    "many_old_cells": b'{"nbformat": 3, "worksheets": [{"cells": [' + b'{"cell_type":"raw"},' * 30_000 + b"0]}]}",
    "nested_1000": _nested(1000).encode(),
    "nested_1000000": _nested(1_000_000).encode(),
    "a_picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a_pickle": b"\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.",
}


@pytest.mark.usefixtures("not_run")
@pytest.mark.parametrize("name", UNREADABLE)
def test_a_notebook_that_cannot_be_read_needs_attention(catalog: Catalog, submission: Submission, name: str) -> None:
    folder = submission()
    (folder / "exercises.ipynb").write_bytes(UNREADABLE[name])
    result = grade_folder(catalog, SLUG, folder, "none")
    _is_told(result)
    assert result.reason.startswith(("exercises.ipynb cannot be read: ", "exercises.ipynb is empty."))
    assert {name for name, verdict in result.cells.items() if verdict.score is None} == set(result.cells) - {"quiz"}
    assert result.cells["quiz"].status != "error", "the lesson beside it is graded all the same"
    assert result.max_score == 13


@pytest.mark.usefixtures("not_run")
@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "link"])
def test_what_is_no_file_is_missing(catalog: Catalog, submission: Submission, kind: str) -> None:
    folder = submission()
    path = folder / "exercises.ipynb"
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to(TINY / "notebooks" / SLUG / "exercises.ipynb")
    result = grade_folder(catalog, SLUG, folder, "none")
    _is_told(result)
    assert "exercises.ipynb is missing." in result.reason


@pytest.mark.usefixtures("not_run")
def test_an_old_notebook_format_is_read(catalog: Catalog, submission: Submission) -> None:
    folder = submission()
    path = folder / "exercises.ipynb"
    notebook = nbformat.read(path, as_version=4)
    path.write_text(nbformat.writes(nbformat.convert(notebook, 3), version=3), encoding="utf-8")
    result = grade_folder(catalog, SLUG, folder, "none")
    assert result.status == "graded"
    assert result.cells["standardise"].reason == "Not run."


def _without(*keys: str) -> Callable[[dict[str, Any]], None]:
    def change(cell: dict[str, Any]) -> None:
        for key in keys:
            cell.pop(key, None)

    return change


def _with(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda cell: cell.update(values) if cell["cell_type"] == "code" else None


# What editors and converters write, and JupyterLab opens.
OPENED_BY_JUPYTERLAB: dict[str, Callable[[dict[str, Any]], None]] = {
    "no_execution_count": _without("execution_count"),
    "no_outputs": _without("outputs"),
    "no_ids": _without("id"),
    "no_metadata": _without("metadata"),
    "a_stream_without_a_name": _with(outputs=[{"output_type": "stream", "text": "hi"}]),
    "a_result_without_a_count": _with(outputs=[{"output_type": "execute_result", "data": {}, "metadata": {}}]),
    "unusual_ids": _with(id="a cell with spaces/and ünïcode " * 5),
    "the_same_id": _with(id="same"),
    "an_id_that_is_a_number": _with(id=7),
    "outputs_that_are_no_list": _with(outputs="none"),
    "metadata_that_is_null": lambda cell: cell.update(metadata=cell["metadata"] or None),
    "sources_as_lists": lambda cell: cell.update(source="".join(cell["source"]).splitlines(keepends=True)),
}


@pytest.mark.usefixtures("not_run")
@pytest.mark.parametrize("name", OPENED_BY_JUPYTERLAB)
def test_what_jupyterlab_opens_is_read(catalog: Catalog, submission: Submission, name: str) -> None:
    folder = submission(standardise="def standardise(x, shift):\n    return x")
    path = folder / "exercises.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        OPENED_BY_JUPYTERLAB[name](cell)
    notebook["metadata"]["kernelspec"] = {}
    path.write_text("\ufeff" + json.dumps(notebook), encoding="utf-8")
    result = grade_folder(catalog, SLUG, folder, "none")
    assert result.status == "graded", result.reason
    sources = [cell.source for cell in result.notebooks["exercises"].cells]
    assert "def standardise(x, shift):\n    return x" in sources


@pytest.mark.usefixtures("not_run")
def test_another_encoding_and_an_empty_notebook_are_read(catalog: Catalog, submission: Submission) -> None:
    folder = submission()
    path = folder / "exercises.ipynb"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    assert grade_folder(catalog, SLUG, folder, "none").status == "graded"
    path.write_text('{"cells": [], "nbformat": "4", "nbformat_minor": "5", "metadata": {}}')
    result = grade_folder(catalog, SLUG, folder, "none")
    assert result.cells["standardise"].score is None
    assert "Is it another one?" in result.reason


@pytest.mark.usefixtures("not_run")
def test_ten_thousand_cells_are_read(catalog: Catalog, submission: Submission) -> None:
    folder = submission()
    path = folder / "exercises.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell("pass") for _cell in range(10_000)]
    nbformat.write(notebook, path)
    result = grade_folder(catalog, SLUG, folder, "none")
    assert result.cells["standardise"].reason == "Not run."
    own = [cell for cell in result.notebooks["exercises"].cells if cell.source == "pass"]
    assert len(own) == 10_000


def _is_told(result: Result) -> None:
    assert result.status in ("partly graded", "needs attention", "graded")
    assert result.reason
    assert "\n" not in result.reason
    assert 0 <= result.score <= result.max_score == 13
    json.dumps(result.as_json())


_PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
_JSON = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def _mutated(data: st.DataObject, value: Any, depth: int = 0) -> Any:
    """The value with one place in it replaced, removed or doubled."""
    if isinstance(value, dict) and value and (depth < 2 or data.draw(st.booleans())):
        key = data.draw(st.sampled_from(sorted(value)))
        act = data.draw(st.sampled_from(["into", "into", "replace", "remove"]))
        rest = {name: item for name, item in value.items() if name != key}
        if act == "remove":
            return rest
        return {**rest, key: _mutated(data, value[key], depth + 1) if act == "into" else data.draw(_JSON)}
    if isinstance(value, list) and value and (depth < 2 or data.draw(st.booleans())):
        place = data.draw(st.integers(0, len(value) - 1))
        act = data.draw(st.sampled_from(["into", "into", "replace", "remove", "double"]))
        changed = {
            "into": lambda: [_mutated(data, value[place], depth + 1)],
            "replace": lambda: [data.draw(_JSON)],
            "remove": list,
            "double": lambda: [value[place], value[place]],
        }[act]()
        return [*value[:place], *changed, *value[place + 1 :]]
    return data.draw(_JSON)


FUZZ = settings(
    max_examples=int(os.environ.get("COURSE_FUZZ", "60")),
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.usefixtures("not_run")
def test_no_change_to_a_notebook_makes_grading_raise(catalog: Catalog, submission: Submission) -> None:
    folder = submission()
    released = json.loads((folder / "exercises.ipynb").read_text(encoding="utf-8"))

    @FUZZ
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        notebook: Any = released
        for _change in range(data.draw(st.integers(1, 4))):
            notebook = _mutated(data, notebook)
        (folder / "exercises.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        result = grade_folder(catalog, SLUG, folder, "none")
        assert set(result.cells) >= {"quiz", "standardise", "first_peak", "explain_scaling"}
        assert 0 <= result.score <= result.max_score == 13
        assert result.cells["standardise"].score in (0, None)
        json.dumps(result.as_json())

    holds()


@pytest.mark.usefixtures("not_run")
def test_no_answers_file_makes_grading_raise_or_gives_more_than_the_quiz_is_worth(
    catalog: Catalog, submission: Submission
) -> None:
    folder = submission()
    record: Mapping[str, Any] = {
        "version": 1,
        "chapter": SLUG,
        "answers": {"q1": [{"time": "2026-01-01T00:00:00+00:00", "choice": ["a"], "correct": True, "points": 9e9}]},
    }

    @FUZZ
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        answers = data.draw(_JSON | st.just(record)) if data.draw(st.booleans()) else _mutated(data, record)
        (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
        quiz = grade_folder(catalog, SLUG, folder, "none").cells["quiz"]
        assert 0 <= (quiz.score or 0) <= quiz.max_score == 2

    holds()


def test_folders_in_folders_without_end_cost_their_own_learner_alone(tmp_path: Path) -> None:
    """Python cannot follow a thousand of them; a CourseError is told in the row."""
    descriptor = os.open(tmp_path, os.O_RDONLY)
    for _depth in range(1200):
        os.mkdir("a", dir_fd=descriptor)
        inner = os.open("a", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
    os.close(descriptor)
    with pytest.raises(CourseError, match="More than 50 folders lie in each other"):
        pack(tmp_path)
    subprocess.run(["rm", "-rf", tmp_path / "a"], check=True)  # pytest cannot follow them either

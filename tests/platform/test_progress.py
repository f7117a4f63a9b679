"""What a check found is remembered as codes, counts as long as the answer stays, and is told in any language."""

import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from course.catalog import Catalog
from course.exercises.check import check_in_notebook
from course.exercises.last_checks import FILE
from course.notebooks.contents_page import contents_texts
from course.notebooks.progress import progress_lines, remember_result
from course.verdict import Status
from tests.platform.tiny import reference_solutions

PASSED = {"es": "1 de 3 ejercicios superados", "en": "1 of 3 exercises passed"}
STATES: dict[str, Status] = {
    "standardise": "passed",
    "running_sum": "partial",
    "first_peak": "error",
}
TOLD = {
    "en": ("standardise: passed", "running_sum: partly right", "first_peak: needs attention"),
    "es": ("standardise: superado", "running_sum: correcto en parte", "first_peak: requiere atención"),
}


def shown(catalog: Catalog, folder: Path) -> tuple[str, str]:
    return "\n".join(contents_texts(catalog, folder)), "\n".join(progress_lines(catalog, folder))


def change_answer(reference: Path, name: str) -> None:
    path = reference / "exercises.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == f"{name}-solution")
    cell.source += "\n# changed"
    nbformat.write(notebook, path)


@pytest.mark.parametrize("when_stored", ["en", "es"])
@pytest.mark.parametrize("when_shown", ["en", "es"])
def test_passed_exercises_are_counted_in_any_language(
    when_stored: str, when_shown: str, reference: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_LANG", when_stored)
    remember_result(reference, STATES)
    monkeypatch.setenv("COURSE_LANG", when_shown)
    page, lines = shown(catalog, reference.parent)
    assert PASSED[when_shown] in page
    assert all(told in lines for told in TOLD[when_shown])


def test_what_was_found_counts_as_long_as_that_answer_stays(reference: Path, catalog: Catalog) -> None:
    remember_result(reference, STATES)
    change_answer(reference, "running_sum")
    page, lines = shown(catalog, reference.parent)
    assert "1 of 3 exercises passed" in page
    assert "standardise: passed" in lines
    assert "running_sum: written, not checked yet" in lines


@pytest.mark.parametrize("content", ["{broken", "[]", '{"checks": []}', '{"digest": "a", "cells": {"a": "passed"}}'])
def test_a_file_that_holds_no_checks_is_as_if_nothing_was_checked(
    reference: Path, catalog: Catalog, content: str
) -> None:
    (reference / FILE).write_text(content)
    assert "0 of 3 exercises passed" in shown(catalog, reference.parent)[0]


def test_an_unknown_word_is_as_if_not_checked(reference: Path, catalog: Catalog) -> None:
    remember_result(reference, {**STATES, "standardise": "réussi", "running_sum": 5})  # type: ignore[dict-item]
    page, lines = shown(catalog, reference.parent)
    assert "0 of 3 exercises passed" in page
    assert "standardise: written, not checked yet" in lines
    assert "running_sum: written, not checked yet" in lines


def test_no_language_is_stored(reference: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "es")
    remember_result(reference, STATES)
    stored = json.loads((reference / FILE).read_text(encoding="utf-8"))["checks"]
    assert {name: each["status"] for name, each in stored.items()} == STATES


@pytest.fixture
def notebook(reference: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A kernel's shell, in the learner's folder."""
    monkeypatch.chdir(reference)
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


def test_a_check_in_the_notebook_counts_too(
    reference: Path, catalog: Catalog, notebook: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.exercises.check.notebook_folder", lambda: reference)
    notebook.run_cell("import numpy as np")
    notebook.run_cell(reference_solutions()["first_peak"])
    assert check_in_notebook("first_peak").status == "passed"
    page, lines = shown(catalog, reference.parent)
    assert "1 of 3 exercises passed" in page
    assert "first_peak: passed" in lines
    assert "running_sum: written, not checked yet" in lines

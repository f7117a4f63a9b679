"""A notebook of the chapter, executed, and what a learner reads in it; words that tests of its facts share."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import nbformat
import pytest

from course.lessons.explorer import Explorer
from tests.conftest import ROOT
from tests.executed import executed

FOLDER = ROOT / "notebooks" / "2-4-dropout"


def near(value, within):
    return pytest.approx(value, abs=within)


def caption(widget: Explorer) -> str:
    """The text below a widget's picture."""
    return html.unescape(re.sub("<[^>]+>", "", widget.view.value)).replace("\N{NO-BREAK SPACE}", " ").strip()


@dataclass(frozen=True)
class NotebookRun:
    """An executed notebook: its cells by id."""

    notebook: nbformat.NotebookNode

    def cell(self, cell_id: str) -> nbformat.NotebookNode:
        (found,) = (cell for cell in self.notebook.cells if cell.id == cell_id)
        return found

    def states(self, cell_id: str, *phrases: str) -> None:
        """Asserts that the prose of a cell says this, so that a test is about what is told."""
        for phrase in phrases:
            assert phrase in self.cell(cell_id).source

    def printed(self, cell_id: str) -> str:
        """What a learner reads below the cell: printed text and plain forms of results."""
        outputs = self.cell(cell_id).outputs
        return "".join(o.text if o.output_type == "stream" else o.data["text/plain"] for o in outputs)

    def lines(self, cell_id: str) -> list[str]:
        return self.printed(cell_id).strip().splitlines()

    def decimals(self, cell_id: str) -> list[list[float]]:
        """The decimal numbers of each printed line that has some."""
        rows = [[float(n) for n in re.findall(r"\d+\.\d+(?:e[+-]\d+)?", line)] for line in self.lines(cell_id)]
        return [row for row in rows if row]


def run_notebook(name: str) -> NotebookRun:
    """The chapter's notebook, executed once for all tests of this run that look at it."""
    return NotebookRun(executed(FOLDER / name, ROOT).notebook)


def assert_runs_clean(run: NotebookRun) -> None:
    """No error, nothing on stderr, no warning, and no cell left out."""
    code = [cell for cell in run.notebook.cells if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.outputs]
    assert [o for o in outputs if o.output_type == "error"] == []
    assert [o.text for o in outputs if o.get("name") == "stderr"] == []
    assert not any("warning" in run.printed(cell.id).lower() for cell in code)
    assert all(cell.execution_count for cell in code)

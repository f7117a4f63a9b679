"""A notebook, run once for all tests that look at it: its cells by id, what they say, and what they print."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course.lessons.explorer import Explorer
from tests.conftest import ROOT
from tests.executed import executed


def near(value: Any, within: float) -> Any:
    """What equals numbers that are at most that far away."""
    return pytest.approx(value, abs=within)


@dataclass(frozen=True)
class LessonRun:
    """An executed notebook: its cells by id, and the folder that it ran in."""

    notebook: nbformat.NotebookNode
    folder: Path

    def cell(self, cell_id: str) -> nbformat.NotebookNode:
        (found,) = (cell for cell in self.notebook.cells if cell.id == cell_id)
        return found

    def prose(self, cell_id: str) -> str:
        return self.cell(cell_id).source

    def states(self, cell_id: str, *phrases: str) -> None:
        """Fails unless that cell's text has every phrase, wherever its lines break."""
        prose = " ".join(self.prose(cell_id).split())
        for phrase in phrases:
            assert phrase in prose, phrase

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

    def numbers(self, cell_id: str) -> list[float]:
        """The decimal numbers that follow a colon or stand between blanks in the printed text, in order."""
        return [float(n) for n in re.findall(r"(?<![\w.=×(])-?\d+\.\d+(?!\w)", self.printed(cell_id))]

    def outputs(self, kind: str) -> dict[str, list[nbformat.NotebookNode]]:
        """Outputs of one kind ("error", "stderr"), by the cell that made them."""
        found: dict[str, list[nbformat.NotebookNode]] = {}
        for cell in self.notebook.cells:
            for output in cell.get("outputs", []):
                if kind in (output.output_type, output.get("name")):
                    found.setdefault(cell.id, []).append(output)
        return found


def run_lesson(slug: str, stem: str = "lesson") -> LessonRun:
    """That notebook of the chapter, executed."""
    run = executed(ROOT / "notebooks" / slug / f"{stem}.ipynb", ROOT)
    return LessonRun(run.notebook, run.folder)


def caption(figure: Explorer) -> str:
    """The sentence or two below a figure's picture."""
    (told,) = re.findall(r"(?s)<figcaption[^>]*>(.*)</figcaption>", figure.view.value)
    return html.unescape(re.sub("<[^>]+>", "", told)).replace("\N{NO-BREAK SPACE}", " ").strip()


def assert_runs_clean(run: LessonRun) -> None:
    """No error, nothing on stderr, no warning, and no cell left out."""
    code = [cell for cell in run.notebook.cells if cell.cell_type == "code"]
    assert run.outputs("error") == run.outputs("stderr") == {}
    assert not any("warning" in run.printed(cell.id).lower() for cell in code)
    assert all(cell.execution_count for cell in code)

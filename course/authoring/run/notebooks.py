"""Runs a chapter's notebooks as authors keep them, with solutions, in a copy of their folder and a kernel each."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from course.authoring.run.told import Told
from course.authoring.validate.notebooks import PlacedCell, placed_cells
from course.catalog import Catalog, Chapter

CELL_SECONDS = 600


@dataclass(frozen=True)
class NotebookRun:
    """A notebook that was run. cells: with the outputs that they made; error: why the rest was not run, or ''."""

    file: str
    stem: str
    notebook: NotebookNode
    cells: tuple[PlacedCell, ...]
    seconds: float
    error: str = ""

    def faults(self) -> Iterator[Told]:
        """What stopped it, and cells that write to stderr."""
        if self.error:
            yield Told("fault", self.error)
        for placed in self.cells:
            texts = [output.text for output in placed.cell.get("outputs", []) if output.get("name") == "stderr"]
            if texts:
                first = "".join(texts).strip().splitlines() or [""]
                yield Told("fault", f"{placed.where} writes to stderr: {first[0][:200]}. Lessons write nothing there.")


def run_chapter_notebooks(catalog: Catalog, chapter: Chapter, show: Callable[[str], None]) -> Iterator[NotebookRun]:
    """Each notebook of the chapter, run from top to bottom. show: told which cell is under way."""
    with tempfile.TemporaryDirectory(prefix="course-run-") as name:
        folder = Path(name) / chapter.slug
        shutil.copytree(catalog.notebooks_folder(chapter.slug), folder, ignore=shutil.ignore_patterns("answers*", ".*"))
        for stem in catalog.notebooks(chapter.slug):
            yield _run(catalog, chapter, stem, folder, show)


def _run(catalog: Catalog, chapter: Chapter, stem: str, folder: Path, show: Callable[[str], None]) -> NotebookRun:
    file = f"notebooks/{chapter.slug}/{stem}.ipynb"
    notebook, cells = placed_cells(catalog.notebooks_folder(chapter.slug) / f"{stem}.ipynb", file)
    count, current = len(cells), [0]

    def starts(cell: Any, cell_index: int) -> None:
        current[0] = cell_index
        show(f"{stem}.ipynb: cell {cell_index + 1} of {count}")

    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=starts,
    )
    kept = {name: value for name, value in os.environ.items() if name != "JPY_SESSION_NAME"}
    error, started = "", time.monotonic()
    try:
        client.execute(env={**kept, "COURSE_ROOT": str(catalog.root)}, stderr=subprocess.DEVNULL)
    except CellExecutionError as failed:
        error = f"{cells[current[0]].where} raises {failed.ename}: {str(failed.evalue)[:300]}. Mend it."
    except (CellTimeoutError, DeadKernelError) as failed:
        error = f"{cells[current[0]].where} does not come to its end ({type(failed).__name__}). Mend it."
    return NotebookRun(file, stem, notebook, cells, time.monotonic() - started, error)

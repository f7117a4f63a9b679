"""Notebooks that are executed once in a run, whoever asks, and looked at by many tests."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from tests.session import ENGINE, once

CELL_SECONDS = 600


@dataclass(frozen=True)
class Executed:
    """An executed notebook, and the folder that it ran in, which holds what it wrote there."""

    notebook: NotebookNode
    folder: Path

    def outputs(self, kind: str) -> dict[str, list[NotebookNode]]:
        """Outputs of one kind ("error", "stderr", "execute_result"), by the cell that made them."""
        found: dict[str, list[NotebookNode]] = {}
        for cell in self.notebook.cells:
            for output in cell.get("outputs", []):
                if kind in (output.output_type, output.get("name")):
                    found.setdefault(cell.id, []).append(output)
        return found


def executed(path: Path, root: Path) -> Executed:
    """The notebook at path, run from top to bottom in a folder named like its own; errors do not stop it.

    root: the course that it belongs to.
    """
    key = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    folder = once(f"executed/{key}-{path.stem}", lambda made: _execute(path, root, made))
    place = folder / path.parent.name
    return Executed(nbformat.read(place / path.name, as_version=4), place)


def _execute(path: Path, root: Path, made: Path) -> None:
    place = made / path.parent.name
    place.mkdir()
    shutil.copy(path, place)
    notebook = nbformat.read(place / path.name, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(place)}},
    )
    client.execute(env={**os.environ, "COURSE_LANG": "en", "COURSE_ROOT": str(root), "PYTHONPATH": str(ENGINE)})
    nbformat.write(notebook, place / path.name)

"""The contents page of a learner's workspace (index.ipynb): links, and progress that shows without being run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.catalog import Catalog
from course.language import _
from course.notebooks.progress import outline_lines

CONTENTS_PAGE = "index.ipynb"


def contents_notebook(catalog: Catalog, folder: Path) -> Any:
    """The contents page (index.ipynb): links and progress that show unrun, and a cell that shows progress as it is now.

    Its metadata carry digests of its texts and of its outline without progress, by which workspace.py later tells what
    the learner has changed.
    """
    head = [
        f"# {catalog.told(catalog.title)}",
        "",
        _("Your work is kept in this folder. Nothing that you write is overwritten."),
        "",
    ]
    note = _("This is how far you were when the course was opened. Run the next cell to see it as it is now.")
    cells = [
        new_markdown_cell("\n".join([*head, *outline_lines(catalog, folder)]), id="contents"),
        new_markdown_cell(note, id="progress-note"),
        new_code_cell("from course import contents\n\ncontents()", id="progress"),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    nobody = outline_lines(catalog, folder / ".course")  # there is no work in there
    outline = hashlib.sha256("\n".join([*head, *nobody, note]).encode()).hexdigest()
    notebook.metadata["course"] = {"texts": texts_digest(notebook), "outline": outline}
    return notebook


def texts_digest(notebook: Any) -> str:
    """A digest of what stands in the cells, whatever was run."""
    texts = [(cell.cell_type, cell.source) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()

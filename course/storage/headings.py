"""The headings of a notebook of the course, to which sentences on misconceptions send their reader."""

from __future__ import annotations

import json
from pathlib import Path


def headings_in(notebook: Path) -> list[str]:
    """In order and in plain words: without marks of code or stress. [] where the notebook cannot be read."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    lines = [line for text in texts for line in text.splitlines() if line.startswith("#")]
    return [" ".join(line.lstrip("#").replace("`", "").replace("*", "").split()) for line in lines]

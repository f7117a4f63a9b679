"""The headings of a chapter's notebooks, to which sentences on misconceptions send their reader."""

from __future__ import annotations

import json
from pathlib import Path

LESSON = "lesson.ipynb"


def sections_in(folder: Path) -> dict[str, str]:
    """For each heading of a chapter's notebooks, the name of the file in which it stands; the lesson comes first."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.ipynb"), key=lambda path: (path.name != LESSON, path.name)):
        found = dict.fromkeys(headings_in(path), path.name) | found
    return found


def headings_in(notebook: Path) -> list[str]:
    """In order and in plain words: without marks of code or stress. [] where the notebook cannot be read."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    lines = [line for text in texts for line in text.splitlines() if line.startswith("#")]
    return [" ".join(line.lstrip("#").replace("`", "").replace("*", "").split()) for line in lines]

"""Mends a submitted notebook before it is run: locked and graded cells come from the source, answers from the learner.

A deleted, doubled or edited cell then costs nothing but itself. Reads metadata that anybody may have written, so it
trusts none of it.
"""

from __future__ import annotations

from copy import deepcopy

from nbformat import NotebookNode
from nbformat.corpus.words import generate_corpus_id


def grade_id(cell: NotebookNode) -> str | None:
    """The cell's nbgrader name, or None where it has none that can be read."""
    data = cell.get("metadata", {}).get("nbgrader")
    name = data.get("grade_id") if isinstance(data, dict) else None
    return name if isinstance(name, str) else None


def restore(submitted: NotebookNode, template: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """A notebook with every named cell of the template once, and a sentence for each thing that was mended.

    The learner's own cells stay where they are. Outputs are cleared. Neither argument is changed.
    """
    wanted = {name: cell for cell in template.cells if (name := grade_id(cell))}
    notes: list[str] = []
    cells = _keep_learners(submitted, wanted, notes)
    _insert_missing(cells, template, wanted, notes)
    restored = deepcopy(template)
    restored.cells = cells
    _make_ids_unique(cells)
    return restored, notes


def _keep_learners(submitted: NotebookNode, wanted: dict[str, NotebookNode], notes: list[str]) -> list[NotebookNode]:
    """The submission's cells, the named ones put right. Of doubled cells the last counts, as in nbgrader."""
    last = {name: index for index, cell in enumerate(submitted.cells) if (name := grade_id(cell))}
    cells = []
    for index, cell in enumerate(submitted.cells):
        name = grade_id(cell)
        if name in wanted and last[name] == index:
            cells.append(_restored_cell(cell, wanted[name], notes))
            continue
        if name in wanted:
            notes.append(f"The cell {name} was there more than once; the last one counts.")
        own = deepcopy(cell)
        own.metadata = {}  # nothing that says how to grade it, or how to show it
        _clear(own)
        cells.append(own)
    return cells


def _restored_cell(cell: NotebookNode, source: NotebookNode, notes: list[str]) -> NotebookNode:
    """The template's cell; its text is the learner's where the learner was asked to write."""
    restored = deepcopy(source)
    if source.metadata.nbgrader.get("solution"):
        restored.source = cell.get("source", "")
    elif cell.get("source") != source.source:
        notes.append(f"The cell {grade_id(source)} had been changed; it was graded as handed out.")
    _clear(restored)
    return restored


def _insert_missing(
    cells: list[NotebookNode], template: NotebookNode, wanted: dict[str, NotebookNode], notes: list[str]
) -> None:
    """Puts each missing named cell after the named cell that precedes it in the template."""
    present = {name for cell in cells if (name := grade_id(cell))}
    place = 0
    for source in template.cells:
        name = grade_id(source)
        if name is None:
            continue
        if name in present:
            place = next(i for i, cell in enumerate(cells) if grade_id(cell) == name) + 1
            continue
        cell = deepcopy(wanted[name])
        _clear(cell)
        cells.insert(place, cell)
        place += 1
        notes.append(f"The cell {name} was missing; it was put back as handed out.")


def _clear(cell: NotebookNode) -> None:
    if cell.cell_type == "code":
        cell.outputs = []
        cell.execution_count = None


def _make_ids_unique(cells: list[NotebookNode]) -> None:
    seen: set[str] = set()
    for cell in cells:
        while cell.get("id") in seen or not cell.get("id"):
            cell["id"] = generate_corpus_id()
        seen.add(cell["id"])

"""Mends a submitted notebook before it is run: locked and graded cells come from the source, answers from the learner.

A deleted, doubled, moved or edited cell then costs nothing but itself, and an answer is looked for where it is. Reads
metadata that anybody may have written, so it trusts none of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy, deepcopy
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.corpus.words import generate_corpus_id

from course.language import _, ngettext
from course.notebooks.breadcrumbs import without_breadcrumb
from course.notebooks.elsewhere import defines, functions_in, only_prepares, resembles, seems_to_define
from course.notebooks.points import renew_points
from course.notebooks.sanitise import safe_attachments

SOLUTION = "-solution"
PUT_BACK = "put_back"  # in the metadata of a cell that is not the learner's
LONG_TEXT = 60  # characters; less is a note
ANSWERED_ELSEWHERE = "# The answer stands in another cell."


def grade_id(cell: NotebookNode) -> str | None:
    """The cell's nbgrader name, or None where it has none that can be read."""
    data = cell.get("metadata", {}).get("nbgrader")
    name = data.get("grade_id") if isinstance(data, dict) else None
    return name if isinstance(name, str) else None


@dataclass
class Restored:
    """A notebook with every named cell of the template once.

    attempted: names of solution cells in which the learner has written. doubts: graded cells whose answer a person has
    to look for, by name, with a sentence. elsewhere: the same, but only where the answer turns out not to be in its own
    cell. rivals: graded cells whose function is defined in several cells. The counts tell what was mended.
    """

    notebook: NotebookNode
    attempted: set[str] = field(default_factory=set)
    doubts: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)
    rivals: set[str] = field(default_factory=set)
    inserted: set[str] = field(default_factory=set)
    missing: int = 0
    changed: int = 0
    doubled: int = 0
    found: int = 0

    def sentence(self, name: str) -> str:
        """What was mended in the notebook of that name, in one sentence; '' if nothing was."""
        missing, changed, doubled, found = self.missing, self.changed, self.doubled, self.found
        missed = ngettext("{n} cell was missing and put back", "{n} cells were missing and put back", missing)
        locked = ngettext(
            "{n} locked cell had been changed and counted as handed out",
            "{n} locked cells had been changed and counted as handed out",
            changed,
        )
        twice = ngettext("{n} cell was there more than once", "{n} cells were there more than once", doubled)
        moved = ngettext("{n} answer was found in another cell", "{n} answers were found in other cells", found)
        counts = ((missing, missed), (changed, locked), (doubled, twice), (found, moved))
        told = [text.format(n=count) for count, text in counts if count]
        return _("In {file}: {told}.").format(file=name, told=", ".join(told)) if told else ""


def restore(submitted: NotebookNode, template: NotebookNode) -> Restored:
    """The submitted notebook, mended by the released one. Outputs are cleared. Neither argument is changed.

    The learner's own cells stay where they are. Of an answer that is there twice, an untouched copy never counts.
    """
    submitted = copy(submitted)
    submitted.cells = without_breadcrumb(submitted.cells)
    wanted = {name: cell for cell in template.cells if (name := grade_id(cell))}
    restored = Restored(deepcopy(template))
    named = _Naming(submitted.cells, wanted, restored).name_cells()
    restored.notebook.cells = _keep_learners(submitted, wanted, named, restored)
    _insert_missing(restored, submitted, template)
    tests = tests_in(template)
    _check_after_definition(restored, wanted, tests)
    _look_for_functions(restored, submitted, template, tests)
    _look_for_written_answers(restored, submitted, template)
    renew_points(restored.notebook.cells, template)
    _make_ids_unique(restored.notebook.cells)
    return restored


class _Naming:
    """Finds out which cell of a submission is which named cell of the template."""

    def __init__(self, cells: list[NotebookNode], wanted: Mapping[str, NotebookNode], restored: Restored) -> None:
        self.cells, self.wanted, self.restored = cells, wanted, restored
        self.named: dict[int, str] = {}
        self.dropped: set[int] = set()

    def name_cells(self) -> dict[int, str | None]:
        """The name of each cell that counts, by its place; None for a copy that is to be left out."""
        claims: dict[str, list[int]] = {}
        for index, cell in enumerate(self.cells):
            name = grade_id(cell)
            if name and name in self.wanted:
                claims.setdefault(name, []).append(index)
        for name, indices in claims.items():
            self._choose(name, indices)
        for name, source in self.wanted.items():
            if source.metadata.nbgrader.get("solution"):
                self._find_answer(name, source)
            elif name not in claims:
                self._find_same(name, source)
        return {**dict.fromkeys(self.dropped), **self.named}

    def _choose(self, name: str, indices: list[int]) -> None:
        """Of several cells with one name the last counts, as in nbgrader, but no copy that is as handed out."""
        source = self.wanted[name]
        touched = [index for index in indices if not _same_text(self.cells[index], source)]
        if len(indices) > 1:
            self.restored.doubled += 1
            untouched = set(indices) - set(touched)
            self.dropped |= untouched if touched else set(indices[:-1])
        self.named[(touched or indices)[-1]] = name

    def _find_same(self, name: str, source: NotebookNode) -> None:
        """A cell that has lost its name, and reads as handed out."""
        for index, cell in enumerate(self.cells):
            if index not in self.named and index not in self.dropped and _same_text(cell, source):
                self.named[index] = name
                return

    def _find_answer(self, name: str, source: NotebookNode) -> None:
        """Where the answer is, if its own cell is missing, or still as handed out."""
        own = next((index for index, each in self.named.items() if each == name), None)
        if own is not None and not _same_text(self.cells[own], source):
            return
        defining = self._cells_defining(name, source)
        if defining:
            if own is not None:
                del self.named[own]
                self.dropped.add(own)
            self.named[defining[-1]] = name
            self.restored.found += 1
        elif own is None:
            self._find_same(name, source)

    def _cells_defining(self, name: str, source: NotebookNode) -> list[int]:
        """Cells without a name, other than as handed out, in which the learner's function is defined."""
        if source.cell_type != "code":
            return []
        return [
            index
            for index, cell in enumerate(self.cells)
            if index not in self.named
            and index not in self.dropped
            and cell.cell_type == "code"
            and defines(cell.source, entries_of(source))
            and not _same_text(cell, source)
        ]


def entries_of(source: NotebookNode) -> set[str]:
    """The functions and classes that a cell, as handed out, asks the learner to write."""
    return {match[1] for match in re.finditer(r"^(?:async\s+)?(?:def|class)\s+(\w+)", source.source, re.MULTILINE)}


def _same_text(cell: NotebookNode, source: NotebookNode) -> bool:
    """True if nothing but white space tells the cell from the one handed out."""
    return _squeezed(cell) == _squeezed(source)


def _keep_learners(
    submitted: NotebookNode, wanted: Mapping[str, NotebookNode], named: Mapping[int, str | None], restored: Restored
) -> list[NotebookNode]:
    """The submission's cells, the named ones put right."""
    cells = []
    for index, cell in enumerate(submitted.cells):
        name = named.get(index, "")
        if name is None:
            continue
        if name:
            cells.append(_restored_cell(cell, wanted[name], restored))
            continue
        own = deepcopy(cell)
        own.metadata = {}  # nothing that says how to grade it, or how to show it
        _clear(own)
        _keep_attachments(own, cell)
        cells.append(own)
    return cells


def _restored_cell(cell: NotebookNode, source: NotebookNode, restored: Restored) -> NotebookNode:
    """The template's cell; its text is the learner's where the learner was asked to write."""
    mended = deepcopy(source)
    name = str(grade_id(source))
    if source.metadata.nbgrader.get("solution"):
        mended.source = cell.get("source", "")
        _keep_attachments(mended, cell)
        if (mended.source.strip() and not _same_text(cell, source)) or mended.get("attachments"):
            restored.attempted.add(name)
    elif not _same_text(cell, source):
        restored.changed += 1
    _clear(mended)
    return mended


def _keep_attachments(cell: NotebookNode, submitted: NotebookNode) -> None:
    cell.pop("attachments", None)
    pictures = safe_attachments(submitted)
    if pictures and cell.cell_type != "code":
        cell["attachments"] = NotebookNode(pictures)


def _insert_missing(restored: Restored, submitted: NotebookNode, template: NotebookNode) -> None:
    """Puts each missing named cell, and each missing import, after the named cell that precedes it in the template."""
    cells = restored.notebook.cells
    texts = {_squeezed(cell) for cell in submitted.cells}
    present = {name for cell in cells if (name := grade_id(cell))}
    place = 0
    for source in template.cells:
        name = grade_id(source)
        if name is None:
            if source.cell_type == "code" and _squeezed(source) not in texts and only_prepares(source.source):
                cells.insert(place, _put_back(source))
                place += 1
                restored.missing += not any(_squeezed(source) in text for text in texts)
            continue
        if name in present:
            place = next(i for i, cell in enumerate(cells) if grade_id(cell) == name) + 1
            continue
        cell = deepcopy(source)
        if source.metadata.nbgrader.get("solution") and any(_defines(each, source) for each in cells):
            cell.source = ANSWERED_ELSEWHERE  # an empty function here would take the place of the learner's
            restored.attempted.add(name)
        else:
            restored.inserted.add(name)
        _clear(cell)
        cells.insert(place, cell)
        place += 1
        restored.missing += 1


def _put_back(source: NotebookNode) -> NotebookNode:
    cell = deepcopy(source)
    cell.metadata = {PUT_BACK: True}
    _clear(cell)
    return cell


def _defines(cell: NotebookNode, solution: NotebookNode) -> bool:
    """True if the cell defines what the solution cell, as handed out, asks for."""
    both_code = cell.cell_type == "code" and solution.cell_type == "code"
    return both_code and defines(cell.source, entries_of(solution))


def tests_in(template: NotebookNode) -> dict[str, list[str]]:
    """For each solution cell of code, the names of the graded cells after it that try what it defines."""
    tests: dict[str, list[str]] = {}
    solution = ""
    for cell in template.cells:
        roles = cell.metadata.get("nbgrader", {})
        if roles.get("solution") and cell.cell_type == "code":
            solution = str(grade_id(cell))
            tests[solution] = []
        elif solution and roles.get("grade") and not roles.get("solution"):
            tests[solution].append(str(grade_id(cell)))
    return tests


def _check_after_definition(
    restored: Restored, wanted: Mapping[str, NotebookNode], tests: Mapping[str, list[str]]
) -> None:
    """A check that stands before every definition of its function is moved to behind the last one."""
    cells = restored.notebook.cells
    for solution, names in tests.items():
        for name in reversed(names):
            place = _place_of(cells, name)
            defining = [index for index, cell in enumerate(cells) if _defines(cell, wanted[solution])]
            if defining and defining[0] > place:
                check = cells.pop(place)
                cells.insert(defining[-1], check)  # one further on, as the check is gone from before it


def _place_of(cells: list[NotebookNode], name: str) -> int:
    return next(index for index, cell in enumerate(cells) if grade_id(cell) == name)


def _look_for_functions(
    restored: Restored, submitted: NotebookNode, template: NotebookNode, tests: Mapping[str, list[str]]
) -> None:
    """Where else a function may be, for a person, should it turn out that it is not where it is checked."""
    released = {_squeezed(cell) for cell in template.cells}
    own = [cell for cell in submitted.cells if _squeezed(cell) not in released]
    cells = restored.notebook.cells
    for source in template.cells:
        name, entries = str(grade_id(source)), entries_of(source)
        if name not in tests or not entries:
            continue
        place = _place_of(cells, name)
        others = [cell.source for cell in own if _squeezed(cell) != _squeezed(cells[place])]
        reason = ""
        if any(seems_to_define(text, entry) for text in others for entry in entries):
            reason = _("Its cell holds no answer, but another cell seems to hold one.")
        elif name not in restored.attempted and _function_around(cells, place, released, name in restored.inserted):
            reason = _("Its cell is as handed out, but something is written in a cell beside it.")
        texts = {_squeezed(cell) for cell in cells if _defines(cell, source)} - released
        for test in tests[name]:
            if reason:
                restored.elsewhere[test] = reason
            if len(texts) > 1:
                restored.rivals.add(test)


def _function_around(cells: list[NotebookNode], place: int, released: set[str], was_missing: bool) -> bool:
    """True if a cell of the learner's around a solution cell may be the answer: a function, or what took its place."""
    around = [cell for cell in _around(cells, place) if _is_own_text(cell, released)]
    return any(was_missing or (cell.cell_type == "code" and functions_in(cell.source)) for cell in around)


def _look_for_written_answers(restored: Restored, submitted: NotebookNode, template: NotebookNode) -> None:
    """Doubts, for a person: an answer in words that may stand in another cell; a notebook that is another one."""
    released = {_squeezed(cell) for cell in template.cells}
    own = {_squeezed(cell) for cell in submitted.cells}
    if not released & own and not any(grade_id(cell) for cell in submitted.cells) and not restored.found:
        reason = _("Nothing in this notebook is from the one handed out. Is it another one?")
        for cell in template.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                restored.doubts[str(grade_id(cell))] = reason
        return
    cells = restored.notebook.cells
    for index, cell in enumerate(cells):
        name = grade_id(cell)
        roles = cell.metadata.get("nbgrader", {})
        if not (name and roles.get("grade") and roles.get("solution")) or name in restored.attempted:
            continue
        if any(_is_own_text(each, released) and not _is_older(each, template) for each in _around(cells, index)):
            restored.doubts[name] = _("Its cell is as handed out, but something is written in a cell beside it.")
        elif any(_is_long_text(each, released) and not _is_older(each, template) for each in submitted.cells):
            restored.doubts[name] = _("Its cell is as handed out, but something is written in another cell.")


def _around(cells: list[NotebookNode], place: int) -> list[NotebookNode]:
    """The cells without a name from the named cell before the one at place to the one after it."""
    found = []
    for step in (-1, 1):
        index = place + step
        while 0 <= index < len(cells) and grade_id(cells[index]) is None:
            found.append(cells[index])
            index += step
    return found


def _is_long_text(cell: NotebookNode, released: set[str]) -> bool:
    """True for a text of the learner's that is more than a note, also one written into a locked cell."""
    is_text = cell.cell_type != "code" and len(_squeezed(cell)) >= LONG_TEXT
    return is_text and _squeezed(cell) not in released


def _is_older(cell: NotebookNode, template: NotebookNode) -> bool:
    """True for a text that was handed out by an earlier version of the chapter, as far as one can see."""
    return cell.cell_type != "code" and resembles(cell.source, [each.source for each in template.cells])


def _squeezed(cell: NotebookNode) -> str:
    """The text without white space, which editors change."""
    return "".join(str(cell.get("source", "")).split())


def _is_own_text(cell: NotebookNode, released: set[str]) -> bool:
    is_own = grade_id(cell) is None and _squeezed(cell) not in released
    return is_own and bool(cell.source.strip() or cell.get("attachments"))


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

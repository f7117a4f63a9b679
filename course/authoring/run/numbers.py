"""Numbers that prose says were seen, and that no output above shows: for an author to look at.

Only numbers with decimals in "What we saw" are looked for, outside code and formulas, and rounding is allowed for. A
number from a paper is told by a comment in its line, as in `<!-- cited: Srivastava et al. 2014 -->`; one that a test
holds by `<!-- tested -->`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from course.authoring.run.notebooks import NotebookRun
from course.authoring.run.told import Told

_SAW = "What we saw"
_EXCUSED = re.compile(r"<!--\s*(?:cited|tested)\b.*?-->")
_NOT_PROSE = re.compile(r"`[^`]*`|\$[^$]*\$|\]\([^)]*\)|<!--.*?-->")
_IN_PROSE = re.compile(r"(?<![\w.,])(\d+\.(\d+))(?![\w.]*\d)( ?%)?")
_IN_OUTPUT = re.compile(r"(?<![\w.])(\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?)( ?%)?", re.IGNORECASE)
_WIDGET = "application/vnd.jupyter.widget-view+json"
_STATE = "application/vnd.jupyter.widget-state+json"


def numbers_to_look_at(run: NotebookRun) -> Iterator[Told]:
    """One line for each number that was not seen."""
    widgets = run.notebook.metadata.get("widgets", {}).get(_STATE, {}).get("state", {})
    seen: list[tuple[float, bool]] = []
    for placed in run.cells:
        if placed.cell.cell_type == "code":
            seen += _numbers(placed.source)
            for output in placed.cell.outputs:
                seen += _numbers(_shown_by(output, widgets))
        elif _SAW in placed.source:
            for number in _unseen(placed.source.split(_SAW, 1)[1], seen):
                yield Told("look", f"{placed.where} says {number}, which no output above shows. Is it so?")


def _unseen(prose: str, seen: list[tuple[float, bool]]) -> Iterator[str]:
    """The numbers of a text that fit none of those seen, as they stand there."""
    for line in prose.splitlines():
        if _EXCUSED.search(line):
            continue
        for match in _IN_PROSE.finditer(_NOT_PROSE.sub(" ", line)):
            half = 0.501 * 10 ** -len(match[2])
            value, percent = float(match[1]), bool(match[3])
            if not any(_fits(value, percent, number, shown, half) for number, shown in seen):
                yield match[0].strip()


def _fits(value: float, percent: bool, number: float, shown_as_percent: bool, half: float) -> bool:
    """True if number, rounded as value is, is value; a share and its percentage are the same."""
    if percent and not shown_as_percent:
        return abs(value - number) <= half or abs(value - 100 * number) <= half
    if shown_as_percent and not percent:
        return abs(value - number) <= half or abs(value - number / 100) <= half
    return abs(value - number) <= half


def _numbers(text: str) -> list[tuple[float, bool]]:
    """The numbers in a text, without their signs, and whether they are percentages."""
    found = []
    for match in _IN_OUTPUT.finditer(text):
        found.append((float(match[1].replace(",", "")), bool(match[2])))
    return found


def _shown_by(output: Any, widgets: Any) -> str:
    """All text of an output: printed, shown, drawn as HTML, or in a widget."""
    data = output.get("data", {})
    texts = [str(output.get("text", "")), str(data.get("text/plain", "")), _words(str(data.get("text/html", "")))]
    view = data.get(_WIDGET)
    if view:
        texts += _widget_texts(str(view.get("model_id")), widgets, set())
    return "\n".join(texts)


def _words(markup: str) -> str:
    """What a reader sees or hears of HTML: its text, and what stands for a picture."""
    alternatives = re.findall(r'\balt="([^"]*)"', markup)
    return html.unescape(" ".join([re.sub(r"<[^>]*>", " ", markup), *alternatives]))


def _widget_texts(model: str, widgets: Any, known: set[str]) -> list[str]:
    """The texts of a widget and of those that it is made of."""
    if model in known or model not in widgets:
        return []
    known.add(model)
    texts: list[str] = []
    for value in widgets[model].get("state", {}).values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and each.startswith("IPY_MODEL_"):
                texts += _widget_texts(each.removeprefix("IPY_MODEL_"), widgets, known)
            elif isinstance(each, str | int | float) and not isinstance(each, bool):
                texts.append(_words(str(each)))
    return texts

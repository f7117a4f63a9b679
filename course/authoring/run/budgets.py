"""How long a notebook may be: for everybody the lesson, for the curious what goes deeper. Told beside what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from course.authoring.run.notebooks import NotebookRun
from course.authoring.run.told import Told
from course.language import counted

_WIDGET = "application/vnd.jupyter.widget-view+json"
_NO_FIGURE = re.compile(r"\b(?:quiz|feedback|contents|check)\(")


@dataclass(frozen=True)
class Budget:
    """The most that a notebook may have; None: as many as it likes. seconds: of Run All on two cores."""

    seconds: int | None = None
    cells: int | None = None
    words: int | None = None
    figures: int | None = None


BUDGETS = {"lesson": Budget(seconds=60, cells=45, words=2200, figures=3), "exercises": Budget()}
DEEPER = Budget(seconds=60)


def measured(run: NotebookRun) -> Iterator[Told]:
    """One line with all figures, and a fault for each that is over its budget.

    Time is no fault, as a machine may be busy: it is for the author to look at.
    """
    budget = BUDGETS.get(run.stem, DEEPER)
    counts = {
        "cell": (len(run.cells), budget.cells),
        "word": (words_in(run), budget.words),
        "interactive figure": (figures_in(run), budget.figures),
    }
    told = [_beside(f"{run.seconds:.0f} s", f"{budget.seconds} s" if budget.seconds else "")]
    told += [_beside(f"{count:,}", f"{most:,}" if most else "", name) for name, (count, most) in counts.items()]
    yield Told("measured", f"{run.file}: {', '.join(told)}.")
    for name, (count, most) in counts.items():
        if most is not None and count > most:
            yield Told(
                "fault", f"{run.file}:1: {counted(f'{count:,}', name)}; at most {most:,} fit its time. Shorten it."
            )
    if budget.seconds and run.seconds > budget.seconds:
        yield Told("look", f"{run.file}:1: Run All took {run.seconds:.0f} s; its budget is {budget.seconds} s.")


def _beside(count: str, most: str, name: str = "") -> str:
    return " of ".join([*([count] if most else []), counted(most or count, name) if name else most or count])


def words_in(run: NotebookRun) -> int:
    """The words of its Markdown cells; marks, comments and web addresses are none."""
    return count_words([placed.source for placed in run.cells if placed.cell.cell_type == "markdown"])


def count_words(texts: Iterable[str]) -> int:
    """The words of Markdown as a reader sees it: marks, comments and web addresses are none."""
    shown = re.sub(r"<!--.*?-->|\]\([^)]*\)", " ", "\n".join(texts), flags=re.DOTALL)
    return sum(re.search(r"\w", word) is not None for word in shown.split())


def figures_in(run: NotebookRun) -> int:
    """Cells that show a widget which is neither the quiz nor the form."""
    return sum(
        any(_WIDGET in output.get("data", {}) for output in placed.cell.get("outputs", []))
        for placed in run.cells
        if not _NO_FIGURE.search(placed.source)
    )

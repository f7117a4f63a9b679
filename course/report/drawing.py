"""Where things stand in the report's two drawings, in the units of their SVG; the template writes the SVG itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from course.language import _, number
from course.report.questions import QuestionStatistics

WIDTH, HEIGHT = 320, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 304, 14, 150  # the area inside the axes
WEAK = 0.2  # discrimination below which a question deserves a look


@dataclass(frozen=True)
class Mark:
    """A bar (x, y: its upper left corner) or a dot (x, y: its middle), and what is written at it."""

    x: float
    y: float
    label: str
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class Tick:
    """at: where along its axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Drawing:
    """kind: bars or dots; told: the same in a sentence, for those who do not see it."""

    kind: str
    title: str
    told: str
    across: str
    up: str
    marks: Sequence[Mark]
    ticks_across: Sequence[Tick]
    ticks_up: Sequence[Tick]


def _x(share: float) -> float:
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _y(share: float) -> float:
    return round(BOTTOM - share * (BOTTOM - TOP), 1)


def histogram(scores: Sequence[int]) -> Drawing:
    """scores: graded learners in each tenth of the points, at least one."""
    most = max(scores)
    width = _x(0.1) - _x(0) - 2
    marks = [
        Mark(_x(tenth / 10) + 1, _y(count / most), str(count), width, round(BOTTOM - _y(count / most), 1))
        for tenth, count in enumerate(scores)
        if count
    ]
    told = "; ".join(f"{10 * tenth}–{10 * tenth + 10} %: {count}" for tenth, count in enumerate(scores) if count)
    return Drawing(
        kind="bars",
        title=_("Learners by share of the points"),
        told=told,
        across=_("Points, %"),
        up=_("Learners"),
        marks=marks,
        ticks_across=[Tick(_x(share / 100), str(share)) for share in (0, 25, 50, 75, 100)],
        ticks_up=[Tick(_y(0), "0"), Tick(_y(1), str(most))],
    )


def dot_plot(questions: Sequence[QuestionStatistics]) -> Drawing | None:
    """Difficulty against discrimination; None where no question has both.

    Questions below WEAK have their number in the quiz beside them; with all numbers, dots that are close hide them.
    """
    marks, told = [], []
    for place, question in enumerate(questions, start=1):
        if question.difficulty is not None and question.discrimination is not None:
            label = str(place) if question.discrimination < WEAK else ""
            marks.append(Mark(_x(question.difficulty), _y((question.discrimination + 1) / 2), label))
            told.append(f"{place}: {round(100 * question.difficulty)} %, {number(question.discrimination, '.2f')}")
    if not marks:
        return None
    return Drawing(
        kind="dots",
        title=_("Questions (with numbers: discrimination below {weak})").format(weak=WEAK),
        told="; ".join(told),
        across=_("Right at first, %"),
        up=_("Discrimination"),
        marks=marks,
        ticks_across=[Tick(_x(share / 100), str(share)) for share in (0, 25, 50, 75, 100)],
        ticks_up=[Tick(_y(0), "−1"), Tick(_y(0.5), "0"), Tick(_y(1), "1")],
    )

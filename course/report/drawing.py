"""Where things stand in the report's drawings, in the units of their SVG; the template writes the SVG itself.

Colours are never alone: bars have their counts in them, and each outcome has its place and a pattern or an outline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from course.language import _, number, with_marks
from course.report.questions import QuestionStatistics
from course.report.statistics import ExerciseStatistics
from course.report.work import bare
from course.verdict import format_points

WIDTH = 320
LEFT, RIGHT, TOP, BOTTOM = 42, 304, 14, 150  # the area inside the axes
HEIGHT = BOTTOM + 40
WEAK = 0.2  # discrimination below which a question deserves a look
DIGIT = 6.5  # width of one, about
ROW, THICK = 30, 13  # of the bars by exercise
OUTCOMES = ("full", "part", "none", "untried", "open")


@dataclass(frozen=True)
class Box:
    """x, y: its upper left corner; kind: how it is filled."""

    x: float
    y: float
    width: float
    height: float
    kind: str = "full"


@dataclass(frozen=True)
class Dot:
    """x, y: its middle; tip: what is told where a pointer rests on it."""

    x: float
    y: float
    tip: str


@dataclass(frozen=True)
class Text:
    """anchor: which end of it stands at x; kind: the filling that it stands on, '' for none, 'code' for a name."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    kind: str = ""


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Drawing:
    """told: the same in a sentence, for those who do not see it; up: what the vertical axis says, '' without one."""

    title: str
    told: str
    height: float
    up: str = ""
    boxes: Sequence[Box] = ()
    dots: Sequence[Dot] = ()
    texts: Sequence[Text] = ()
    lines: Sequence[Line] = field(default=())


def _x(share: float) -> float:
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _y(share: float) -> float:
    return round(BOTTOM - share * (BOTTOM - TOP), 1)


def _across(title: str) -> tuple[list[Line], list[Text]]:
    """An axis from 0 to 100 %."""
    at = [(_x(share / 100), str(share)) for share in (0, 25, 50, 75, 100)]
    lines = [Line(x, BOTTOM, x, BOTTOM + 4) for x, _label in at]
    texts = [Text(x, BOTTOM + 16, label) for x, label in at]
    return lines, [*texts, Text((LEFT + RIGHT) / 2, BOTTOM + 34, title)]


def _up(ticks: Sequence[tuple[float, str]]) -> tuple[list[Line], list[Text]]:
    """Lines across at the heights, each with its label."""
    lines = [Line(LEFT, y, RIGHT, y) for y, _label in ticks]
    return lines, [Text(LEFT - 5, y + 4, label, "end") for y, label in ticks]


def histogram(scores: Sequence[int]) -> Drawing:
    """scores: graded learners in each tenth of the points, at least one."""
    most = max(scores)
    width = _x(0.1) - _x(0) - 2
    filled = [(tenth, count) for tenth, count in enumerate(scores) if count]
    boxes = [Box(_x(t / 10) + 1, _y(n / most), width, round(BOTTOM - _y(n / most), 1)) for t, n in filled]
    counts = [
        Text(round(box.x + width / 2, 1), box.y - 3, str(count))
        for box, (_tenth, count) in zip(boxes, filled, strict=True)
    ]
    lines, labels = _across(_("Points, %"))
    grid, heights = _up([(_y(0), "0"), (_y(1), str(most))])
    return Drawing(
        title=_("Learners by share of the points"),
        told="; ".join(f"{10 * tenth}–{10 * tenth + 10} %: {count}" for tenth, count in filled),
        height=HEIGHT,
        up=_("Learners"),
        boxes=boxes,
        texts=[*counts, *labels, *heights],
        lines=[*grid, *lines],
    )


def dot_plot(questions: Sequence[QuestionStatistics]) -> Drawing | None:
    """Difficulty against discrimination; None where no question has both.

    Questions below WEAK have their number in the quiz beside them; with all numbers, dots that are close hide them.
    """
    known = [
        (place, question.title, question.difficulty, question.discrimination)
        for place, question in enumerate(questions, start=1)
        if question.difficulty is not None and question.discrimination is not None
    ]
    if not known:
        return None
    lowest = -1.0 if min(each[3] for each in known) < -0.5 else -0.5
    height = {low: _y((low - lowest) / (1 - lowest)) for low in (lowest, 0.0, WEAK, 0.5, 1.0)}
    dots, weak, told = [], [], []
    for place, title, difficulty, discrimination in known:
        x, y = _x(difficulty), _y((discrimination - lowest) / (1 - lowest))
        told.append(f"{place}: {round(100 * difficulty)} %, {number(discrimination, '.2f')}")
        dots.append(Dot(x, y, f"{place}. {bare(title)}: {told[-1].split(': ')[1]}"))
        if discrimination < WEAK:
            weak.append(Text(x, y + 15, str(place)))
    lines, labels = _across(_("Right at first, %"))
    grid, heights = _up([(y, number(low, "g").replace("-", "−")) for low, y in height.items() if low != WEAK])
    return Drawing(
        title=_("Questions (with numbers: discrimination below {weak})").format(weak=number(WEAK, "g")),
        told="; ".join(told),
        height=HEIGHT,
        up=_("Discrimination"),
        boxes=[Box(LEFT, height[WEAK], RIGHT - LEFT, BOTTOM - height[WEAK], "zone")],
        dots=dots,
        texts=[*weak, *labels, *heights],
        lines=[*grid, *lines],
    )


def outcome_words() -> dict[str, str]:
    """What the fillings of the bars by exercise stand for."""
    words = (_("Solved"), _("Partly"), _("Not yet right"), _("Not attempted"), _("Waiting"))
    return dict(zip(OUTCOMES, words, strict=True))


def outcome_bars(exercises: Sequence[ExerciseStatistics]) -> Drawing | None:
    """For each exercise a bar of all who handed it in, by outcome; None where there is no exercise."""
    boxes: list[Box] = []
    texts: list[Text] = []
    told = []
    words = outcome_words()
    for row, exercise in enumerate(exercises):
        top = ROW * row + 14
        texts += [
            Text(0, top - 4, exercise.name, "start", "code"),
            Text(WIDTH, top - 4, mean_points(exercise), "end"),
        ]
        counts = dict(zip(OUTCOMES, exercise.outcomes, strict=True))
        told.append(f"{exercise.name}: {', '.join(f'{words[kind]} {n}' for kind, n in counts.items() if n)}")
        bar, numbers = _stacked(counts, exercise.students, top)
        boxes += bar
        texts += numbers
    if not told:
        return None
    keys, names = _legend(words, ROW * len(exercises) + 8)
    return Drawing(
        title=_("Learners by outcome, and mean points"),
        told="; ".join(told),
        height=ROW * len(exercises) + 42,
        boxes=[*boxes, *keys],
        texts=[*texts, *names],
    )


def _stacked(counts: dict[str, int], total: int, top: float) -> tuple[list[Box], list[Text]]:
    """The parts of one bar, and their counts where there is room."""
    boxes, texts = [], []
    x = 0.0
    for kind, count in counts.items():
        width = WIDTH * count / total if total else 0.0
        if count:
            boxes.append(Box(round(x, 1), top, round(width, 1), THICK, kind))
        if count and width > DIGIT * len(str(count)) + 1:
            texts.append(Text(round(x + width / 2, 1), top + THICK - 3, str(count), kind=kind))
        x += width
    return boxes, texts


def _legend(words: dict[str, str], top: float) -> tuple[list[Box], list[Text]]:
    """Three keys in a row."""
    boxes, texts = [], []
    for place, (kind, word) in enumerate(words.items()):
        x, y = (place % 3) * WIDTH / 3, top + place // 3 * 17
        boxes.append(Box(round(x, 1), y, 12, 12, kind))
        texts.append(Text(round(x + 17, 1), y + 10, word, "start"))
    return boxes, texts


def mean_points(exercise: ExerciseStatistics) -> str:
    """'1.75 / 3'; a dash where nobody has points."""
    given = "–" if exercise.mean_score is None else format_points(round(exercise.mean_score, 2))
    return with_marks(f"{given} / {format_points(exercise.max_score)}")

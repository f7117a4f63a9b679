"""One learner's work as the report's figures take it, and the text of a submission as it can be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from course.plain_text import printable
from course.quiz.record import QuizAnswers
from course.verdict import in_words

QUIZ = "quiz"


@dataclass(frozen=True)
class StudentWork:
    """One learner's: the row that grading wrote (None if there is none), answers, form entries, what was unreadable.

    submitted: False for who is in the gradebook and handed nothing in. seconds_late: None where it is late and nobody
    knows since when.
    """

    name: str
    row: Mapping[str, Any] | None
    answers: QuizAnswers = field(default_factory=QuizAnswers)
    entries: Sequence[Mapping[str, Any]] = ()
    problems: tuple[str, ...] = ()
    submitted: bool = True
    seconds_late: float | None = 0.0

    @property
    def cells(self) -> Mapping[str, Any]:
        cells: Mapping[str, Any] = (self.row or {}).get("cells", {})
        return cells

    @property
    def percent(self) -> float | None:
        row = self.row or {}
        total = float(row.get("max_score", 0.0))
        return 100 * float(row.get("score", 0.0)) / total if total else None


def plain(text: object, limit: int = 600) -> str:
    """Text of a submission as it can be shown: short, and without what no page or terminal should obey."""
    whole = printable(str(text)[: limit + 1])
    return whole if len(whole) <= limit else whole[:limit] + "…"


def bare(text: str) -> str:
    """A text of the course where nothing can be set as code or drawn: without backticks, formulas as one types them."""
    return in_words(text).replace("`", "")

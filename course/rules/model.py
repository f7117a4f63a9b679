"""The shape of course.yml, and what it comes to for one chapter.

Everything is optional: what is not said here is as the chapter's own files have it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from course.language import _
from course.rules.late import LateRule

MOST_ATTEMPTS = 20
MOST_SECONDS = 3600
ANY = "any"  # number of attempts
NONE = "none"  # no due date, no penalty


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, data: Any) -> Any:
        """A line without a value says nothing, as where all that stands below it is a comment."""
        if data is None:
            return {}
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}


def _attempts(value: object) -> int | str:
    if value == ANY or (type(value) is int and 1 <= value <= MOST_ATTEMPTS):
        return value
    told = _("it is a whole number from 1 to {most}, or the word any")
    raise PydanticCustomError("attempts", told, {"most": MOST_ATTEMPTS})


def _none_for_word(value: object) -> object:
    """`late: none` is a rule by which nothing is taken off; a line without a value says nothing."""
    return {"percent": 0, "per": "day"} if value == NONE else value


Points = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
Seconds = Annotated[float, Field(gt=0, le=MOST_SECONDS, allow_inf_nan=False)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Minutes = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]


class LateEntry(_Entry):
    percent: Percent
    per: Literal["day", "hour"]
    at_most_percent: Percent = 100.0
    grace_minutes: Minutes = 0.0

    @property
    def rule(self) -> LateRule:
        return LateRule(self.percent, self.per, self.at_most_percent, self.grace_minutes)


Late = Annotated[LateEntry | None, BeforeValidator(_none_for_word)]


class QuizEntry(_Entry):
    """In place of the lines of the same names in quizzes/<slug>.yml."""

    counts: Literal["first", "latest", "best"] | None = None
    attempts: Annotated[Any, PlainValidator(_attempts)] = None
    feedback: Literal["immediate", "after-grading"] | None = None


class LimitEntry(_Entry):
    """call: of a learner's function, for one input. cell: of any cell of a submission."""

    call: Seconds | None = None
    cell: Annotated[int, Field(ge=1, le=MOST_SECONDS)] | None = None


class ExerciseEntry(_Entry):
    points: Points | None = None
    counts: bool = True
    seconds: Seconds | None = None


class ChapterEntry(_Entry):
    due: Any = None
    language: str | None = None
    late: Late = None
    quiz: QuizEntry = QuizEntry()
    seconds: LimitEntry = LimitEntry()
    exercises: dict[str, ExerciseEntry] = Field(default_factory=dict)


class CourseEntry(_Entry):
    """The whole file. What stands outside `chapters` holds for every chapter that does not say otherwise."""

    timezone: str | None = None
    language: str | None = None
    late: Late = None
    quiz: QuizEntry = QuizEntry()
    seconds: LimitEntry = LimitEntry()
    chapters: dict[str, ChapterEntry] = Field(default_factory=dict)


@dataclass(frozen=True)
class Due:
    """When work is due, aware of its zone; None where it may come at any time."""

    when: datetime | None

    @property
    def in_utc(self) -> datetime | None:
        """As nbgrader's gradebook has it: UTC, without a zone."""
        return None if self.when is None else (self.when - (self.when.utcoffset() or _NOTHING)).replace(tzinfo=None)


_NOTHING = datetime.min - datetime.min


@dataclass(frozen=True)
class ChapterRules:
    """What an instructor has set for one chapter. None, or a name that is not there: not set.

    attempts: 'any' for any number. exercises: all that are named. points: by name of the graded cell, 0 for one that
    does not count. call_seconds: by name of the exercise, '' for all others.
    """

    due: Due | None = None
    language: str | None = None
    late: LateRule | None = None
    counts: Literal["first", "latest", "best"] | None = None
    attempts: int | Literal["any"] | None = None
    feedback: Literal["immediate", "after-grading"] | None = None
    exercises: tuple[str, ...] = ()
    points: tuple[tuple[str, float], ...] = ()
    call_seconds: tuple[tuple[str, float], ...] = ()
    cell_seconds: int | None = None

    def points_of(self, name: str, usual: float) -> float:
        return dict(self.points).get(name, usual)

    def seconds_of_call(self, name: str, usual: float) -> float:
        known = dict(self.call_seconds)
        return known.get(name, known.get("", usual))

    @property
    def of_verdicts(self) -> str:
        """What verdicts depend on: equal for two rules by which the same work gets the same verdicts.

        When work is due and what lateness costs is no part of it, nor when a quiz tells; the language is looked at
        besides, see content_key.
        """
        return repr((self.counts, self.attempts, self.points, self.call_seconds, self.cell_seconds))


@dataclass(frozen=True)
class CourseRules:
    """What course.yml says. chapters: by slug, those that it names; others: what holds for the rest."""

    chapters: Mapping[str, ChapterRules]
    others: ChapterRules = ChapterRules()

    def chapter(self, slug: str) -> ChapterRules:
        return self.chapters.get(slug, self.others)

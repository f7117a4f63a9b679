"""The kinds of question: what may be answered, what an answer is worth, and what is said about it.

Plain data with no screen and no file. A credit is a share from 0 to 1; points are made of it elsewhere.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from course.quiz.record import Response

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
CreditRule = Literal["all-or-nothing", "per-option", "per-option-with-penalty"]


class Plain(BaseModel):
    """Data written by an author: no unknown fields, no guessing of types, never changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


@dataclass(frozen=True)
class Reply:
    """What is said to an answer. about: id of the option or item that it is about, None if about the whole."""

    right: bool
    text: str
    about: str | None = None
    misconception: str | None = None


class Figure(Plain):
    """A figure drawn by a function of the course that takes no arguments; alt says in words what it shows."""

    function: Annotated[str, StringConstraints(pattern=r"^course(\.[a-z_][a-z0-9_]*)+$")] = Field(
        description="Dotted name of a function under course, e.g. course.chapters.dropout.quiz_figures.a_batch"
    )
    alt: Text


class BaseQuestion(Plain, ABC):
    """What every kind has. Each kind says which responses it accepts, their credit, and the replies to them."""

    id: Id
    title: Text = Field(description="A few words that name the question in reports")
    prompt: Text = Field(description="Markdown, with inline maths between dollar signs")
    figure: Figure | None = None
    points: Annotated[float, Field(strict=False, gt=0, le=100)] = Field(
        1.0, description="Weight among the questions of a graded part"
    )

    @abstractmethod
    def accepts(self, response: Response) -> bool:
        """Whether this is an answer to this question as it stands now (known ids, a number, …)."""

    @abstractmethod
    def credit(self, response: Response) -> float:
        """The share of the points, 0 to 1, of a response that is accepted."""

    @abstractmethod
    def replies(self, response: Response) -> tuple[Reply, ...]:
        """What to say to a response that is accepted."""


class Option(Plain):
    id: Id
    text: Text
    correct: bool = False
    explanation: Text
    misconception: Id | None = Field(None, description="Tag of the wrong idea that this option reveals")

    def reply(self, right: bool) -> Reply:
        return Reply(right, self.explanation, self.id, None if right else self.misconception)


class SingleQuestion(BaseQuestion):
    """One right option."""

    kind: Literal["single"]
    options: Annotated[tuple[Option, ...], Field(strict=False, min_length=2, max_length=12)]

    def accepts(self, response: Response) -> bool:
        return isinstance(response, str) and response in {option.id for option in self.options}

    def credit(self, response: Response) -> float:
        return 1.0 if self._chosen(response).correct else 0.0

    def replies(self, response: Response) -> tuple[Reply, ...]:
        option = self._chosen(response)
        return (option.reply(option.correct),)

    def _chosen(self, response: Response) -> Option:
        return next(option for option in self.options if option.id == response)


class MultipleQuestion(BaseQuestion):
    """Any number of right options, at least one; `rule` names how partly right answers are credited."""

    kind: Literal["multiple"]
    options: Annotated[tuple[Option, ...], Field(strict=False, min_length=2, max_length=12)]
    rule: CreditRule = Field(
        "all-or-nothing",
        description="per-option: the share of options judged rightly; "
        "per-option-with-penalty: (right ticks - wrong ticks) / right options, not below 0",
    )

    def accepts(self, response: Response) -> bool:
        known = {option.id for option in self.options}
        return isinstance(response, tuple) and 0 < len(response) == len(set(response)) and set(response) <= known

    def credit(self, response: Response) -> float:
        right = {option.id for option in self.options if option.correct}
        chosen = set(response)
        if chosen == right:
            return 1.0
        if self.rule == "per-option":
            return sum((option.id in chosen) == option.correct for option in self.options) / len(self.options)
        if self.rule == "per-option-with-penalty":
            return max(0.0, (len(chosen & right) - len(chosen - right)) / len(right))
        return 0.0

    def replies(self, response: Response) -> tuple[Reply, ...]:
        """About each ticked option; about the others too once everything is right, so as not to give it away."""
        everything = self.credit(response) == 1.0
        return tuple(
            option.reply(option.correct == (option.id in response))
            for option in self.options
            if everything or option.id in response
        )


class Tolerance(Plain):
    """How far from the value still counts: give one of the two."""

    absolute: Annotated[float, Field(strict=False, ge=0, allow_inf_nan=False)] | None = None
    relative: Annotated[float, Field(strict=False, ge=0, lt=1)] | None = None

    def covers(self, value: float, target: float) -> bool:
        allowed = self.absolute if self.absolute is not None else (self.relative or 0.0) * abs(target)
        return abs(value - target) <= allowed + 1e-12 * max(1.0, abs(target))


class NearMiss(Plain):
    """A wrong number that a known wrong idea leads to."""

    value: Annotated[float, Field(strict=False, allow_inf_nan=False)]
    explanation: Text
    misconception: Id


class NumericQuestion(BaseQuestion):
    """A number, typed with a point or a comma, with or without the unit."""

    kind: Literal["numeric"]
    value: Annotated[float, Field(strict=False, allow_inf_nan=False)]
    tolerance: Tolerance
    unit: Annotated[str, StringConstraints(max_length=20)] = ""
    explanation: Text
    hint: Text = Field(description="Said to a wrong number that is none of the near misses")
    near_misses: Annotated[tuple[NearMiss, ...], Field(strict=False)] = ()

    def accepts(self, response: Response) -> bool:
        return isinstance(response, str) and read_number(response, self.unit) is not None

    def credit(self, response: Response) -> float:
        return 1.0 if self.tolerance.covers(self._number(response), self.value) else 0.0

    def replies(self, response: Response) -> tuple[Reply, ...]:
        if self.credit(response):
            return (Reply(True, self.explanation),)
        number = self._number(response)
        for miss in self.near_misses:
            if self.tolerance.covers(number, miss.value):
                return (Reply(False, miss.explanation, None, miss.misconception),)
        return (Reply(False, self.hint),)

    def _number(self, response: Response) -> float:
        number = read_number(str(response), self.unit)
        if number is None:
            raise ValueError(f"{response!r} is not a number")
        return number


_NUMBER = re.compile(r"[+-]?(\d{1,15}([.,]\d{0,15})?|[.,]\d{1,15})([eE][+-]?\d{1,2})?", re.ASCII)


def read_number(text: str, unit: str = "") -> float | None:
    """The finite number in a text such as '3.75', '3,75' or '3,75 kg' (the unit may be left out); None if none."""
    bare = without_unit(text, unit)
    if not _NUMBER.fullmatch(bare):
        return None
    number = float(bare.replace(",", "."))
    return number if math.isfinite(number) else None


def without_unit(text: str, unit: str) -> str:
    """The text as it is to be kept: without the unit, which may be another word in another language."""
    bare = text.strip().replace("−", "-")  # the minus sign that a phone's keyboard may give
    return bare[: -len(unit)].rstrip() if unit and bare.endswith(unit) else bare


class Item(Plain):
    """One thing to be put in order; the explanation says why it stands where it stands."""

    id: Id
    text: Text
    explanation: Text


class Mistake(Plain):
    """Two items the wrong way round, and the wrong idea that this reveals."""

    first: Id
    then: Id
    explanation: Text
    misconception: Id


class OrderQuestion(BaseQuestion):
    """Items to put in order; the author writes them in the right one."""

    kind: Literal["order"]
    items: Annotated[tuple[Item, ...], Field(strict=False, min_length=2, max_length=12)]
    rule: Literal["all-or-nothing", "per-option"] = Field(
        "all-or-nothing", description="per-option: the share of items that stand in their right place"
    )
    hint: Text = Field(description="Said to a wrong order that is none of the known mistakes")
    mistakes: Annotated[tuple[Mistake, ...], Field(strict=False)] = ()

    def accepts(self, response: Response) -> bool:
        return isinstance(response, tuple) and sorted(response) == sorted(item.id for item in self.items)

    def credit(self, response: Response) -> float:
        right = [item.id for item in self.items]
        in_place = sum(given == wanted for given, wanted in zip(response, right, strict=True))
        if in_place == len(right):
            return 1.0
        return in_place / len(right) if self.rule == "per-option" else 0.0

    def replies(self, response: Response) -> tuple[Reply, ...]:
        if self.credit(response) == 1.0:
            return tuple(Reply(True, item.explanation, item.id) for item in self.items)
        place = {given: index for index, given in enumerate(response)}
        for mistake in self.mistakes:  # one thing at a time: the first that applies
            if place[mistake.first] < place[mistake.then]:
                return (Reply(False, mistake.explanation, None, mistake.misconception),)
        return (Reply(False, self.hint),)


Question = Annotated[SingleQuestion | MultipleQuestion | NumericQuestion | OrderQuestion, Field(discriminator="kind")]

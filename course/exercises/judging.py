"""A judge as a table: which value, what is right, what known misconceptions make of it, and a thought.

That is the normal way: `lines` of a TableJudge is a list of Line and Untouched. What a table cannot say is coded and
stands among the lines as a finding that is made already.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.exercises.base import Case, ContractBroken, Judge
from course.exercises.codec import Value
from course.exercises.numerics import Floats, array_value, digits_of, fitting, numbers_value, shown, tolerance
from course.language import _
from course.verdict import Compared, Finding


@dataclass(frozen=True)
class Line:
    """One line of a judge's table: a value that came back, against what is right.

    label, weight: what was checked, and its part of the points, as the prompt has them.
    value: the name under which it was observed. called: how messages call it, if otherwise.
    right: what it should be, of the shape that it must have.
    thought: one thought for whoever got it wrong, never the solution.
    mistakes: what each misconception makes of it, by code. The one that fits alone is named.
    unnamed: other wrong results; where one of them fits, nothing is named.
    misconception: named where no mistake fits, if something else than the numbers tells.
    given, beside: what the message says first, and the arrays like `right` that it shows, by their {names} in it.
    places: which numbers this line judges, as an array of True and False; all of them without it.
    finite: False where nan and inf are wrong numbers like others, not a broken promise.
    rtol, atol: a right number r lies within atol + rtol · |r|. Half precision may lie further.
    """

    label: str
    weight: float
    value: str
    right: Floats
    thought: str
    mistakes: Mapping[str, Floats] = field(default_factory=dict)
    unnamed: Sequence[Floats] = ()
    misconception: str | None = None
    called: str | None = None
    given: str = ""
    beside: Mapping[str, Floats] = field(default_factory=dict)
    places: np.ndarray[Any, Any] | None = None
    finite: bool = True
    rtol: float = 1e-4
    atol: float = 1e-6

    def judged(self, values: Mapping[str, Value]) -> Finding:
        """The finding of this line. ContractBroken where the value has the wrong type or shape."""
        read = array_value if self.finite else numbers_value
        came = read(values, self.value, self.right.shape, self.called)
        wrong = ~np.isclose(came, self.right, *self._tolerances(values))
        if self.places is not None:
            wrong &= self.places
        if not wrong.any():
            return Finding(True, self.label, weight=self.weight)
        named = fitting(came, self.mistakes, self.rtol, self.atol, self.unnamed) or self.misconception
        return criterion(False, self.label, self._message(came, wrong), self.weight, named)

    def _tolerances(self, values: Mapping[str, Value]) -> tuple[float, float]:
        """rtol and atol: the one that decides is wider for half precision."""
        if self.rtol:
            return tolerance(values, self.value, usual=self.rtol), self.atol
        return 0.0, tolerance(values, self.value, usual=self.atol)

    def _message(self, came: Floats, wrong: np.ndarray[Any, Any]) -> Told:
        """What was given, what came and what is right: at the wrong places of a line that has some, else in a row."""

        def part(array: Floats) -> Floats:
            if self.places is not None:
                return np.asarray(array[wrong])
            if array.ndim < 2:
                return array
            rows = wrong.reshape(-1, wrong.shape[-1]).any(axis=1)
            return np.asarray(array.reshape(-1, array.shape[-1])[int(rows.argmax())])

        told = {name: shown(part(array)) for name, array in self.beside.items()}
        given = self.given.format(**told) if told else self.given
        return compared(part(came), part(self.right), self.thought, given)


@dataclass(frozen=True)
class Untouched:
    """The line on inputs that the function may not modify.

    before: each input as it was given, by name. What became of `x` was observed as `x_after`.
    """

    label: str
    weight: float
    message: str
    before: Mapping[str, Floats]
    misconception: str | None = None

    def judged(self, values: Mapping[str, Value]) -> Finding:
        """The finding of this line. ContractBroken where an input has another type or shape than before."""
        after = {name: array_value(values, f"{name}_after", old.shape, name) for name, old in self.before.items()}
        kept = all(np.array_equal(after[name], old) for name, old in self.before.items())
        return criterion(kept, self.label, self.message, self.weight, self.misconception)


class TableJudge(Judge):
    """A judge that is a table of lines; see Line and Untouched."""

    @abstractmethod
    def lines(self, case: Case, values: Mapping[str, Value]) -> Sequence[Line | Untouched | Finding]:
        """The table for one case. values are for what is coded; a Line reads its own."""

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        return [self._finding(each, values) for each in self.lines(case, values)]

    def _finding(self, each: Line | Untouched | Finding, values: Mapping[str, Value]) -> Finding:
        """A wrong type or shape costs its own line alone."""
        if isinstance(each, Finding):
            return each
        return line(each.label, each.weight, lambda _label: each.judged(values))


@dataclass(frozen=True)
class Told:
    """What a finding says: a text, numbers beside those expected, and one thought."""

    text: str
    compared: Compared
    thought: str


def criterion(
    passed: Any, label: str, message: str | Told, weight: float = 1.0, misconception: str | None = None
) -> Finding:
    """A finding that says message, and names the misconception, only if it did not pass."""
    if passed:
        return Finding(True, label, weight=weight)
    if isinstance(message, str):
        return Finding(False, label, message, weight, misconception)
    compared, thought = message.compared, message.thought
    return Finding(False, label, message.text, weight, misconception, compared=compared, thought=thought)


def refusals(label: str, values: Mapping[str, Value], name: str, calls: Sequence[str], weight: float = 1.0) -> Finding:
    """The line on arguments that should be refused with ValueError. name: under which what error_raised told of each
    call was observed. calls: as messages show them."""
    raised = values.get(name)
    if not isinstance(raised, list) or len(raised) != len(calls) or not all(isinstance(each, str) for each in raised):
        raise ContractBroken(_("The answers do not fit the questions."))
    for call, error in zip(calls, raised, strict=True):
        if error != "ValueError":
            message = _("{call} should raise ValueError, but it raised {error}.")
            if not error:
                message = _("{call} should raise ValueError, but it returned.")
            return criterion(False, label, message.format(call=call, error=error), weight)
    return Finding(True, label, weight=weight)


def line(label: str, weight: float, judged: Callable[[str], Finding]) -> Finding:
    """What judged(label) finds, or that line failing alone if a value has the wrong type or shape for it."""
    try:
        return judged(label)
    except ContractBroken as error:
        return Finding(False, label, str(error), weight, error.misconception)


def compared(came: object, expected: object, thought: str, text: str = "") -> Told:
    """What came back beside what was expected, and one thought; text says first what was given.

    Of arrays, the first row in which the two differ; three digits, unless they would then look the same.
    """
    came, expected = _first_row_apart(came, expected)
    few, many = (tuple(digits_of(each, digits) for each in (came, expected)) for digits in (3, 7))
    shown_came, shown_expected = many if few[0] == few[1] else few
    is_cut = isinstance(came, np.ndarray | list) and np.asarray(came).shape[-1:] > (len(shown_came),)
    return Told(text.rstrip("\n"), Compared(shown_came, shown_expected, is_cut), thought)


def _first_row_apart(came: object, expected: object) -> tuple[object, object]:
    """The first rows of two arrays of one shape that a learner would call different; else the two as they are."""
    if not isinstance(came, np.ndarray) or not isinstance(expected, np.ndarray) or came.shape != expected.shape:
        return came, expected
    if came.ndim < 2:
        return came, expected
    ours, theirs = (array.reshape(-1, array.shape[-1]) for array in (came, expected))
    first = int((~np.isclose(ours, theirs, rtol=1e-3, atol=1e-6)).any(axis=1).argmax())
    return ours[first], theirs[first]

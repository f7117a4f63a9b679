"""Reads what came back, and says in words what was expected where it does not fit.

The first functions serve observers, beside the learner's code; the others serve judges. All of them raise
ContractBroken and nothing else, whatever they are given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course.exercises.base import ContractBroken
from course.exercises.values import Value
from course.language import _
from course.verdict import Finding

HALF = 1e-2  # float16 has three digits, and bfloat16, which travels as float16, fewer

Array = np.ndarray[Any, np.dtype[Any]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


def describe(result: object) -> str:
    """What a function returned, in a word or two: 'None (is the `return` missing?)', 'ndarray (3, 4)', 'str'."""
    if result is None:
        return _("None (is the `return` missing?)")
    shape = getattr(result, "shape", None)
    kind = type(result).__name__
    try:
        return kind if shape is None else f"{kind} {tuple(shape)}"
    except TypeError:
        return kind


def arrays_of(result: object, names: Sequence[str]) -> dict[str, Array]:
    """The returned tuple (or list) as arrays by name, e.g. names ("out", "mask")."""
    if not isinstance(result, tuple | list) or len(result) != len(names):
        message = _("Expected {count} values ({names}), but got {came}.")
        came = describe(result)
        if isinstance(result, tuple | list):
            came = _("{kind} of {count}").format(kind=type(result).__name__, count=len(result))
        raise ContractBroken(message.format(count=len(names), names=", ".join(names), came=came))
    return {name: array_of(value, name) for name, value in zip(names, result, strict=True)}


def array_of(result: object, name: str) -> Array:
    """One returned value as an array of numbers. Tensors and nested lists of numbers will do."""
    try:
        array = np.asarray(result)
    except Exception:  # a tensor of a graph, a ragged list, an object of the learner's
        array = np.asarray(None)
    if array.dtype.name == "bfloat16":  # NumPy itself does not know it, nor can it be saved
        array = array.astype(np.float16)
    if array.dtype.kind not in "biuf":
        message = _("Expected {name} as an array of numbers, but got {came}.")
        raise ContractBroken(message.format(name=name, came=describe(result)))
    return array


def array_value(values: Mapping[str, Value], name: str, shape: tuple[int, ...], what: str | None = None) -> Floats:
    """The observed array of that name as float64; ContractBroken unless it has that shape and only finite numbers.

    what: how the message calls it, when that differs from its name.
    """
    array = numbers_value(values, name, shape, what)
    if not np.isfinite(array).all():
        message = _("{what} holds values that are not finite numbers (nan or inf).")
        raise ContractBroken(message.format(what=what or name))
    return array


def numbers_value(values: Mapping[str, Value], name: str, shape: tuple[int, ...], what: str | None = None) -> Floats:
    """As array_value, but nan and inf may be among the numbers."""
    what = what or name
    value = values.get(name)
    if not isinstance(value, np.ndarray | np.generic | bool | int | float):
        raise ContractBroken(_("{what} should be an array of shape {shape}.").format(what=what, shape=shape))
    array = np.asarray(value)
    if array.shape != shape:
        message = _("{what} should have shape {shape}, but has {came}.")
        raise ContractBroken(message.format(what=what, shape=shape, came=array.shape))
    with np.errstate(over="ignore"):
        return array.astype(np.float64)


def tolerance(values: Mapping[str, Value], *names: str, usual: float) -> float:
    """How far numbers of these names may lie from what was expected: `usual`, or what half precision does to them.

    A right answer is right in any precision. usual must be wide enough for sums in float32, and is for float64 too.
    """
    kinds = [np.asarray(values[name]).dtype for name in names if isinstance(values.get(name), np.ndarray | np.generic)]
    return max(usual, HALF) if np.float16 in kinds else usual


def criterion(passed: Any, label: str, message: str, weight: float = 1.0, misconception: str | None = None) -> Finding:
    """A finding that says message, and names the misconception, only if it did not pass."""
    if passed:
        return Finding(True, label, weight=weight)
    return Finding(False, label, message, weight, misconception)


def line(label: str, weight: float, judged: Callable[[str], Finding]) -> Finding:
    """What judged(label) finds, or that line failing alone if a value has the wrong type or shape for it."""
    try:
        return judged(label)
    except ContractBroken as error:
        return Finding(False, label, str(error), weight, error.misconception)


def compared(came: object, expected: object, thought: str) -> str:
    """What came back, what was expected, and one thought, each on a line of its own.

    Of arrays, the first row in which the two differ; three digits, unless they would then look the same.
    """
    told = _("Came back: {came}\nExpected: {expected}\n{thought}")
    came, expected = _first_row_apart(came, expected)
    few, many = (tuple(shown(each, digits=digits) for each in (came, expected)) for digits in (3, 7))
    shown_came, shown_expected = many if few[0] == few[1] else few
    return told.format(came=shown_came, expected=shown_expected, thought=thought)


def _first_row_apart(came: object, expected: object) -> tuple[object, object]:
    """The first rows of two arrays of one shape that a learner would call different; else the two as they are."""
    if not isinstance(came, np.ndarray) or not isinstance(expected, np.ndarray) or came.shape != expected.shape:
        return came, expected
    if came.ndim < 2:
        return came, expected
    ours, theirs = (array.reshape(-1, array.shape[-1]) for array in (came, expected))
    first = int((~np.isclose(ours, theirs, rtol=1e-3, atol=1e-6)).any(axis=1).argmax())
    return ours[first], theirs[first]


def shown(value: object, most: int = 5, digits: int = 3) -> str:
    """Numbers as a learner reads them: at most that many digits, the first few of the first row; tiny ones as 0."""
    if isinstance(value, str):
        return value
    array = np.asarray(value, dtype=np.float64)
    while array.ndim > 1 and array.size:
        array = array[0]
    numbers = [f"{0.0 if abs(number) < 1e-6 else number:.{digits}g}" for number in array.ravel()[:most]]
    if array.ndim == 0:
        return numbers[0]
    return "[" + ", ".join(numbers) + (", …" if array.size > most else "") + "]"

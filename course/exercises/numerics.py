"""Numbers for judges: what came back as an array, how near it must lie, and what a learner reads of it.

All of it raises ContractBroken and nothing else, whatever it is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from course.exercises.base import ContractBroken
from course.exercises.codec import Value
from course.language import _

HALF = 1e-2  # float16 has three digits, and bfloat16, which travels as float16, fewer

Floats = np.ndarray[Any, np.dtype[np.float64]]


def array_value(values: Mapping[str, Value], name: str, shape: tuple[int, ...], what: str | None = None) -> Floats:
    """The observed array of that name as float64; ContractBroken unless it has that shape and only finite numbers.

    what: how the message calls it, when that differs from its name. Where a number is asked, shape (), an array of one
    number will do: Keras gives the bias of one neuron so.
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
        message = _("{what} should be an array of shape {shape}.") if shape else _("{what} should be one number.")
        raise ContractBroken(message.format(what=what, shape=shape))
    array = np.asarray(value)
    if not shape and array.size == 1:
        array = array.reshape(())
    if array.shape != shape:
        message = _("{what} should have shape {shape}, but has {came}.")
        if not shape:
            message = _("{what} should be one number, but has shape {came}.")
        raise ContractBroken(message.format(what=what, shape=shape, came=array.shape))
    with np.errstate(over="ignore"):
        return array.astype(np.float64)


def tolerance(values: Mapping[str, Value], *names: str, usual: float) -> float:
    """How far numbers of these names may lie from what was expected: `usual`, or what half precision does to them.

    A right answer is right in any precision. usual must be wide enough for sums in float32, and is for float64 too.
    """
    kinds = [np.asarray(values[name]).dtype for name in names if isinstance(values.get(name), np.ndarray | np.generic)]
    return max(usual, HALF) if np.float16 in kinds else usual


def near(came: Any, right: Any, rtol: float, atol: float) -> bool:
    """True for numbers of the same shape, each within atol + rtol · |right| of the right one; else False."""
    if not isinstance(came, np.ndarray | np.generic | float | int) or np.shape(came) != np.shape(right):
        return False
    return bool(np.allclose(came, right, rtol=rtol, atol=atol))


def same(came: object, expected: object) -> bool:
    """True for that very plain value: a text, a number, True, False or None, or a list of these, of the same types."""
    if isinstance(expected, list):
        alike = isinstance(came, list) and len(came) == len(expected)
        return alike and all(map(same, came, expected))  # type: ignore[call-overload]
    return type(came) is type(expected) and came == expected


def fitting(
    came: Any, mistakes: Mapping[str, Floats], rtol: float, atol: float, unnamed: Sequence[Floats] = ()
) -> str | None:
    """The misconception that these numbers fit: the only one of the mistakes, by code, to which they are near.

    unnamed: wrong results without a code. If one of these fits as well, or a second mistake does, it is None.
    """
    named = [code for code, result in mistakes.items() if near(came, result, rtol, atol)]
    others = [result for result in unnamed if near(came, result, rtol, atol)]
    return named[0] if len(named) == 1 and not others else None


def digits_of(value: object, digits: int = 3, most: int = 8) -> tuple[str, ...]:
    """Numbers as a learner reads them: at most that many digits, the first few of the first row; tiny ones as 0."""
    if isinstance(value, str):
        return (value,)
    array = np.asarray(value, dtype=np.float64)
    while array.ndim > 1 and array.size:
        array = array[0]
    return tuple(f"{0.0 if abs(number) < 1e-6 else number:.{digits}g}" for number in array.ravel()[:most])


def shown(value: object, most: int = 5, digits: int = 3) -> str:
    """The same in a sentence: [1, 2.5, …]; a single number or a text as it is."""
    numbers = digits_of(value, digits, most)
    if isinstance(value, str):
        return value
    shape = np.asarray(value, dtype=np.float64).shape
    if not shape:
        return numbers[0]
    row = shape[-1]
    return "[" + ", ".join(numbers) + (", …" if row > most else "") + "]"

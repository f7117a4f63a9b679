"""Runs in the learner's kernel: calls their function on the cases and hands out plain data.

`array_of`, `arrays_of` and `describe` are for the exercises' own `observe`: they read what was returned.

It decides nothing. Whatever a submission does to this module, the judge only ever sees numbers for inputs that the
judge made itself.
"""

from __future__ import annotations

import contextlib
import linecache
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course.catalog import load_catalog
from course.exercises import time_limit
from course.exercises.base import Case, ContractBroken, Exercise, Observation, Transcript, transcript_to_json
from course.exercises.codec import BadValue, encode
from course.exercises.settings import course_settings
from course.keras_loading import load_keras
from course.language import _, ngettext

MIME = "application/vnd.course.transcript+json"

Array = np.ndarray[Any, np.dtype[Any]]


def observe_exercise(exercise: Exercise, candidate: object, seed: int, seconds: float | None = None) -> Transcript:
    """One observation per case of that seed; 'missing' or 'stub' where there is nothing to call.

    seconds: that the function has for each case, if not time_limit.SECONDS; the exercise's factor multiplies either.
    """
    limit = exercise.time_factor * (time_limit.SECONDS if seconds is None else seconds)
    if not callable(candidate):
        return Transcript("missing")
    if is_stub(candidate):
        return Transcript("stub")
    if exercise.needs_keras:
        load_keras()
    observations: list[Observation] = []
    stopped: Observation | None = None
    # Stock nbgrader gives 0 to a graded cell that writes to stderr, so warnings of the learner's code go to stdout.
    with contextlib.redirect_stderr(sys.stdout), course_settings():
        for case in exercise.cases(np.random.default_rng(seed)):
            try:
                observations.append(stopped or _observe_case(exercise, candidate, case, limit))
            except time_limit.Stopped as error:  # one wait is enough: the other cases are not tried
                stopped = Observation(error=describe_stop(error, exercise.entry, limit))
                observations.append(stopped)
    return Transcript("attempted", tuple(observations))


def _observe_case(exercise: Exercise, candidate: Callable[..., Any], case: Case, seconds: float) -> Observation:
    try:
        with (
            time_limit.stopped_after(seconds),
            course_settings(),
        ):  # again: an earlier call may have changed them
            values = exercise.observe(candidate, case)
            encoded = encode(dict(values))  # within the time limit, as it may run the learner's code
        return Observation(values, encoded=encoded)
    except (ContractBroken, BadValue) as error:
        return Observation(error=str(error))
    except (Exception, SystemExit) as error:
        return Observation(error=describe_exception(error, exercise.entry))


def is_stub(candidate: object) -> bool:
    """True if the function's body does nothing, as in the notebook handed out: a docstring, `pass` or `...`."""
    code = getattr(candidate, "__code__", None)
    if not isinstance(code, types.CodeType) or code.co_code not in _EMPTY_BODIES:
        return False
    doc = getattr(candidate, "__doc__", None)  # `return 0.5` has the same instructions, but a constant of its own
    return all(constant is None or constant is ... or constant == doc for constant in code.co_consts)


def _documented() -> None:
    """."""


def _bare() -> None:
    pass


_EMPTY_BODIES = {_documented.__code__.co_code, _bare.__code__.co_code}


def describe_exception(error: BaseException, entry: str) -> str:
    """What the learner's code raised, and their own line that raised it."""
    told = _("{entry} raised {kind}: {text}").format(entry=entry, kind=type(error).__name__, text=_text(error))
    return told + _own_line(error)


def describe_stop(error: BaseException, entry: str, seconds: float) -> str:
    told = ngettext(
        "{entry} was stopped because it had not come back after {seconds:g} second. Is there a loop without end?",
        "{entry} was stopped because it had not come back after {seconds:g} seconds. Is there a loop without end?",
        seconds,
    )
    return told.format(entry=entry, seconds=seconds) + _own_line(error)


def _text(error: BaseException) -> str:
    try:
        return str(error)[:500]
    except Exception:  # an exception of the learner's own
        return ""


def _own_line(error: BaseException) -> str:
    """The last line of the learner's own on the way to the error, with its number; '' if there is none."""
    frame, told = error.__traceback__, ""
    while frame is not None:
        filename = frame.tb_frame.f_code.co_filename
        number: int | None = frame.tb_lineno  # none between two lines, where an alarm may strike
        if number and time_limit.is_learners(filename):
            source = linecache.getline(filename, number).strip()
            told = _("\nat line {number} of your cell: {source}").format(number=number, source=source)
            told = told.rstrip().removesuffix(":")
        frame = frame.tb_next
    return told


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
    """The returned tuple (or list) as arrays by name, e.g. names ("out", "mask"). A row of as many numbers will do."""
    if isinstance(result, np.ndarray) and result.shape == (len(names),):
        result = list(result)
    if not isinstance(result, tuple | list) or len(result) != len(names):
        message = ngettext(
            "Expected {count} value ({names}), but got {came}.",
            "Expected {count} values ({names}), but got {came}.",
            len(names),
        )
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
        message = _("Expected {name} as numbers, but got {came}.")
        raise ContractBroken(message.format(name=name, came=describe(result)))
    return array


def error_raised(candidate: Callable[..., Any], *arguments: object) -> str:
    """The name of the error that the function raises for these arguments, or "" if it returns.

    An error of a class made from ValueError is a ValueError.
    """
    try:
        candidate(*arguments)
    except ValueError:
        return "ValueError"
    except Exception as error:
        return type(error).__name__
    return ""


def publish(name: str, seed: int, namespace: Mapping[str, object], slug: str, seconds: float | None = None) -> None:
    """Emits the transcript as a display message. The grader runs this in place of `check(name)` of that chapter."""
    from IPython.display import display

    from course.exercises.registry import find_exercise

    _chapter, exercise = find_exercise(name, chapter=load_catalog().chapter(slug))
    transcript = observe_exercise(exercise, namespace.get(exercise.entry), seed, seconds)
    display({MIME: transcript_to_json(transcript)}, raw=True)

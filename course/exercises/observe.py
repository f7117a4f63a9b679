"""Runs in the learner's kernel: calls their function on the cases and hands out plain data.

It decides nothing. Whatever a submission does to this module, the judge only ever sees numbers for inputs that the
judge made itself.
"""

from __future__ import annotations

import contextlib
import linecache
import sys
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from course.exercises.base import ContractBroken, Exercise, Observation, Transcript, transcript_to_json
from course.exercises.values import BadValue, encode
from course.language import _

MIME = "application/vnd.course.transcript+json"
_COURSE = str(Path(__file__).resolve().parent.parent)


def observe_exercise(exercise: Exercise, candidate: object, seed: int) -> Transcript:
    """One observation per case of that seed; 'missing' or 'stub' where there is nothing to call."""
    if not callable(candidate):
        return Transcript("missing")
    if is_stub(candidate):
        return Transcript("stub")
    cases = exercise.cases(np.random.default_rng(seed))
    # Stock nbgrader gives 0 to a graded cell that writes to stderr, so warnings of the learner's code go to stdout.
    with contextlib.redirect_stderr(sys.stdout):
        return Transcript("attempted", tuple(_observe_case(exercise, candidate, case) for case in cases))


def _observe_case(exercise: Exercise, candidate: Callable[..., Any], case: Any) -> Observation:
    try:
        values = exercise.observe(candidate, case)
        encode(dict(values))
        return Observation(values)
    except (ContractBroken, BadValue) as error:
        return Observation(error=str(error))
    except Exception as error:
        return Observation(error=describe_exception(error, exercise.entry))


def is_stub(candidate: object) -> bool:
    """True if the function's body does nothing, as in the notebook handed out: a docstring, `pass` or `...`."""
    code = getattr(candidate, "__code__", None)
    return isinstance(code, types.CodeType) and code.co_code in _EMPTY_BODIES


def _documented() -> None:
    """."""


def _bare() -> None:
    pass


_EMPTY_BODIES = {_documented.__code__.co_code, _bare.__code__.co_code}


def describe_exception(error: BaseException, entry: str) -> str:
    """What the learner's code raised, and their own line that raised it."""
    told = _("{entry} raised {kind}: {text}").format(entry=entry, kind=type(error).__name__, text=str(error)[:500])
    frame = error.__traceback__
    own_line = ""
    while frame is not None:
        filename = frame.tb_frame.f_code.co_filename
        if not filename.startswith(_COURSE) and "site-packages" not in filename:
            source = linecache.getline(filename, frame.tb_lineno).strip()
            own_line = _("\nat line {number} of your cell: {source}").format(number=frame.tb_lineno, source=source)
        frame = frame.tb_next
    return told + own_line


def publish(name: str, seed: int, namespace: Mapping[str, object]) -> None:
    """Emits the transcript as a display message. The grader runs this in place of `check(name)`."""
    from IPython.display import display

    from course.exercises.lookup import find_exercise

    _chapter, exercise = find_exercise(name)
    transcript = observe_exercise(exercise, namespace.get(exercise.entry), seed)
    display({MIME: transcript_to_json(transcript)}, raw=True)

"""The settings under which an answer is observed and judged, whatever the learner has set: those of a new kernel.

float64 as Keras's float, mixed precision, NumPy errors or warnings that raise, functions that run eagerly: with any of
them right work would look wrong. Afterwards everything is as the learner had it. This must never import Keras or
TensorFlow: what is not loaded has no settings yet.
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

_ENOUGH_FRAMES = 3000  # what Keras needs, and a kernel has

_Setting = tuple[Callable[[], Any], Callable[[Any], Any], Any]  # how to read it, how to write it, and ours


@contextlib.contextmanager
def course_settings() -> Iterator[None]:
    """For the block, the settings that the course counts on; then the learner's again, also if the block raises."""
    with (
        warnings.catch_warnings(),
        np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"),
        contextlib.ExitStack() as put_back,
    ):
        _let_no_warning_raise()
        # Where code has replaced these functions by others that fail, what follows fails by that code's doing.
        for settings in (_of_python, _of_keras, _of_tensorflow):
            with contextlib.suppress(Exception):
                for read, write, ours in settings():
                    theirs = read()
                    write(ours)
                    put_back.callback(_write, write, theirs)
        yield


def _write(write: Callable[[Any], Any], value: Any) -> None:
    with contextlib.suppress(Exception):  # a limit of recursion lower than we are deep, or a function replaced
        write(value)


def _let_no_warning_raise() -> None:
    """Within catch_warnings: the filters as they are, but for those that make an error of a warning."""
    kept = [each for each in warnings.filters if each[0] != "error"]
    warnings.resetwarnings()
    warnings.filters.extend(kept)  # type: ignore[attr-defined]


def _of_python() -> list[_Setting]:
    limit = max(sys.getrecursionlimit(), _ENOUGH_FRAMES)
    return [(sys.getrecursionlimit, sys.setrecursionlimit, limit)]


def _of_keras() -> list[_Setting]:
    keras: Any = sys.modules.get("keras")
    if keras is None:
        return []
    config = keras.config
    return [
        (config.dtype_policy, config.set_dtype_policy, "float32"),
        (config.floatx, config.set_floatx, "float32"),
        (config.epsilon, config.set_epsilon, 1e-7),
        (config.image_data_format, config.set_image_data_format, "channels_last"),
    ]


def _of_tensorflow() -> list[_Setting]:
    tensorflow: Any = sys.modules.get("tensorflow")
    if tensorflow is None:
        return []
    return [(tensorflow.config.functions_run_eagerly, tensorflow.config.run_functions_eagerly, False)]

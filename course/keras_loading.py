"""Loads Keras without TensorFlow's greeting.

On import TensorFlow's C++ libraries write to file descriptor 2 before any log level is read. Nothing is wrong then,
but a red box says otherwise to a learner. If the import fails, what was written is shown.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from types import ModuleType


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Holds back what native code writes to file descriptor 2; shows it if the block raises."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as held:
        saved = os.dup(2)
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(saved, held.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)


@contextlib.contextmanager
def quiet_tensorflow_log() -> Iterator[None]:
    """Holds back TensorFlow's advice on speed (retracing), which is about our many small models, not the learner's."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def load_keras() -> ModuleType:
    """The module keras, as `import keras` gives it."""
    with quiet_stderr():
        import keras
        import tensorflow  # noqa: F401
    module: ModuleType = keras
    return module

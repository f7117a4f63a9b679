"""Every learner's cell that the tests know, by exercise: wrong ones with a name, wrong ones without, right ones.

Each is the source of a whole cell. The references are not here: they stand once, in the notebook's solution cells.
"""

from typing import Any

from course import load_keras
from tests.chapters.dropout.solutions import (
    build_classifier,
    choose_rate,
    classic_to_inference,
    dropout_backward,
    inverted_dropout,
    mc_predict,
    subnet_average,
    train_step,
    tune_dropout,
)

_EXERCISES = {
    "inverted_dropout": inverted_dropout,
    "dropout_backward": dropout_backward,
    "classic_to_inference": classic_to_inference,
    "build_classifier": build_classifier,
    "mc_predict": mc_predict,
    "train_step": train_step,
    "subnet_average": subnet_average,
    "choose_rate": choose_rate,
    "tune_dropout": tune_dropout,
}

WRONG = {name: module.WRONG for name, module in _EXERCISES.items()}  # the table in CONTENT, name by name
VARIANTS = {name: module.VARIANTS for name, module in _EXERCISES.items()}  # the same mistakes, written differently
UNNAMED = {name: module.UNNAMED for name, module in _EXERCISES.items()}  # written from the prompt, before the judge
RIGHT = {name: module.RIGHT for name, module in _EXERCISES.items()}
FITS_A_NAME = {  # of UNNAMED ones: exercise and name of the solution, and the misconception whose numbers it has too
    (exercise, name): code
    for exercise, module in _EXERCISES.items()
    for name, code in getattr(module, "FITS_A_NAME", {}).items()
}
INVERTED_DROPOUT = inverted_dropout.WRONG


def defined(source: str) -> dict[str, Any]:
    """What a learner's cell defines, run after the notebook's own imports."""
    import itertools

    import numpy as np
    import tensorflow as tf

    from course.chapters.dropout.small_data import accuracy, train

    namespace: dict[str, Any] = {"np": np, "itertools": itertools, "keras": load_keras(), "tf": tf}
    namespace |= {"accuracy": accuracy, "train": train}
    exec(source, namespace)
    return namespace

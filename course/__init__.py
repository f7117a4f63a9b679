"""The learner's front door: what a notebook imports.

    from course import check, contents, feedback, load_keras, model_answer, quiz

Importing this loads nothing heavy: each function fetches its own part when called, and only load_keras
imports TensorFlow.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

    from course.exercises.hints import Hint
    from course.verdict import Verdict

__version__ = "0.1.0"
__all__ = ["check", "contents", "feedback", "load_keras", "model_answer", "quiz"]

# TensorFlow greets on stderr from C++ before Python can filter it; a learner's page is no place for that.
# Level 3 also hides "no GPU here", which reads like a failure and is none; Python exceptions are untouched,
# and whoever has set the variable keeps their choice.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# Lessons, exercises and judges train small networks in NumPy. On two idle cores a second thread gains hardly anything;
# beside other work the two wait for one another busily, and a check takes more than twice as long (measured with
# benchmarks/exercise_speed.py). NumPy reads this once, when it is imported; the kernels that `course lab` starts have
# it from there. TensorFlow has threads of its own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Loading the package course.quiz binds its name here. Done first (it is empty), that cannot later replace quiz().
importlib.import_module("course.quiz")


def quiz(slug: str, **options: Any) -> Any:
    """Shows the quiz of a chapter, e.g. quiz("2-4-dropout"). Answers are kept in answers.json beside the notebook."""
    from course.quiz.widget import show_quiz

    return show_quiz(slug, **options)


def check(name: str, *, hint: bool = False) -> Verdict | Hint:
    """Checks the exercise of that name in this notebook and reports what was found; hint=True gives a hint instead."""
    if hint:
        from course.exercises.hints import next_hint

        return next_hint(name)
    from course.exercises.check import check_in_notebook

    return check_in_notebook(name)


def model_answer(name: str) -> Any:
    """Shows an answer to compare your own with, once you have written it: model_answer("explain_inference")."""
    from course.notebooks.model_answer import model_answer_here

    return model_answer_here(name)


def feedback(slug: str) -> Any:
    """Shows the form at a chapter's end; what is written is kept in feedback.json beside the notebook."""
    from course.forms.feedback_form import show_form

    return show_form(slug)


def load_keras() -> ModuleType:
    """`keras = load_keras()` is `import keras`, without TensorFlow's greeting on stderr."""
    from course.keras_loading import load_keras as load

    return load()


def contents() -> Any:
    """Shows the course contents with links."""
    from course.notebooks.contents_page import ContentsPage

    return ContentsPage()

"""The learner's side of the Dropout exercises: which inputs are tried and what is noted about the answers.

Runs in the learner's kernel, so it returns numbers only and decides nothing. Keras is imported where it is needed.
"""

from __future__ import annotations

from course.chapters.dropout.exercises_averages import ChooseRate, ClassicToInference, SubnetAverage
from course.chapters.dropout.exercises_classifier import BuildClassifier
from course.chapters.dropout.exercises_dropout import DropoutBackward, InvertedDropout
from course.exercises.base import Exercise

EXERCISES: tuple[Exercise, ...] = (
    InvertedDropout(),
    DropoutBackward(),
    ClassicToInference(),
    BuildClassifier(),
    SubnetAverage(),
    ChooseRate(),
)

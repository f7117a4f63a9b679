"""The learner's side of the Dropout exercises: which inputs are tried and what is noted about the answers.

Runs in the learner's kernel, so it returns numbers only and decides nothing. Keras is imported where it is needed.
"""

from __future__ import annotations

from course.chapters.dropout.exercises.build_classifier import BuildClassifier
from course.chapters.dropout.exercises.choose_rate import ChooseRate
from course.chapters.dropout.exercises.classic_to_inference import ClassicToInference
from course.chapters.dropout.exercises.dropout_backward import DropoutBackward
from course.chapters.dropout.exercises.inverted_dropout import InvertedDropout
from course.chapters.dropout.exercises.mc_predict import McPredict
from course.chapters.dropout.exercises.subnet_average import SubnetAverage
from course.chapters.dropout.exercises.train_step import TrainStep
from course.chapters.dropout.exercises.tune_dropout import TuneDropout
from course.exercises.base import Exercise

EXERCISES: tuple[Exercise, ...] = (
    InvertedDropout(),
    DropoutBackward(),
    ClassicToInference(),
    BuildClassifier(),
    McPredict(),
    TrainStep(),
    SubnetAverage(),
    ChooseRate(),
    TuneDropout(),
)

"""The trusted side of the Dropout exercises: numbers in, findings out.

Everything is recomputed with NumPy from the inputs that the judge made itself. No learner's object, no Keras model
and no claim of the learner's side about its own inputs is ever used.
"""

from __future__ import annotations

from course.chapters.dropout.judges_averages import ChooseRateJudge, ClassicToInferenceJudge, SubnetAverageJudge
from course.chapters.dropout.judges_classifier import BuildClassifierJudge
from course.chapters.dropout.judges_dropout import DropoutBackwardJudge, InvertedDropoutJudge
from course.exercises.base import Judge

JUDGES: dict[str, Judge] = {
    "inverted_dropout": InvertedDropoutJudge(),
    "dropout_backward": DropoutBackwardJudge(),
    "classic_to_inference": ClassicToInferenceJudge(),
    "build_classifier": BuildClassifierJudge(),
    "subnet_average": SubnetAverageJudge(),
    "choose_rate": ChooseRateJudge(),
}

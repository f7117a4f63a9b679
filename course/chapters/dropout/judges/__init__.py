"""The trusted side of the Dropout exercises: numbers in, findings out.

Everything is recomputed with NumPy from the inputs that the judge made itself. No learner's object, no Keras model
and no claim of the learner's side about its own inputs is ever used.
"""

from __future__ import annotations

from course.chapters.dropout.judges.build_classifier import BuildClassifierJudge
from course.chapters.dropout.judges.choose_rate import ChooseRateJudge
from course.chapters.dropout.judges.classic_to_inference import ClassicToInferenceJudge
from course.chapters.dropout.judges.dropout_backward import DropoutBackwardJudge
from course.chapters.dropout.judges.inverted_dropout import InvertedDropoutJudge
from course.chapters.dropout.judges.mc_predict import McPredictJudge
from course.chapters.dropout.judges.subnet_average import SubnetAverageJudge
from course.chapters.dropout.judges.train_step import TrainStepJudge
from course.chapters.dropout.judges.tune_dropout import TuneDropoutJudge
from course.exercises.base import Judge

JUDGES: dict[str, Judge] = {
    "inverted_dropout": InvertedDropoutJudge(),
    "dropout_backward": DropoutBackwardJudge(),
    "classic_to_inference": ClassicToInferenceJudge(),
    "build_classifier": BuildClassifierJudge(),
    "mc_predict": McPredictJudge(),
    "train_step": TrainStepJudge(),
    "subnet_average": SubnetAverageJudge(),
    "choose_rate": ChooseRateJudge(),
    "tune_dropout": TuneDropoutJudge(),
}

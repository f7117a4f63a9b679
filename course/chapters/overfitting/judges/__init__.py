"""The exercises of this chapter on the trusted side: numbers in, findings out."""

from __future__ import annotations

from course.chapters.overfitting.judges.choose_epochs import ChooseEpochsJudge
from course.chapters.overfitting.judges.early_stop import EarlyStopJudge
from course.chapters.overfitting.judges.memorised import MemorisedJudge
from course.chapters.overfitting.judges.split import SplitJudge
from course.exercises.base import Judge

JUDGES: dict[str, Judge] = {
    "split": SplitJudge(),
    "memorised": MemorisedJudge(),
    "early_stop": EarlyStopJudge(),
    "choose_epochs": ChooseEpochsJudge(),
}

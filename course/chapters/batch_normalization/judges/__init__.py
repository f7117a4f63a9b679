"""The exercises of this chapter on the trusted side: numbers in, findings out."""

from __future__ import annotations

from course.chapters.batch_normalization.judges.bn_moving import BnMovingJudge
from course.chapters.batch_normalization.judges.bn_train import BnTrainJudge
from course.chapters.batch_normalization.judges.deep_model import DeepModelJudge
from course.chapters.batch_normalization.judges.fold import FoldJudge
from course.chapters.batch_normalization.judges.freeze_bn import FreezeBnJudge
from course.exercises.base import Judge

JUDGES: dict[str, Judge] = {
    "bn_train": BnTrainJudge(),
    "bn_moving": BnMovingJudge(),
    "freeze_bn": FreezeBnJudge(),
    "fold": FoldJudge(),
    "deep_model": DeepModelJudge(),
}

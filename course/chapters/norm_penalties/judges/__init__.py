"""The exercises of this chapter on the trusted side: numbers in, findings out."""

from __future__ import annotations

from course.chapters.norm_penalties.judges.few_sensors import FewSensorsJudge
from course.chapters.norm_penalties.judges.penalised_model import PenalisedModelJudge
from course.chapters.norm_penalties.judges.penalised_step import PenalisedStepJudge
from course.chapters.norm_penalties.judges.penalty import PenaltyJudge
from course.chapters.norm_penalties.judges.soft_threshold import SoftThresholdJudge
from course.exercises.base import Judge

JUDGES: dict[str, Judge] = {
    "penalty": PenaltyJudge(),
    "penalised_step": PenalisedStepJudge(),
    "soft_threshold": SoftThresholdJudge(),
    "penalised_model": PenalisedModelJudge(),
    "few_sensors": FewSensorsJudge(),
}

"""The exercises of this chapter on the trusted side: numbers in, findings out."""

from __future__ import annotations

from course.chapters.bias_variance.judges.best_district import BestDistrictJudge
from course.chapters.bias_variance.judges.bias_variance import BiasVarianceJudge
from course.chapters.bias_variance.judges.choose_steps import ChooseStepsJudge
from course.chapters.bias_variance.judges.poll_map import PollMapJudge
from course.exercises.base import Judge

JUDGES: dict[str, Judge] = {
    "bias_variance": BiasVarianceJudge(),
    "poll_map": PollMapJudge(),
    "best_district": BestDistrictJudge(),
    "choose_steps": ChooseStepsJudge(),
}

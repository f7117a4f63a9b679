"""The trusted side: numbers in, findings out."""

from __future__ import annotations

from course.chapters.tiny.judges.first_peak import FirstPeakJudge
from course.chapters.tiny.judges.running_sum import RunningSumJudge
from course.chapters.tiny.judges.standardise import StandardiseJudge
from course.exercises.base import Judge

JUDGES: dict[str, Judge] = {
    "standardise": StandardiseJudge(),
    "running_sum": RunningSumJudge(),
    "first_peak": FirstPeakJudge(),
}

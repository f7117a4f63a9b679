"""The learner's side: which inputs are tried, and what is noted about the answers."""

from __future__ import annotations

from course.chapters.tiny.exercises.first_peak import FirstPeak
from course.chapters.tiny.exercises.running_sum import RunningSum
from course.chapters.tiny.exercises.standardise import Standardise
from course.exercises.base import Exercise

EXERCISES: tuple[Exercise, ...] = (Standardise(), RunningSum(), FirstPeak())

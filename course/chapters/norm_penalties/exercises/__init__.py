"""The exercises of this chapter on the learner's side: which inputs are tried, and what is noted about the answers."""

from __future__ import annotations

from course.chapters.norm_penalties.exercises.few_sensors import FewSensors
from course.chapters.norm_penalties.exercises.penalised_model import PenalisedModel
from course.chapters.norm_penalties.exercises.penalised_step import PenalisedStep
from course.chapters.norm_penalties.exercises.penalty import Penalty
from course.chapters.norm_penalties.exercises.soft_threshold import SoftThreshold
from course.exercises.base import Exercise

EXERCISES: tuple[Exercise, ...] = (Penalty(), PenalisedStep(), SoftThreshold(), PenalisedModel(), FewSensors())

"""The exercises of this chapter on the learner's side: which inputs are tried, and what is noted about the answers."""

from __future__ import annotations

from course.chapters.bias_variance.exercises.best_district import BestDistrict
from course.chapters.bias_variance.exercises.bias_variance import BiasVariance
from course.chapters.bias_variance.exercises.choose_steps import ChooseSteps
from course.chapters.bias_variance.exercises.poll_map import PollMap
from course.exercises.base import Exercise

EXERCISES: tuple[Exercise, ...] = (BiasVariance(), PollMap(), BestDistrict(), ChooseSteps())

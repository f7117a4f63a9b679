"""The exercises of this chapter on the learner's side: which inputs are tried, and what is noted about the answers."""

from __future__ import annotations

from course.chapters.bias_variance.exercises.example_2_2 import Centred
from course.exercises.base import Exercise

EXERCISES: tuple[Exercise, ...] = (Centred(),)

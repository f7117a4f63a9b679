"""The exercises of this chapter on the learner's side: which inputs are tried, and what is noted about the answers."""

from __future__ import annotations

from course.chapters.overfitting.exercises.choose_epochs import ChooseEpochs
from course.chapters.overfitting.exercises.early_stop import EarlyStop
from course.chapters.overfitting.exercises.memorised import Memorised
from course.chapters.overfitting.exercises.split import Split
from course.exercises.base import Exercise

EXERCISES: tuple[Exercise, ...] = (Split(), Memorised(), EarlyStop(), ChooseEpochs())

"""The exercises of this chapter on the learner's side: which inputs are tried, and what is noted about the answers."""

from __future__ import annotations

from course.chapters.batch_normalization.exercises.bn_moving import BnMoving
from course.chapters.batch_normalization.exercises.bn_train import BnTrain
from course.chapters.batch_normalization.exercises.deep_model import DeepModel
from course.chapters.batch_normalization.exercises.fold import Fold
from course.chapters.batch_normalization.exercises.freeze_bn import FreezeBn
from course.exercises.base import Exercise

EXERCISES: tuple[Exercise, ...] = (BnTrain(), BnMoving(), FreezeBn(), Fold(), DeepModel())

"""What early stopping is worth on stored curves. It never trains."""

from __future__ import annotations

import numpy as np

from course.chapters.overfitting.early_stopping import stop_of
from course.chapters.overfitting.studies import EPOCHS, PARTS, Studies
from course.lessons.arrays import Floats
from course.lessons.patients import POINTS


def patient_errors(studies: Studies, seed: int) -> dict[str, Floats]:
    """Mean errors in points after each epoch, by part."""
    return {part: POINTS * studies.patients.at(seed=seed, part=part).values for part in PARTS}


def last_and_best(studies: Studies, part: str) -> Floats:
    """Mean errors in points on that part of the patients, after the last epoch and at the best validation epoch; shape
    (2, seeds)."""
    pairs = []
    for seed in studies.patients.axes["seed"].tolist():
        errors = patient_errors(studies, seed)
        best = stop_of(errors["validation"], EPOCHS).best
        pairs.append([errors[part][-1], errors[part][best - 1]])
    return np.array(pairs).T


def digits_last_and_best(studies: Studies, wrong_share: float, part: str) -> Floats:
    """Accuracies (0–1) on that part of the digits, with that share of wrong training labels, after the last epoch and
    at the best validation epoch; shape (2, seeds)."""
    pairs = []
    for seed in studies.digits.axes["seed"].tolist():
        run = studies.digits.at(wrong_share=wrong_share, seed=seed)
        scores = run.at(measure=part).values
        best = stop_of(-run.at(measure="validation").values, EPOCHS).best
        pairs.append([scores[-1], scores[best - 1]])
    return np.array(pairs).T

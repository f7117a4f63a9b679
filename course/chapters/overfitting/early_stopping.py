"""The rule of early stopping, as Keras applies it to the scores of an epoch after the other."""

from __future__ import annotations

from dataclasses import dataclass

from course.lessons.arrays import Floats


@dataclass(frozen=True)
class Stop:
    """Epochs, counted from 1: the one with the best validation score, and the last one that was run."""

    best: int
    ran: int


def stop_of(scores: Floats, patience: int) -> Stop:
    """Keras's rule: stop after that many epochs (at least 1) without a new best; smaller scores are better."""
    best, waited = 0, 0
    for epoch, score in enumerate(scores):
        waited += 1
        if epoch == 0 or score < scores[best]:
            best, waited = epoch, 0
        elif waited >= patience:
            return Stop(best + 1, epoch + 1)
    return Stop(best + 1, len(scores))

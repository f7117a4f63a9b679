"""The student of the analogy, in numbers: a linear model that learns old exam papers by gradient descent, in rounds.

A question is a training row, its answer in the key is a label, a misprint is a wrong label, a round is an epoch, and
the mock exam is validation. One clue in each question gives the right answer; the details come by chance and tell
nothing of it. It must never draw anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course.lessons.arrays import Bools, Floats

QUESTIONS, MOCK_QUESTIONS, DETAILS, ROUNDS = 100, 1000, 200, 40
DETAIL_SIZE = 0.3  # standard deviation of a detail; the clue is 1 for yes and −1 for no
LEARNING_RATE = 0.3
SEED = 0


@dataclass(frozen=True)
class Rounds:
    """What the student answers after each round. as_in_key: whether each old question is answered as in the key, shape
    (rounds, questions). misprinted: whose answer in the key is wrong, shape (questions,). mock: the share of right
    answers (0–1) in the mock exam, shape (rounds,)."""

    as_in_key: Bools
    misprinted: Bools
    mock: Floats


@lru_cache(maxsize=32)
def study(misprints: int, seed: int = SEED, details: int = DETAILS) -> Rounds:
    """Forty rounds through 100 old questions, of which the last so many have a misprint. misprints: 0–100.

    The seed chooses the questions, whatever the misprints. details: how many of them a question has.
    """
    rng = np.random.default_rng(seed)
    old, right = _questions(QUESTIONS, details, rng)
    new, new_right = _questions(MOCK_QUESTIONS, details, rng)
    misprinted = np.arange(QUESTIONS) >= QUESTIONS - misprints
    key = np.where(misprinted, -right, right)
    weights, as_in_key, mock = np.zeros(1 + details), [], []
    for _round in range(ROUNDS):
        weights = weights + LEARNING_RATE * old.T @ (key - old @ weights) / QUESTIONS
        as_in_key.append(np.sign(old @ weights) == key)
        mock.append((np.sign(new @ weights) == new_right).mean())
    return Rounds(np.array(as_in_key), misprinted, np.array(mock))


def _questions(n: int, n_details: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """n questions, shape (n, 1 + n_details), the clue first, and their right answers, 1 or −1, shape (n,)."""
    right = rng.choice([-1.0, 1.0], n)
    details = DETAIL_SIZE * rng.normal(size=(n, n_details))
    return np.column_stack([right, details]), right

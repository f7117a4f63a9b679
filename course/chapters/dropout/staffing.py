"""The company of the analogy, in numbers: who is present for which project, and what the team delivers.

A project is a sample, a day is one training step over a batch of projects, an employee is a neuron. Everything is a
pure function of rate, day and project, so a slider moves the same day and not a new one. It must never draw anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course.lessons.arrays import Bools, Floats
from course.lessons.masks import keep_of

STAFF = ("Ada", "Bo", "Cem", "Dina", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jun")
# What each one delivers to a project when everybody is in: all the same, together 100.
CONTRIBUTION = 10.0
FULL_STAFF = CONTRIBUTION * len(STAFF)
PROJECTS_PER_DAY = 5
# How unsteady each one's estimate of a project is (standard deviation; the thing estimated has mean square 1).
UNSTEADINESS: Floats = np.array([0.3] + [1.0] * 9)


def effort(rate: float) -> float:
    """How hard those present work in training: 1/(1 − rate). ValueError unless 0 ≤ rate < 1."""
    return 1.0 / keep_of(rate)


def attendance(rate: float, day: int) -> Bools:
    """Who is present, shape (projects of the day, staff). Each place is drawn by itself; same day, same numbers."""
    numbers = np.random.default_rng([2014, day]).random((PROJECTS_PER_DAY, len(STAFF)))
    return np.asarray(numbers >= rate)


def delivered(present: Bools, rate: float) -> Floats:
    """What each project gets (full staff: 100): those present put in 1/(1 − rate) effort. present: (…, staff)."""
    return np.asarray(present.sum(axis=-1) * CONTRIBUTION * effort(rate))


@lru_cache(maxsize=64)
def many_deliveries(rate: float, n_projects: int = 10_000) -> Floats:
    """What n_projects training projects get at this rate, shape (n_projects,)."""
    numbers = np.random.default_rng(1929).random((n_projects, len(STAFF)))
    return delivered(numbers >= rate, rate)


@dataclass(frozen=True)
class Habits:
    """How a team that has lived with a rate shares its work.

    shares: each one's part of the total weight, adding up to 1. miss: root mean square error of the joint estimate with
    everybody present. miss_without_first: the same when Ada alone is away on the day and nobody steps in.
    """

    shares: Floats
    miss: float
    miss_without_first: float


def learned_weights(rate: float) -> Floats:
    """The weights that a team gives to its estimates when absences at this rate are part of its training.

    Everyone estimates the same quantity with an error of their own; the team chooses weights that make its mean squared
    error in training small. For such a linear team the average over all absences is exact: it adds rate/(1 − rate)
    times the diagonal to the matrix of least squares (Srivastava et al. 2014, section 9.1; Wager et al. 2013).
    """
    second_moments = np.ones((len(STAFF), len(STAFF))) + np.diag(UNSTEADINESS**2)
    penalty = (effort(rate) - 1.0) * np.diag(np.diag(second_moments))
    return np.asarray(np.linalg.solve(second_moments + penalty, np.ones(len(STAFF))))


def learned_habits(rate: float) -> Habits:
    """What those weights lead to, with everybody in and with Ada away."""
    weights = learned_weights(rate)
    without_first = weights * (np.arange(len(STAFF)) != 0)
    return Habits(weights / weights.sum(), _miss(weights), _miss(without_first))


def _miss(weights: Floats) -> float:
    bias = 1.0 - weights.sum()
    return float(np.sqrt(bias**2 + (weights**2 * UNSTEADINESS**2).sum()))

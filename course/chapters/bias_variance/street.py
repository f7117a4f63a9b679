"""The pollster's map: a street of 60 houses, a poll that asks each once, and a map with one number for each district.

Everything about it can be worked out exactly.
"""

from __future__ import annotations

import numpy as np

from course.lessons.arrays import Floats

HOUSES = 60
MOOD = 1.0  # standard deviation of an answer around what the house thinks
DISTRICTS = (1, 2, 3, 4, 5, 6, 10, 15, 20, 60)  # borders of 12 and 30 happen to lie where opinions change
_HOUSE = np.arange(HOUSES)
OPINIONS = 3 * np.exp(-(((_HOUSE - 18) / 8) ** 2)) - 2 * np.exp(-(((_HOUSE - 44) / 7) ** 2))


def poll(number: int) -> Floats:
    """The 60 answers of that poll."""
    return np.asarray(OPINIONS + MOOD * np.random.default_rng(number).normal(size=HOUSES))


def map_of(answers: Floats, district: int) -> Floats:
    """For each house the mean answer of its district: that many neighbours in a row."""
    return np.repeat(answers.reshape(-1, district).mean(axis=1), district)


def exact_parts(district: int, interviews: int = 1) -> tuple[float, float]:
    """Bias² and variance of the map, means over the houses. interviews: with each house, in one poll."""
    bias2 = float(((map_of(OPINIONS, district) - OPINIONS) ** 2).mean())
    return bias2, MOOD**2 / (district * interviews)

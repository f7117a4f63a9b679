"""E3 on the learner's side: bias² and variance of the map by size of the districts, and the best size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.chapters.bias_variance.street import map_of
from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import Array, arrays_of
from course.language import _

SIZES = (1, 2, 3, 4, 6, 12, 16, 24, 48)
CLEAR = 1.05  # how much worse the second-best size is at least


class BestDistrict(Exercise):
    """E3: best_district(truth, sigma, sizes) -> (best, bias2, variance)."""

    entry = "best_district"
    points = 3.0

    def hints(self) -> list[str]:
        return [
            _("If every house answered without noise, what would the map show? How far is that from `truth`?"),
            _("The variance of a mean of m independent answers is a fraction of the variance of one."),
            _("Work out both parts for each size in a loop, add them, and look where the sum is smallest."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for sigma, in_order in ((0.6, True), (1.7, False), (2.5, True)):
            truth, sizes = _street(rng, sigma), list(SIZES)
            if not in_order:
                rng.shuffle(sizes)
            label = _("a street of {n} houses, sigma={sigma}, sizes={sizes}")
            inputs = {"truth": truth, "sigma": sigma, "sizes": sizes}
            yield Case(label.format(n=len(truth), sigma=sigma, sizes=sizes), inputs)

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        truth = case.inputs["truth"].copy()
        returned = candidate(truth, case.inputs["sigma"], list(case.inputs["sizes"]))
        return {**arrays_of(returned, ("best", "bias2", "variance")), "truth_after": truth}


def _street(rng: np.random.Generator, sigma: float) -> Array:
    """Opinions of 48 houses, with hills such that one size is clearly the best and neither the least nor the most."""
    house = np.arange(SIZES[-1])
    while True:
        middles, widths, heights = rng.uniform(6, 42, 3), rng.uniform(4, 9, 3), rng.uniform(1.5, 3.5, 3) * sigma
        heights *= rng.choice([-1, 1], 3)
        hills = heights * np.exp(-(((house[:, None] - middles) / widths) ** 2))
        truth = hills.sum(axis=1)
        sums = np.array([((map_of(truth, size) - truth) ** 2).mean() + sigma**2 / size for size in SIZES])
        least, second = np.sort(sums)[:2]
        if second > CLEAR * least and 0 < sums.argmin() < len(SIZES) - 1:
            return np.asarray(truth)

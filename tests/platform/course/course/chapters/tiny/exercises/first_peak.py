"""E3 on the learner's side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import array_of


class FirstPeak(Exercise):
    """E3: first_peak(scores) -> key of the largest score, the first of several."""

    entry = "first_peak"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            "What is the largest score?",
            "Which keys have it?",
            "Of the keys whose score is the largest, take the first.",
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        low = round(float(rng.uniform(0.1, 0.5)), 2)
        high = round(low + float(rng.uniform(0.1, 0.4)), 2)
        for scores in ({0.3: low, 0.7: high, 0.2: high}, {0.6: high, 0.1: low, 0.9: low}):
            yield Case(f"scores {scores}", {"scores": scores})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        return {"key": array_of(candidate(dict(case.inputs["scores"])), "the key")}

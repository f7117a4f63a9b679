"""E2 on the learner's side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import array_of


class RunningSum(Exercise):
    """E2: running_sum(x) -> array of the same shape."""

    entry = "running_sum"
    points = 2.0

    def hints(self) -> list[str]:
        return ["What is the third number, in words?", "NumPy has a function whose name begins with cum."]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for length in (1, 5):
            yield Case(f"x of length {length}", {"x": rng.normal(size=length)})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        return {"sums": array_of(candidate(case.inputs["x"].copy()), "the sums")}

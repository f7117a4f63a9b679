"""E1 on the learner's side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import array_of


class Standardise(Exercise):
    """E1: standardise(x, shift) -> array of the same shape."""

    entry = "standardise"
    points = 4.0

    def hints(self) -> list[str]:
        return ["What are the mean and the spread of each column?", "First subtract, then divide, then add `shift`."]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for shape in ((6, 3), (9, 2), (4, 4)):
            x, shift = rng.normal(3.0, 2.0, shape), float(rng.uniform(1, 2))
            yield Case(f"x of shape {shape}, shift={shift:.2f}", {"x": x, "shift": shift})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        x = case.inputs["x"].copy()
        out = array_of(candidate(x, case.inputs["shift"]), "the result").copy()
        return {"out": out, "x_after": x}

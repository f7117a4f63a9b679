"""E1 on the learner's side: the inputs, and what the function made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import array_of
from course.language import _


class Centred(Exercise):
    """E1: example_2_1(x) -> array of the same shape."""

    entry = "example_2_1"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            _("Write down the mean of each column of the example. What is left when it is taken away?"),
            _("`x.mean(axis=0)` has one number for each column."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for shape in ((5, 3), (8, 2)):
            yield Case(_("x of shape {shape}").format(shape=shape), {"x": rng.normal(3.0, 1.0, shape)})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        x = case.inputs["x"].copy()
        centred = array_of(candidate(x), _("the result")).copy()
        return {"centred": centred, "x_after": x}

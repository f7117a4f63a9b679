"""E1 on the learner's side: the penalty of a whole network, from its weight matrices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import Array, array_of, error_raised
from course.language import _

BAD = ((-0.1, 0.0), (0.0, -0.2))  # strengths that make no sense


class Penalty(Exercise):
    """E1: penalty(weights, l1, l2) -> one number."""

    entry = "penalty"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            _("What does one weight of −3 add, by L1 and by L2?"),
            _("`np.abs(array).sum()` adds up the sizes of one array. What do you do with several arrays?"),
            _("Refuse negative strengths first. Then go through the arrays in a loop and add up both parts."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        """The last case alone tries the strengths that make no sense. Weights are so large that squares and sizes are
        far apart."""
        for shapes, l1, l2, bad in (
            (((4, 3), (3, 2), (2, 1)), 0.0, 0.3, ()),
            (((5, 4), (4, 1)), 0.2, 0.0, ()),
            (((3,), (6, 5), (2, 2, 3)), 0.7, 0.04, ()),
            (((2, 2), (2,)), 0.0, 0.0, ()),
            (((3, 2), (2, 1)), 0.5, 0.1, BAD),
        ):
            weights = [rng.normal(0.6, 2.5, shape) for shape in shapes]
            for array in weights:
                array[rng.random(array.shape) < 0.15] = 0.0
            label = _("{count} arrays, l1={l1}, l2={l2}").format(count=len(shapes), l1=l1, l2=l2)
            if bad:
                label = _("{count} arrays and a negative strength").format(count=len(shapes))
            yield Case(label, {"weights": weights, "l1": l1, "l2": l2, "bad": bad})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        def weights() -> list[Array]:
            return [array.copy() for array in case.inputs["weights"]]

        returned = array_of(candidate(weights(), case.inputs["l1"], case.inputs["l2"]), _("the penalty"))
        return {
            "penalty": returned,
            "refused": [error_raised(candidate, weights(), *bad) for bad in case.inputs["bad"]],
        }

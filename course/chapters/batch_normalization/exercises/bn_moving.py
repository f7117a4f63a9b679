"""E2 on the learner's side: what one training step makes of the moving averages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import arrays_of
from course.language import _

ARRAYS = ("moving_mean", "moving_var", "z")


class BnMoving(Exercise):
    """E2: bn_moving(moving_mean, moving_var, z, momentum) -> (new mean, new variance)."""

    entry = "bn_moving"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            _("With a momentum of 0.9, how much of the old average is kept, and how much comes from the batch?"),
            _("What comes from the batch is its mean and its variance over the rows, as in exercise 1."),
            _("Make two new arrays instead of writing into the old ones with `+=` or `[:]`."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for (n, d), momentum in (((6, 4), 0.9), ((5, 3), 0.7), ((8, 2), 0.99)):
            inputs = {
                "moving_mean": rng.uniform(1.0, 4.0, d) * rng.choice([-1, 1], d),
                "moving_var": rng.uniform(0.5, 2.0, d),
                "z": 30.0 + rng.normal(0.0, 9.0, (n, d)),  # far from the averages, so that every share shows
                "momentum": momentum,
            }
            yield Case(_("z of shape {shape}, momentum={momentum}").format(shape=(n, d), momentum=momentum), inputs)

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        given = {name: case.inputs[name].copy() for name in ARRAYS}
        returned = arrays_of(candidate(*given.values(), case.inputs["momentum"]), ("mean", "var"))
        values = {f"new_{name}": value.copy() for name, value in returned.items()}
        return {**values, **{f"{name}_after": array for name, array in given.items()}}

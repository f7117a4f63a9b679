"""E1 on the learner's side: the two parts of the error, from predictions of many networks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import arrays_of
from course.language import _

NAMES = ("predictions", "truth")


class BiasVariance(Exercise):
    """E1: bias_variance(predictions, truth) -> (bias2, variance)."""

    entry = "bias_variance"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            _("What do you average over first: networks or points? Write down the shape that should come out."),
            _("The average prediction has one number for each point, like `truth`."),
            _("Variance looks at one point at a time: how far do the networks' predictions lie from their average?"),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for sets, points in ((4, 9), (12, 5), (6, 6)):
            truth = rng.normal(0, 2, points)
            scatter = rng.uniform(1.5, 2.5)  # far from 1, so that its square looks different
            predictions = truth + rng.uniform(0.3, 1, points) + rng.normal(0, scatter, (sets, points))
            label = _("{sets} networks, {points} points").format(sets=sets, points=points)
            yield Case(label, {"predictions": predictions, "truth": truth})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        given = [case.inputs[name].copy() for name in NAMES]
        returned = arrays_of(candidate(*given), ("bias2", "variance"))
        return {**returned, **{f"{name}_after": array for name, array in zip(NAMES, given, strict=True)}}

"""E3 on the learner's side: weights trained with classic dropout, made ready for inference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import arrays_of
from course.language import _


class ClassicToInference(Exercise):
    """E3: classic_to_inference(W, b, rate) -> (W, b), for layers trained with unscaled dropout on their inputs."""

    entry = "classic_to_inference"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            _("Follow a single input through many training passes. In which share of them does it take part?"),
            _("The mean of m · x · w over many passes is the mean of m times x · w. And what does a mask do to `b`?"),
            _("An input that takes part with probability 1 − rate contributes that share of x · w on average."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for rate, shape in ((0.2, (4, 3)), (0.35, (3, 4)), (0.7, (5, 2)), (0.0, (3, 3))):
            W = np.round(rng.choice([-1, 1], shape) * rng.uniform(0.5, 3.0, shape), 2)  # noqa: N806 (the course's own name)
            b = np.round(rng.choice([-1, 1], shape[1]) * rng.uniform(0.5, 2.0, shape[1]), 2)
            label = _("rate={rate} with W of shape {shape}").format(rate=rate, shape=shape)
            yield Case(label, {"W": W, "b": b, "rate": rate})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        W, b = case.inputs["W"].copy(), case.inputs["b"].copy()  # noqa: N806
        returned = arrays_of(candidate(W, b, case.inputs["rate"]), ("W_test", "b_test"))
        values = {name: array.copy() for name, array in returned.items()}
        return {**values, "W_after": W, "b_after": b}

"""E2 on the learner's side: one step of gradient descent on a loss with a penalty."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import arrays_of
from course.language import _

ARRAYS = ("w", "b", "grad_w", "grad_b")
NUMBERS = ("rate", "l1", "l2")


class PenalisedStep(Exercise):
    """E2: penalised_step(w, b, grad_w, grad_b, rate, l1, l2) -> (new w, new b)."""

    entry = "penalised_step"
    points = 3.0

    def hints(self) -> list[str]:
        return [
            _("Without a penalty, a step is `w - rate * grad_w`. What does the penalty add to the gradient?"),
            _("The derivative of w² is 2 · w. The derivative of |w| is 1 or −1, the sign of w; take 0 where w is 0."),
            _("The gradient of the whole loss is the data's and the penalty's, added up; the rate multiplies both."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for shape, rate, l1, l2 in (
            ((4, 3), 0.1, 0.0, 0.3),
            ((5, 2), 0.25, 0.6, 0.0),
            ((3, 4), 0.05, 0.2, 0.15),
            ((6, 1), 0.2, 0.0, 0.0),
        ):
            w = rng.choice([-1, 1], shape) * rng.uniform(0.3, 2.0, shape)
            w[rng.integers(shape[0]), rng.integers(shape[1])] = 0.0
            gradients = rng.normal(size=shape), rng.normal(size=shape[1])
            arrays = dict(zip(ARRAYS, (w, rng.uniform(1.0, 3.0, shape[1]), *gradients), strict=True))
            label = _("w of shape {shape}, rate={rate}, l1={l1}, l2={l2}")
            yield Case(label.format(shape=shape, rate=rate, l1=l1, l2=l2), {**arrays, "rate": rate, "l1": l1, "l2": l2})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        given = [case.inputs[name].copy() for name in ARRAYS]
        returned = arrays_of(candidate(*given, *(case.inputs[name] for name in NUMBERS)), ("w", "b"))
        stepped = {f"new_{name}": value.copy() for name, value in returned.items()}
        return {**stepped, **{f"{name}_after": array for name, array in zip(ARRAYS, given, strict=True)}}

"""E4 on the learner's side: a Dense layer that does the work of Dense and batch normalization at inference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import arrays_of
from course.language import _

ARRAYS = ("kernel", "moving_mean", "moving_var", "gamma", "beta")


class Fold(Exercise):
    """E4: fold(kernel, moving_mean, moving_var, gamma, beta, eps=1e-3) -> (kernel, bias)."""

    entry = "fold"
    points = 3.0

    def hints(self) -> list[str]:
        return [
            _("Write down what both layers do to an input x at inference, as one formula. What multiplies x there?"),
            _("Each neuron is a column of the kernel, and has one factor: gamma over the root of variance and `eps`."),
            _("What is left without x is the bias. Which factor does the moving mean have in it?"),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for (n, m), eps in (((5, 3), None), ((3, 3), 0.02), ((4, 6), None)):
            inputs = {
                "kernel": rng.normal(size=(n, m)),
                "moving_mean": rng.uniform(1.0, 3.0, m) * rng.choice([-1, 1], m),
                "moving_var": rng.uniform(0.02, 0.4, m),
                "gamma": rng.uniform(1.5, 3.0, m) * rng.choice([-1, 1], m),
                "beta": rng.normal(0.0, 2.0, m),
                "x": rng.normal(size=(8, n)),
                "eps": eps,
            }
            label = _("a kernel of shape {shape}").format(shape=(n, m))
            if eps is not None:
                label = _("a kernel of shape {shape}, eps={eps}").format(shape=(n, m), eps=eps)
            yield Case(label, inputs)

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        given = {name: case.inputs[name].copy() for name in ARRAYS}
        options = {} if case.inputs["eps"] is None else {"eps": case.inputs["eps"]}
        returned = arrays_of(candidate(*given.values(), **options), ("new_kernel", "new_bias"))
        values = {name: value.copy() for name, value in returned.items()}
        return {**values, **{f"{name}_after": array for name, array in given.items()}}

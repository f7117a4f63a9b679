"""E1 on the learner's side: batch normalization of one batch, as in training."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import Array, arrays_of, error_raised
from course.language import _

ARRAYS = ("z", "gamma", "beta")
BAD_SHAPES = ((3,), (2, 3, 3), (0, 3))  # no batch of rows: one axis, three axes, no row


class BnTrain(Exercise):
    """E1: bn_train(z, gamma, beta, eps=1e-3) -> (out, mean, var)."""

    entry = "bn_train"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            _("Each neuron has a mean of its own. Along which axis of `z` do the rows of the batch lie?"),
            _("Take the variance as `np.var` does. Is the small number added before the root is taken, or after?"),
            _("Normalise first, then `gamma` and `beta`. Check `z.ndim` and `len(z)` before anything else."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        """Columns lie far from 0 and have spreads of very different size, so that no two formulas agree. The last case
        alone tries what is no batch."""
        tried = (
            ((6, 4), None, ()),
            ((9, 3), 0.05, ()),
            ((2, 5), None, ()),
            ((1, 3), None, ()),
            ((4, 3), None, BAD_SHAPES),
        )
        for (n, d), eps, bad in tried:
            spread = np.resize([1.0, 0.08, 3.0, 10.0, 0.3], d)
            z = rng.normal(3.0, 1.0, (n, d)) * spread
            while n > 1 and (z.std(axis=0) < 0.4 * spread).any():  # of rows that agree, eps would be all that counts
                z = rng.normal(3.0, 1.0, (n, d)) * spread
            gamma, beta = rng.uniform(1.5, 3.0, d) * rng.choice([-1, 1], d), rng.normal(0.0, 2.0, d) + 3.0
            label = _("z of shape {shape}").format(shape=z.shape)
            if eps is not None:
                label = _("z of shape {shape}, eps={eps}").format(shape=z.shape, eps=eps)
            if bad:
                label = _("what is no batch of rows")
            yield Case(label, {"z": z, "gamma": gamma, "beta": beta, "eps": eps, "bad": bad})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        given = {name: case.inputs[name].copy() for name in ARRAYS}
        eps = case.inputs["eps"]
        options = {} if eps is None else {"eps": eps}
        returned = arrays_of(candidate(*given.values(), **options), ("out", "mean", "var"))
        values: dict[str, Value] = {name: value.copy() for name, value in returned.items()}
        values |= {f"{name}_after": array for name, array in given.items()}
        refused: list[Value] = [error_raised(candidate, *_bad(shape)) for shape in case.inputs["bad"]]
        return {**values, "refused": refused}


def _bad(shape: tuple[int, ...]) -> tuple[Array, Array, Array]:
    return np.ones(shape), np.ones(3), np.zeros(3)

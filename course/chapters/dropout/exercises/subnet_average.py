"""E7 on the learner's side: averages over every thinned network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import arrays_of
from course.language import _


class SubnetAverage(Exercise):
    """E7: subnet_average(W, b, x, rate) -> (geometric, arithmetic, scaled)."""

    entry = "subnet_average"
    points = 3.0

    def hints(self) -> list[str]:
        return [
            _("Begin with two inputs: there are four masks. Write them down, each with its probability."),
            _(
                "`itertools.product([0, 1], repeat=n)` gives all masks. The probability of a mask is a product over "
                "inputs."
            ),
            _(
                "A weighted geometric mean is exp of the weighted mean of the logarithms. It does not sum to 1 by "
                "itself; the arithmetic one does."
            ),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for rate, n_in, n_out in ((0.5, 4, 3), (0.3, 10, 4), (0.8, 5, 2)):
            inputs = {
                "W": rng.choice([-1, 1], (n_in, n_out)) * rng.uniform(0.5, 2.5, (n_in, n_out)),
                "b": rng.choice([-1, 1], n_out) * rng.uniform(0.5, 1.5, n_out),
                "x": rng.choice([-1, 1], n_in) * rng.uniform(0.5, 1.5, n_in),
                "rate": rate,
            }
            yield Case(_("rate={rate} with W of shape {shape}").format(rate=rate, shape=(n_in, n_out)), inputs)

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        names = ("geometric", "arithmetic", "scaled")
        W, b, x, rate = (case.inputs[name] for name in ("W", "b", "x", "rate"))  # noqa: N806
        first, second = (arrays_of(candidate(W.copy(), b.copy(), x.copy(), rate), names) for _i in range(2))
        return {**first, **{f"{name}_again": array for name, array in second.items()}}

"""E2 on the learner's side: the way back through a mask, on NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import array_of
from course.language import _


class DropoutBackward(Exercise):
    """E2: dropout_backward(dout, mask) -> dx. The loss behind it is the sum of c · tanh(x · mask)."""

    entry = "dropout_backward"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            _("If one value of `x` grows a little, by how much does its `out = x * mask` grow?"),
            _("For a single value, `out = x * m` with a fixed number m. What is the derivative of out by x?"),
            _(
                "The chain rule multiplies the gradient that arrives by that derivative, value by value. "
                "Nothing is drawn."
            ),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        yield self._case(rng, _("a mask of rate 0.2"), (8, 12), 0.2)
        yield self._case(rng, _("a mask of rate 0.7, arrays of three axes"), (4, 5, 6), 0.7)
        yield self._case(rng, _("a mask of rate 0.5, a single row"), (1, 12), 0.5)
        yield self._case(rng, _("a mask of rate 0.4, arrays of one axis"), (15,), 0.4)
        yield self._case(rng, _("a mask of ones"), (4, 6), 0.0)
        yield self._case(rng, _("a mask of zeros"), (4, 6), 1.0)

    def _case(self, rng: np.random.Generator, label: str, shape: tuple[int, ...], rate: float) -> Case:
        scale = 1 / (1 - rate) if rate < 1 else 0.0
        mask = (rng.random(shape) >= rate) * scale
        if 0 < rate < 1:
            mask.flat[:6] = [0, 0, 0, scale, scale, scale]  # some of each, whatever was drawn
        x = np.round(rng.normal(0, 1, shape), 1) * (rng.random(shape) > 0.2)
        c = rng.choice([-1, 1], shape) * rng.uniform(0.5, 2.0, shape)
        c.flat[6:9] = 0.0
        dout = c * (1 - np.tanh(x * mask) ** 2)
        return Case(label, {"x": x, "c": c, "mask": mask, "dout": dout})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        dout, mask = case.inputs["dout"].copy(), case.inputs["mask"].copy()
        dx = array_of(candidate(dout, mask), "dx").copy()
        return {"dx": dx, "dout_after": dout, "mask_after": mask}

"""E3 on the learner's side: what an L1 penalty makes of each weight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import array_of
from course.language import _


class SoftThreshold(Exercise):
    """E3: soft_threshold(w, t) -> array of the shape of w."""

    entry = "soft_threshold"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            _("What becomes of 1.5, of 0.2 and of −1.5 with a threshold of 0.5?"),
            _("The size goes down by `t`, and never below 0. The sign stays. Work out the two apart."),
            _("`np.sign(w)` is −1, 0 or 1, and `np.maximum(size, 0)` ends at 0."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for shape, t in (((9,), 0.5), ((4, 5), 1.2), ((6,), 0.0)):
            w = rng.choice([-1, 1], shape) * rng.uniform(0.05, 2.5, shape)
            w.flat[:3] = [1.5 * t + 0.3, -1.5 * t - 0.2, 0.4 * t]
            label = _("w of shape {shape}, t={t}").format(shape=shape, t=t)
            yield Case(label, {"w": w, "t": t})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        w = case.inputs["w"].copy()
        return {"shrunk": array_of(candidate(w, case.inputs["t"]), _("the result")).copy(), "w_after": w}

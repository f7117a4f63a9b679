"""E4 on the learner's side: the capstone. Two numbers of steps: for one network alone, and for an average of forty.

Only the numbers cross. Which are best is known on the trusted side alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.chapters.bias_variance.pooled_data import KINDS, draw_problem
from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import arrays_of
from course.language import _


class ChooseSteps(Exercise):
    """E4: choose_steps(x, y, x_val, y_val) -> (alone, together)."""

    entry = "choose_steps"
    points = 3.0

    def hints(self) -> list[str]:
        return [
            _("`train(x, y)` gives forty networks after each number of steps. What can you measure on the 1,000 rows?"),
            _("The error of one network alone: the mean of forty errors. The error of the average: one error."),
            _("Average the forty predictions first, then compare with `y_val`. Keep the best steps for each."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        seeds = {kind: int(rng.integers(2**31)) for kind in KINDS}
        careful, *mixed = KINDS
        yield Case(_("the careful problem"), {"seeds": {careful: seeds[careful]}})
        yield Case(_("the two mixed problems"), {"seeds": {kind: seeds[kind] for kind in mixed}})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        values: dict[str, Value] = {}
        for kind, problem_seed in case.inputs["seeds"].items():
            problem = draw_problem(kind, np.random.default_rng(problem_seed))
            came = candidate(problem.x, problem.y, problem.x_val, problem.y_val)
            returned = arrays_of(came, ("alone", "together"))
            values |= {f"{name}_{kind}": value for name, value in returned.items()}
        return values

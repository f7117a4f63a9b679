"""E9 on the learner's side: the capstone. Two rates, chosen on validation data for a problem never seen before.

Only the two rates cross. The judge trains the network with them and measures it on rows that are made where the
learner's code does not run, so knowing those rows' labels would not help: nobody asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.chapters.dropout.small_data import KINDS, draw_problem
from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import arrays_of
from course.language import _


class TuneDropout(Exercise):
    """E9: tune_dropout(x, y, x_val, y_val, width) -> (input_rate, rate)."""

    entry = "tune_dropout"
    points = 3.0

    def hints(self) -> list[str]:
        return [
            _("Which pairs of rates would you like to compare? Write them down as two short lists; 0 belongs to both."),
            _("Train one network for each pair, on `x` and `y`. On which rows does it show whether the pair is good?"),
            _(
                "Two loops over the rates, and inside them the mean validation accuracy over two or three seeds. Keep "
                "the pair with the best mean. A dozen pairs take about a second."
            ),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for kind in KINDS:
            problem = draw_problem(kind, rng)
            rows, features = problem.x.shape
            label = _("{rows} rows of {features} features, width={width}")
            yield Case(
                label.format(rows=rows, features=features, width=problem.width),
                {"problem": problem, "unseen_seed": int(rng.integers(2**31))},
            )

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        problem = case.inputs["problem"]
        rows = (problem.x.copy(), problem.y.copy(), problem.x_val.copy(), problem.y_val.copy())
        return {**arrays_of(candidate(*rows, problem.width), ("input_rate", "rate"))}

"""E4 on the learner's side: the capstone. A number of epochs, chosen on validation data for an unseen problem.

Only the number crosses. The judge trains the network for as long and measures it on rows that are made where the
learner's code does not run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.chapters.overfitting.stopping_data import KINDS, draw_problem
from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import array_of
from course.language import _


class ChooseEpochs(Exercise):
    """E4: choose_epochs(x, y, x_val, y_val) -> int."""

    entry = "choose_epochs"
    points = 3.0

    def hints(self) -> list[str]:
        return [
            _("Plot validation accuracy by epoch for `example('noisy')` and for `example('spirals')`."),
            _("Spirals pause for dozens of epochs before they get better. What patience would outlast that?"),
            _(
                "Note validation accuracy after each of the 200 epochs, and look for the best afterwards. Ties go to "
                "whichever you like."
            ),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for kind in KINDS:
            problem_seed, unseen_seed = (int(seed) for seed in rng.integers(2**31, size=2))
            problem = draw_problem(kind, np.random.default_rng(problem_seed))
            rows, features = problem.x.shape
            label = _("{rows} rows of {features} features").format(rows=rows, features=features)
            yield Case(label, {"kind": kind, "problem_seed": problem_seed, "unseen_seed": unseen_seed})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        problem = draw_problem(case.inputs["kind"], np.random.default_rng(case.inputs["problem_seed"]))
        return {"epochs": array_of(candidate(problem.x, problem.y, problem.x_val, problem.y_val), _("the number"))}

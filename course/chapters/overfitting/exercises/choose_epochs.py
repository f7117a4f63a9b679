"""E4 on the learner's side: the capstone. A number of epochs, chosen on validation data for unseen problems.

Only the numbers cross. The judge trains the network for as long and measures it on rows that are made where the
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
    """E4: choose_epochs(x, y, x_val, y_val) -> int. One case: what a function makes of all problems tells whether it
    looks at them at all."""

    entry = "choose_epochs"
    points = 3.0

    def hints(self) -> list[str]:
        return [
            _("Plot validation accuracy by epoch for `example('noisy')` and for `example('spirals')`."),
            _("Spirals pause for dozens of epochs before they get better. What patience would outlast that?"),
            _(
                "Note validation accuracy after each of the 200 epochs, and look for the best afterwards. If several "
                "epochs are equally good, take any of them."
            ),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        seeds = {kind: [int(seed) for seed in rng.integers(2**31, size=2)] for kind in KINDS}
        yield Case(_("one problem of each kind: {kinds}").format(kinds=", ".join(KINDS)), {"seeds": seeds})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        chosen: dict[str, Value] = {}
        for kind, (problem_seed, _unseen_seed) in case.inputs["seeds"].items():
            problem = draw_problem(kind, np.random.default_rng(problem_seed))
            returned = candidate(problem.x, problem.y, problem.x_val, problem.y_val)
            chosen[kind] = array_of(returned, _("the number for `{kind}`").format(kind=kind))
        return chosen

"""E5 on the learner's side: the capstone. Weights of a linear unit that uses few sensors and predicts well.

Only the weights cross. The judge draws other rows of the same machine and measures there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.chapters.norm_penalties.mixed_units import KINDS, draw_problem
from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import arrays_of
from course.language import _


class FewSensors(Exercise):
    """E5: few_sensors(x, y, x_val, y_val) -> (w, b)."""

    entry = "few_sensors"
    points = 4.0

    def hints(self) -> list[str]:
        return [
            _("Sensors write in different units. What does a penalty do to a sensor whose numbers are small?"),
            _("Standardise, train with an L1 penalty, cut the small weights. Which rows tell the best strength?"),
            _("At the end, turn the weights back into weights for `x` as it came: see the formula in the task."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for kind in KINDS:
            problem_seed, other_seed = (int(seed) for seed in rng.integers(2**31, size=2))
            label = {"noisy": _("the noisy machine"), "quiet": _("the quiet machine")}[kind]
            yield Case(label, {"kind": kind, "problem_seed": problem_seed, "other_seed": other_seed})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        problem = draw_problem(case.inputs["kind"], np.random.default_rng(case.inputs["problem_seed"]))
        return arrays_of(candidate(problem.x, problem.y, problem.x_val, problem.y_val), ("w", "b"))

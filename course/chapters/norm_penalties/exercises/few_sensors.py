"""E5 on the learner's side: the capstone. Weights of a linear unit that uses few sensors and predicts well.

Only the weights cross. The judge draws other rows of the same machine and measures there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.chapters.norm_penalties.mixed_units import draw_problem
from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import arrays_of
from course.language import _

MACHINES = ("noisy", "noisy", "noisy", "quiet")  # one noisy machine alone would let much pass by chance


class FewSensors(Exercise):
    """E5: few_sensors(x, y, x_val, y_val) -> (w, b)."""

    entry = "few_sensors"
    points = 4.0

    def hints(self) -> list[str]:
        return [
            _("Sensors write in different units. What does a penalty do to a sensor whose numbers are small?"),
            _("Standardise, train with an L1 penalty, keep the largest weights. Which rows tell the best strength?"),
            _("At the end, turn the weights back into weights for `x` as it came: see the formula in the task."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        """In this order a visible machine is a hard one, of which a limit of 0.1 alone leaves more than 12 sensors."""
        for kind in MACHINES:
            other_seed, problem_seed = (int(seed) for seed in rng.integers(2**31, size=2))
            label = {"noisy": _("a noisy machine"), "quiet": _("a quiet machine")}[kind]
            yield Case(label, {"kind": kind, "problem_seed": problem_seed, "other_seed": other_seed})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        problem = draw_problem(case.inputs["kind"], np.random.default_rng(case.inputs["problem_seed"]))
        return arrays_of(candidate(problem.x, problem.y, problem.x_val, problem.y_val), ("w", "b"))

"""E5 on the trusted side: how many sensors the weights use, and how far they miss on rows that nobody has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from course.chapters.norm_penalties.mixed_units import Problem, draw_problem, draw_rows
from course.chapters.norm_penalties.sensors import N_SENSORS, squared_error
from course.exercises.base import Case, Judge
from course.exercises.codec import Value
from course.exercises.judging import criterion, line
from course.exercises.numerics import Floats, array_value
from course.language import _, fill
from course.verdict import Finding

MOST_SENSORS = 12
GOALS = {"noisy": 3.8, "quiet": 0.09}  # mean squared error on new rows
USELESS = {"noisy": 5.2, "quiet": 1.0}  # more than any fit of standardised inputs that keeps all sensors
N_NEW = 2000
MATTERS = 1e-6  # how far a reading that is one spread higher must move the prediction for its sensor to be in use


class FewSensorsJudge(Judge):
    """Each kind of machine has its goal. A wrong idea is named by the error and by how many sensors are in use."""

    misconceptions = ("not_standardised", "not_converted", "not_cut", "too_strong")

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        labels = _labels(case.inputs["kind"])
        return [
            line(labels[0], 1, lambda label: _accurate(label, _measured(case, values))),
            line(labels[1], 1, lambda label: _lean(label, _measured(case, values))),
        ]


def _labels(kind: str) -> tuple[str, str]:
    """What was checked: the error, and the error together with the number of sensors."""
    return {
        "noisy": (_("noisy: the error on new rows reaches the goal"), _("noisy: so it does with at most 12 sensors")),
        "quiet": (_("quiet: the error on new rows reaches the goal"), _("quiet: so it does with at most 12 sensors")),
    }[kind]


@dataclass(frozen=True)
class _Measured:
    """error: mean squared, on new rows. used: sensors. named: the wrong idea that leads there, if one is known."""

    error: float
    goal: float
    used: int
    named: str | None

    @property
    def accurate(self) -> bool:
        return self.error <= self.goal

    def message(self, thought: str) -> str:
        told = _(
            "On {rows:,} new rows of this machine the error is {error:.3g}; the goal is {goal}. In use are {used} "
            "sensors.\n{thought}"
        )
        return fill(told, rows=N_NEW, error=self.error, goal=self.goal, used=self.used, thought=thought)


def _measured(case: Case, values: Mapping[str, Value]) -> _Measured:
    w, b = array_value(values, "w", (N_SENSORS,)), float(array_value(values, "b", ()))
    problem = draw_problem(case.inputs["kind"], np.random.default_rng(case.inputs["problem_seed"]))
    x, y = draw_rows(problem.machine, N_NEW, np.random.default_rng(case.inputs["other_seed"]))
    misses = x @ w + b - y
    used = int((np.abs(w) * problem.machine.units > MATTERS).sum())
    return _Measured(float(np.mean(misses**2)), GOALS[case.inputs["kind"]], used, _named(problem, w, b, misses, used))


def _named(problem: Problem, w: Floats, b: float, misses: Floats, used: int) -> str | None:
    """The wrong idea that leads to such weights, if one is known."""
    error, kind = float(np.mean(misses**2)), problem.machine.kind
    if used == 0:
        return None
    mean, spread = problem.x.mean(axis=0), problem.x.std(axis=0)
    standardised = squared_error(w, b, (problem.x_val - mean) / spread, problem.y_val)
    if error > USELESS[kind] >= standardised:
        return "not_converted"
    if misses.var() < error / 2:  # the bias alone is wrong
        return None
    if used > MOST_SENSORS:
        return "not_standardised" if error > USELESS[kind] else "not_cut"
    return "too_strong" if error > GOALS[kind] else None


def _accurate(label: str, measured: _Measured) -> Finding:
    thought = _("What did the validation rows say about other strengths, and about no penalty?")
    return criterion(measured.accurate, label, measured.message(thought), 1, measured.named)


def _lean(label: str, measured: _Measured) -> Finding:
    passed = measured.accurate and measured.used <= MOST_SENSORS
    thought = _("Which weights are so small that the prediction hardly changes without them?")
    return criterion(passed, label, measured.message(thought), 1, measured.named)

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

MOST_ERROR, MOST_SENSORS = 1.6, 12
USELESS = 8.0  # an error that large means that the weights do not fit the readings at all
TOO_LARGE = 2.0
N_NEW = 2000
MATTERS = 1e-6  # how far a reading that is one spread higher must move the prediction for its sensor to be in use


class FewSensorsJudge(Judge):
    """A wrong idea is named by the error and by how many sensors are in use."""

    misconceptions = ("not_standardised", "not_converted", "not_cut", "too_strong")

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        number = case.inputs["number"]
        labels = (
            fill(_("machine {number}: the error on new rows is at most {goal}"), number=number, goal=MOST_ERROR),
            fill(
                _("machine {number}: the same with at most {sensors} sensors"), number=number, sensors=MOST_SENSORS
            ),
        )
        return [
            line(labels[0], 1, lambda label: _accurate(label, _measured(case, values))),
            line(labels[1], 1, lambda label: _lean(label, _measured(case, values))),
        ]


@dataclass(frozen=True)
class _Measured:
    """error: mean squared, on new rows. used: sensors. named: the wrong idea that leads there, if one is known."""

    error: float
    used: int
    named: str | None

    def message(self, thought: str) -> str:
        told = _("On {rows} new rows of this machine the error is {error:.2f}, and {used} sensors are in use.\n{thought}")
        return fill(told, rows=N_NEW, error=self.error, used=self.used, thought=thought)


def _measured(case: Case, values: Mapping[str, Value]) -> _Measured:
    w, b = array_value(values, "w", (N_SENSORS,)), float(array_value(values, "b", ()))
    problem = draw_problem(np.random.default_rng(case.inputs["problem_seed"]))
    x, y = draw_rows(problem.machine, N_NEW, np.random.default_rng(case.inputs["other_seed"]))
    error = squared_error(w, b, x, y)
    used = int((np.abs(w) * problem.machine.units > MATTERS).sum())
    return _Measured(error, used, _named(problem, w, b, error, used))


def _named(problem: Problem, w: Floats, b: float, error: float, used: int) -> str | None:
    if error > USELESS:
        mean, spread = problem.x.mean(axis=0), problem.x.std(axis=0)
        standardised = squared_error(w, b, (problem.x_val - mean) / spread, problem.y_val)
        return "not_converted" if standardised <= USELESS else "not_standardised"
    if used > MOST_SENSORS:
        return "not_cut"
    return "too_strong" if error > TOO_LARGE else None


def _accurate(label: str, measured: _Measured) -> Finding:
    thought = _("What did the validation rows say about other strengths, and about no penalty?")
    return criterion(measured.error <= MOST_ERROR, label, measured.message(thought), 1, measured.named)


def _lean(label: str, measured: _Measured) -> Finding:
    passed = measured.error <= MOST_ERROR and measured.used <= MOST_SENSORS
    thought = _("Which weights are so small that the prediction hardly changes without them?")
    return criterion(passed, label, measured.message(thought), 1, measured.named)

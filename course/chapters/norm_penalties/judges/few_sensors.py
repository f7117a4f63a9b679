"""E5 on the trusted side: how many sensors the weights use, and how far they miss on rows that nobody has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from course.chapters.norm_penalties.mixed_units import Problem, draw_problem, draw_rows
from course.chapters.norm_penalties.sensors import N_SENSORS, exact_fit, squared_error
from course.exercises.base import Case, Judge
from course.exercises.codec import Value
from course.exercises.judging import criterion, line
from course.exercises.numerics import Floats, array_value
from course.language import _, fill
from course.verdict import Finding

MOST_SENSORS = 12
GOALS = {"noisy": 4.0, "quiet": 0.09}  # mean squared error on new rows
USELESS = {"noisy": 5.2, "quiet": 1.0}  # more than any fit of standardised inputs that keeps all sensors
N_NEW = 2000
HARDLY_CUT = 30  # with more sensors in use, no small weights have been set to 0
UNLEARNT = 1.0  # a bias below has hardly moved on its way to the power's level
SHRUNK = 0.95  # of the weights' sizes, what a penalty leaves at most
SHIFTED = 0.8  # of the error, what the spread of the misses makes up at most if the bias is wrong
NO_MODEL = 1.5  # of the power's variance, what the mean alone, or weights shrunk to nothing, miss at most
NEAR = 0.3  # how near a bias of standardised inputs is to the mean power
MATTERS = 1e-6  # how far a reading that is one spread higher must move the prediction for its sensor to be in use


class FewSensorsJudge(Judge):
    """Each kind of machine has its goal. A wrong idea is named by the error and by how many sensors are in use."""

    misconceptions = ("not_standardised", "not_converted", "bias_not_converted", "not_cut", "too_strong")

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
    """error: mean squared, on new rows. goal: for it. useless: more than any fit of standardised inputs. used: sensors.

    named: the wrong idea that leads there, if one is known.
    """

    error: float
    goal: float
    useless: float
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
    kind, named = case.inputs["kind"], _named(problem, w, b, misses, used)
    return _Measured(float(np.mean(misses**2)), GOALS[kind], USELESS[kind], used, named)


def _named(problem: Problem, w: Floats, b: float, misses: Floats, used: int) -> str | None:
    """The wrong idea that leads to such weights, if one is known."""
    error, kind = float(np.mean(misses**2)), problem.machine.kind
    if used == 0:
        return "not_standardised" if 0 < abs(b) < UNLEARNT else None
    if error <= GOALS[kind]:
        return "not_cut" if used > HARDLY_CUT else None
    mean, spread = problem.x.mean(axis=0), problem.x.std(axis=0)
    if error > USELESS[kind] >= squared_error(w, b, (problem.x_val - mean) / spread, problem.y_val):
        return "not_converted"
    if misses.var() < error * SHIFTED:  # the bias is wrong, whatever else
        if abs(b - problem.y.mean()) < NEAR and misses.var() <= NO_MODEL * problem.y.var():
            return "bias_not_converted"
        if misses.var() <= USELESS[kind]:
            return None
    if error <= NO_MODEL * problem.y.var() and _shrunk(problem, w):
        return "not_cut" if error <= USELESS[kind] and used > HARDLY_CUT else "too_strong"
    if error > USELESS[kind]:
        return "not_standardised" if _sees_large_numbers_alone(problem, w, b) else None
    return "not_cut" if used > HARDLY_CUT else None


def _effects(problem: Problem, w: Floats) -> Floats:
    """How far a reading that is one spread higher moves the prediction, for each sensor."""
    return np.asarray(np.abs(w) * problem.x.std(axis=0))


def _shrunk(problem: Problem, w: Floats) -> bool:
    """True if the same sensors would have larger weights without any penalty."""
    used = np.abs(w) * problem.machine.units > MATTERS
    free, _bias = exact_fit(problem.x[:, used] / problem.x[:, used].std(axis=0), problem.y)
    return bool(_effects(problem, w)[used].sum() < SHRUNK * np.abs(free).sum())


def _sees_large_numbers_alone(problem: Problem, w: Floats, b: float) -> bool:
    """True if only sensors with the largest numbers have been learnt from, or not even the level has: steps on inputs
    as they came are as short as the largest ones need."""
    effects = _effects(problem, w)
    others = effects[problem.machine.units < problem.machine.units.max()]
    return bool(others.sum() < 0.01 * effects.sum() or abs(b) < UNLEARNT)


def _accurate(label: str, measured: _Measured) -> Finding:
    thought = _("What did the validation rows say about other strengths, and about no penalty?")
    if measured.error > measured.useless:
        thought = _("Is the error of `x_val @ w + b` as good as you expected, with `x_val` as it came?")
    return criterion(measured.accurate, label, measured.message(thought), 1, measured.named)


def _lean(label: str, measured: _Measured) -> Finding:
    passed = measured.accurate and measured.used <= MOST_SENSORS
    thought = _("Which weights are so small that the prediction hardly changes without them?")
    if measured.used <= MOST_SENSORS:
        thought = _("These are few enough; the error comes first.")
    if measured.used == 0:
        thought = _("How large are the weights before any are set to 0?")
    return criterion(passed, label, measured.message(thought), 1, measured.named)

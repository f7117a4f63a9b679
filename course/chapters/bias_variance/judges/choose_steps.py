"""E4 on the trusted side: trains on other sets of the same problem, and measures each number of steps on the rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from course.chapters.bias_variance.pooled_data import (
    INSIDE,
    STEPS,
    draw_problem,
    draw_sets,
    predict,
    rule,
    train,
)
from course.exercises.base import Case, ContractBroken, Judge
from course.exercises.codec import Value
from course.exercises.judging import criterion, line
from course.exercises.numerics import array_value
from course.language import _, fill
from course.lessons.arrays import Floats
from course.verdict import Finding

GOALS = {"alone": 1.1, "together": 1.4}  # times the error at the best number of steps
GRID = np.linspace(-INSIDE, INSIDE, 201)


# By name, the squared error after each number of steps.
_Measured = Mapping[str, Mapping[int, float]]


class ChooseStepsJudge(Judge):
    """A wrong idea is named by the numbers of steps to which it leads.

    The two mixed problems are alike, and only chance tells their hospitals apart. So whoever answers them differently
    has listened to too few networks.
    """

    misconceptions = ("bias_decides", "variance_decides", "same_for_average", "one_network_decides")

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        return [_judged(name, kind, case, values) for kind in case.inputs["seeds"] for name in GOALS]


def _judged(name: str, kind: str, case: Case, values: Mapping[str, Value]) -> Finding:
    return line(_labels()[name, kind], 1, lambda label: _finding(label, name, kind, case, values))


def _finding(label: str, name: str, kind: str, case: Case, values: Mapping[str, Value]) -> Finding:
    steps = float(array_value(values, f"{name}_{kind}", (), name))
    if steps not in STEPS:
        message = _("`{name}` came back as {came:g}. It should be one of {steps}.")
        return criterion(False, label, message.format(name=name, came=steps, steps=", ".join(map(str, STEPS))))
    measured = _measured(kind, *case.inputs["seeds"][kind])[name]
    reached, goal = measured[int(steps)], GOALS[name] * min(measured.values())
    told = _(
        "`{name}` came back as {steps:.0f}. On other training sets of this problem, the error against the rule is "
        "{reached:.3f}; the goal is {goal:.3f}.\n{thought}"
    )
    thought = {
        "alone": _("Which of the forty networks does your function listen to, and what would the others say?"),
        "together": _("Which part of the error does averaging remove, and which does it leave?"),
    }[name]
    message = fill(told, name=name, steps=steps, reached=reached, goal=goal, thought=thought)
    right = reached <= goal or steps == _favoured(kind, case.inputs["seeds"][kind][0])[name]
    return criterion(right, label, message, 1, _named(name, steps, *_answers(case, values)))


def _answers(case: Case, values: Mapping[str, Value]) -> tuple[list[float], list[float]]:
    """What came for the case's problems, alone and together; nan for what is no number."""
    found: dict[str, list[float]] = {name: [] for name in GOALS}
    for name in GOALS:
        for kind in case.inputs["seeds"]:
            try:
                found[name].append(float(array_value(values, f"{name}_{kind}", ())))
            except ContractBroken:
                found[name].append(np.nan)
    return found["alone"], found["together"]


def _named(name: str, steps: float, alone: list[float], together: list[float]) -> str | None:
    """The wrong idea that leads to steps, which miss the goal, if one is known."""
    differs = len(set(alone)) > 1 and set(alone) <= set(STEPS)
    if differs and (name == "alone" or together == alone):
        return "one_network_decides"
    if steps == STEPS[0]:
        return "variance_decides"
    if name == "alone":
        return "bias_decides" if steps == STEPS[-1] else None
    return "same_for_average" if together == alone else None


@lru_cache(maxsize=1024)
def _measured(kind: str, problem_seed: int, other_seed: int) -> _Measured:
    phase = draw_problem(kind, np.random.default_rng(problem_seed)).phase
    x, y = draw_sets(kind, phase, np.random.default_rng(other_seed))
    return _errors(x, y, GRID, rule(GRID, phase))


@lru_cache(maxsize=1024)
def _favoured(kind: str, problem_seed: int) -> Mapping[str, int]:
    """By name, the number of steps that the validation rows favour: nobody who looks at all of a problem can do better,
    though in one problem of some hundreds other training sets say otherwise."""
    problem = draw_problem(kind, np.random.default_rng(problem_seed))
    errors = _errors(problem.x, problem.y, problem.x_val, problem.y_val)
    return {name: min(by_steps, key=by_steps.__getitem__) for name, by_steps in errors.items()}


def _errors(x: Floats, y: Floats, x_new: Floats, targets: Floats) -> _Measured:
    """Of networks trained on these sets, one alone and all together, on new rows."""
    predictions = {steps: predict(networks, x_new) for steps, networks in train(x, y).items()}
    return {
        "alone": {steps: float(((each - targets) ** 2).mean()) for steps, each in predictions.items()},
        "together": {steps: float(((each.mean(axis=0) - targets) ** 2).mean()) for steps, each in predictions.items()},
    }


def _labels() -> dict[tuple[str, str], str]:
    """What was checked, by the name of the number and the kind of problem."""
    return {
        ("alone", "careful"): _("careful: one network alone is nearly as good as at the best number of steps"),
        ("together", "careful"): _("careful: the average of forty is nearly as good as at the best number of steps"),
        ("alone", "mixed"): _("first mixed: one network alone is nearly as good as at the best number of steps"),
        ("together", "mixed"): _("first mixed: the average of forty is nearly as good as at the best number of steps"),
        ("alone", "other_mixed"): _("second mixed: one network alone is nearly as good as at the best number of steps"),
        ("together", "other_mixed"): _(
            "second mixed: the average of forty is nearly as good as at the best number of steps"
        ),
    }

"""E4 on the trusted side: trains on other sets of the same problem, and measures each number of steps on the rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from course.chapters.bias_variance.pooled_data import (
    N_ROWS,
    N_SETS,
    STEPS,
    draw_problem,
    draw_rows,
    predict,
    rule,
    train,
)
from course.exercises.base import Case, Judge
from course.exercises.codec import Value
from course.exercises.judging import criterion, line
from course.exercises.numerics import array_value
from course.language import _, fill
from course.verdict import Finding

GOALS = {"alone": 1.15, "together": 1.4}  # times the error at the best number of steps
GRID = np.linspace(-1, 1, 201)


# By name, the squared error against the rule after each number of steps.
_Measured = Mapping[str, Mapping[int, float]]


class ChooseStepsJudge(Judge):
    """A wrong idea is named by the number of steps to which it leads."""

    misconceptions = ("bias_decides", "variance_decides", "same_for_average")

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        labels = _labels(case.inputs["kind"])
        return [
            line(labels["alone"], 1, lambda label: _finding(label, "alone", case, values)),
            line(labels["together"], 1, lambda label: _finding(label, "together", case, values)),
        ]


def _finding(label: str, name: str, case: Case, values: Mapping[str, Value]) -> Finding:
    steps = float(array_value(values, name, ()))
    if steps not in STEPS:
        message = _("`{name}` came back as {came:g}. It should be one of {steps}.")
        return criterion(False, label, message.format(name=name, came=steps, steps=", ".join(map(str, STEPS))))
    measured = _measured(case.inputs["kind"], case.inputs["problem_seed"], case.inputs["other_seed"])
    reached, goal = measured[name][int(steps)], _goal(measured, name)
    if reached <= goal:
        return Finding(True, label)
    told = _(
        "`{name}` came back as {steps:.0f}. On other training sets of this problem, the error against the rule is "
        "{reached:.3f}; the goal is {goal:.3f}.\n{thought}"
    )
    thought = {
        "alone": _(
            "What do noisy rows do to a single network that trains for long? And what if there is little noise?"
        ),
        "together": _("Which part of the error does averaging remove, and which does it leave?"),
    }[name]
    message = fill(told, name=name, steps=steps, reached=reached, goal=goal, thought=thought)
    return criterion(False, label, message, 1, _named(name, values, measured))


def _goal(measured: _Measured, name: str) -> float:
    return GOALS[name] * min(measured[name].values())


def _named(name: str, values: Mapping[str, Value], measured: _Measured) -> str | None:
    """The wrong idea that leads to a number of steps that misses the goal, if one is known."""
    steps, alone = (float(array_value(values, each, ())) for each in (name, "alone"))
    if steps == STEPS[0]:
        return "variance_decides"
    if name == "alone" and steps == STEPS[-1]:
        return "bias_decides"
    right_alone = alone in STEPS and measured["alone"][int(alone)] <= _goal(measured, "alone")
    return "same_for_average" if name == "together" and steps == alone and right_alone else None


@lru_cache(maxsize=512)
def _measured(kind: str, problem_seed: int, other_seed: int) -> _Measured:
    phases = draw_problem(kind, np.random.default_rng(problem_seed)).phases
    x, y = draw_rows(kind, phases, (N_SETS, N_ROWS), np.random.default_rng(other_seed))
    truth, predictions = rule(GRID, phases), {steps: predict(nets, GRID) for steps, nets in train(x, y).items()}
    return {
        "alone": {steps: float(((each - truth) ** 2).mean()) for steps, each in predictions.items()},
        "together": {steps: float(((each.mean(axis=0) - truth) ** 2).mean()) for steps, each in predictions.items()},
    }


def _labels(kind: str) -> dict[str, str]:
    """What was checked, by the name of the number."""
    return {
        "noisy": {
            "alone": _("noisy: one network alone is nearly as good as at the best number of steps"),
            "together": _("noisy: the average of forty is nearly as good as at the best number of steps"),
        },
        "quiet": {
            "alone": _("quiet: one network alone is nearly as good as at the best number of steps"),
            "together": _("quiet: the average of forty is nearly as good as at the best number of steps"),
        },
    }[kind]

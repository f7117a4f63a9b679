"""E4 on the trusted side: which number of steps is best for a kind of problem, and what the learner's own rows say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from course.chapters.bias_variance.pooled_data import STEPS, draw_problem, predict, train
from course.exercises.base import Case, ContractBroken, Judge
from course.exercises.codec import Value
from course.exercises.judging import criterion, line
from course.exercises.numerics import array_value
from course.language import _, fill
from course.verdict import Finding

# Against the rule, on other training sets, wherever the rule's wave begins. Any other number is at least 1.3 times as
# wrong on average, so no problem needs measuring anew; tests/chapters/bias_variance/test_capstone.py does it.
BEST = {
    "careful": {"alone": 500, "together": 500},
    "mixed": {"alone": 50, "together": 500},
    "other_mixed": {"alone": 50, "together": 500},
}


class ChooseStepsJudge(Judge):
    """A wrong idea is named by the numbers of steps to which it leads.

    The two mixed problems are alike, and only chance tells their hospitals apart. So whoever answers them differently
    has listened to too few networks.
    """

    misconceptions = ("bias_decides", "variance_decides", "same_for_average", "one_network_decides")

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        return [_judged(name, kind, case, values) for kind in case.inputs["seeds"] for name in BEST[kind]]


def _judged(name: str, kind: str, case: Case, values: Mapping[str, Value]) -> Finding:
    return line(_labels()[name, kind], 1, lambda label: _finding(label, name, kind, case, values))


def _finding(label: str, name: str, kind: str, case: Case, values: Mapping[str, Value]) -> Finding:
    steps = float(array_value(values, f"{name}_{kind}", (), name))
    if steps not in STEPS:
        message = _("`{name}` came back as {came:g}. It should be one of {steps}.")
        return criterion(False, label, message.format(name=name, came=steps, steps=", ".join(map(str, STEPS))))
    if steps == BEST[kind][name]:
        return Finding(True, label)
    errors = _errors(kind, case.inputs["seeds"][kind])[name]
    reached, least = errors[int(steps)], min(errors.values())
    told, thought = {
        "alone": (
            _("On the validation rows the mean error of the forty is {reached:.3f}; the smallest is {least:.3f}."),
            _("What does your function compare: the mean of all forty errors, or something else?"),
        ),
        "together": (
            _("On the validation rows the error of their average is {reached:.3f}; the smallest is {least:.3f}."),
            _("Which part of the error does averaging remove, and which does it leave?"),
        ),
    }[name]
    came = fill(_("`{name}` came back as {steps:.0f}."), name=name, steps=steps)
    message = f"{came} {fill(told, reached=reached, least=least)}\n{thought}"
    return criterion(reached == least, label, message, 1, _named(name, steps, *_answers(case, values)))


def _answers(case: Case, values: Mapping[str, Value]) -> tuple[list[float], list[float]]:
    """What came for the case's problems, alone and together; nan for what is no number."""

    def number(key: str) -> float:
        try:
            return float(array_value(values, key, ()))
        except ContractBroken:
            return np.nan

    kinds = case.inputs["seeds"]
    return [number(f"alone_{kind}") for kind in kinds], [number(f"together_{kind}") for kind in kinds]


def _named(name: str, steps: float, alone: list[float], together: list[float]) -> str | None:
    """The wrong idea that leads to steps, which are not the best, if one is known."""
    differs = len(set(alone)) > 1 and set(alone) <= set(STEPS)
    if differs and (name == "alone" or together == alone):
        return "one_network_decides"
    if steps == STEPS[0]:
        return "variance_decides"
    if name == "alone":
        return "bias_decides" if steps == STEPS[-1] else None
    return "same_for_average" if together == alone else None


@lru_cache(maxsize=1024)
def _errors(kind: str, problem_seed: int) -> Mapping[str, Mapping[int, float]]:
    """On a problem's validation rows, after each number of steps: the mean of the networks' errors ("alone"), and the
    error of their average ("together"). Only answers other than BEST need it: should these rows, which are all that a
    learner has, favour another number by chance, then that is right as well."""
    problem = draw_problem(kind, np.random.default_rng(problem_seed))
    predictions = {steps: predict(nets, problem.x_val) for steps, nets in train(problem.x, problem.y).items()}
    return {
        "alone": {steps: float(((each - problem.y_val) ** 2).mean()) for steps, each in predictions.items()},
        "together": {
            steps: float(((each.mean(axis=0) - problem.y_val) ** 2).mean()) for steps, each in predictions.items()
        },
    }


def _labels() -> dict[tuple[str, str], str]:
    """What was checked, by the name of the number and the kind of problem."""
    return {
        ("alone", "careful"): _("careful: the best number of steps for one network alone"),
        ("together", "careful"): _("careful: the best number of steps for the average of forty"),
        ("alone", "mixed"): _("first mixed: the best number of steps for one network alone"),
        ("together", "mixed"): _("first mixed: the best number of steps for the average of forty"),
        ("alone", "other_mixed"): _("second mixed: the best number of steps for one network alone"),
        ("together", "other_mixed"): _("second mixed: the best number of steps for the average of forty"),
    }

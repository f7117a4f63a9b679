"""E9 on the trusted side: trains the network with the rates that came back, and measures it on rows nobody has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from course.chapters.dropout.small_data import Problem, accuracy, draw_rows, train
from course.exercises.base import Case, Judge
from course.exercises.codec import Value
from course.exercises.judging import criterion, line
from course.exercises.numerics import Floats, array_value
from course.language import _, fill
from course.lessons.arrays import Ints
from course.verdict import Finding

SEEDS = range(3)
N_UNSEEN = 2000
GOALS = {"spread": 0.07, "single": 0.06, "clean": -0.03}  # gain in accuracy over the network without dropout
NO_DROPOUT = (0.0, 0.0)

Rates = tuple[float, float]  # of the inputs, and after each hidden layer


@dataclass(frozen=True)
class _Trial:
    """A problem, and the rows on which networks trained for it are measured."""

    problem: Problem
    unseen: tuple[Floats, Ints]

    def accuracy(self, rates: Rates) -> float:
        """Mean accuracy (0–1) on the unseen rows, over three seeds."""
        problem, (input_rate, rate) = self.problem, rates
        networks = (train(problem.x, problem.y, problem.width, input_rate, rate, seed) for seed in SEEDS)
        return float(np.mean([accuracy(network, *self.unseen) for network in networks]))


class TuneDropoutJudge(Judge):
    """Each problem has its goal. A wrong idea is named by the rates that it leads to."""

    misconceptions = (
        "rate_keep_swapped",
        "training_score_decides",
        "picked_half_by_default",
        "more_is_better",
        "place_does_not_matter",
    )

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        problem = case.inputs["problem"]
        rng = np.random.default_rng(case.inputs["unseen_seed"])
        trial = _Trial(problem, draw_rows(problem.kind, problem.layout, N_UNSEEN, rng))
        label, _thought = _words(problem.kind)
        return [line(label, 1, lambda label: _finding(label, trial, values))]


def _finding(label: str, trial: _Trial, values: Mapping[str, Value]) -> Finding:
    rates = (float(array_value(values, "input_rate", ())), float(array_value(values, "rate", ())))
    goal = trial.accuracy(NO_DROPOUT) + GOALS[trial.problem.kind]
    if not _are_rates(rates):
        message = _("Came back: {rates}. Both should be at least 0 and below 1.").format(rates=_written(rates))
        return criterion(False, label, message, 1, _swapped(rates, trial, goal))
    reached = trial.accuracy(rates)
    if reached >= goal:
        return Finding(True, label)
    message = fill(
        _(
            "Came back: {rates}. On {rows} new rows, over {seeds} seeds, a network with these rates is right on "
            "{reached:.1%}; the goal is {goal:.1%}.\n{thought}"
        ),
        rates=_written(rates),
        rows=N_UNSEEN,
        seeds=len(SEEDS),
        reached=reached,
        goal=goal,
        thought=_words(trial.problem.kind)[1],
    )
    return criterion(False, label, message, 1, _swapped(rates, trial, goal) or _named(rates, trial.problem.kind))


def _written(rates: Rates) -> str:
    """As in code, in every language."""
    return "input_rate={:.3g}, rate={:.3g}".format(*rates)


def _are_rates(rates: Rates) -> bool:
    return all(0 <= rate < 1 for rate in rates)


def _swapped(rates: Rates, trial: _Trial, goal: float) -> str | None:
    """Where the probabilities of keeping would reach the goal as rates, that mistake."""
    kept = (1 - rates[0], 1 - rates[1])
    return "rate_keep_swapped" if _are_rates(kept) and trial.accuracy(kept) >= goal else None


def _named(rates: Rates, kind: str) -> str | None:
    """The wrong idea that leads to rates that miss the goal, if one is known."""
    input_rate, rate = rates
    if kind != "clean" and max(rates) < 0.05:
        return "training_score_decides"
    if abs(rate - 0.5) < 5e-3:
        return "picked_half_by_default"
    if max(rates) >= 0.75:
        return "more_is_better"
    if rate < 0.05 <= input_rate:
        return "place_does_not_matter"
    return None


def _words(kind: str) -> tuple[str, str]:
    """What was checked, and a thought for whoever missed the goal."""
    return {
        "spread": (
            _("wrong labels, every feature tells a little"),
            _(
                "The plain network learns the wrong labels by heart. "
                "Which pair of rates did best on the validation rows?"
            ),
        ),
        "single": (
            _("wrong labels, one feature for each class"),
            _(
                "What is lost where the one telling feature is dropped? "
                "Which place for dropout do validation rows favour?"
            ),
        ),
        "clean": (
            _("right labels, a narrow network"),
            _("What did the validation rows say about no dropout at all?"),
        ),
    }[kind]

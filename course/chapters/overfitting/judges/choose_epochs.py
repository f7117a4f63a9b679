"""E4 on the trusted side: trains the network, and measures it after every epoch on rows nobody has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course.chapters.overfitting.early_stopping import stop_of
from course.chapters.overfitting.stopping_data import MOST_EPOCHS, accuracy, draw_problem, draw_rows, train_epochs
from course.exercises.base import Case, Judge
from course.exercises.codec import Value
from course.exercises.judging import criterion, line
from course.exercises.numerics import Floats, array_value
from course.language import _, fill
from course.verdict import Finding

N_UNSEEN = 2000
GOAL = 0.04  # at most so far below the best of all epochs
LEARNT = 0.99  # of the training labels, wrong ones included: training accuracy has nothing more to say


@dataclass(frozen=True)
class _Curves:
    """Accuracies (0–1) after each of the 200 epochs."""

    train: Floats
    validation: Floats
    unseen: Floats


class ChooseEpochsJudge(Judge):
    """Both problems have one goal. A wrong idea is named by where on the curves it leads."""

    misconceptions = ("training_score_decides", "impatient")

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        kind = case.inputs["kind"]
        return [line(_words(kind)[0], 1, lambda label: _finding(label, case, values))]


def _finding(label: str, case: Case, values: Mapping[str, Value]) -> Finding:
    epochs = float(array_value(values, "epochs", (), _("the number")))
    kind = case.inputs["kind"]
    if not 1 <= epochs <= MOST_EPOCHS or epochs != int(epochs):
        message = _("Came back: {came:g}. It should be a whole number from 1 to {most}.")
        return criterion(False, label, message.format(came=epochs, most=MOST_EPOCHS))
    curves = _curves(kind, case.inputs["problem_seed"], case.inputs["unseen_seed"])
    reached, goal = float(curves.unseen[int(epochs) - 1]), float(curves.unseen.max()) - GOAL
    if reached >= goal:
        return Finding(True, label)
    told = _(
        "Came back: {epochs:.0f}. On {rows} new rows, the network is right on {reached:.1%} after as many epochs; the "
        "goal is {goal:.1%}.\n{thought}"
    )
    message = fill(told, epochs=epochs, rows=N_UNSEEN, reached=reached, goal=goal, thought=_words(kind)[1])
    return criterion(False, label, message, 1, _named(int(epochs), kind, curves))


def _named(epochs: int, kind: str, curves: _Curves) -> str | None:
    """The wrong idea that leads to a number that misses the goal, if one is known."""
    if kind == "noisy" and curves.train[epochs - 1] >= LEARNT:
        return "training_score_decides"
    paused = {stop_of(-curves.validation, patience).best for patience in range(1, 41)}
    if kind == "spirals" and epochs in paused:
        return "impatient"
    return None


@lru_cache(maxsize=128)
def _curves(kind: str, problem_seed: int, unseen_seed: int) -> _Curves:
    problem = draw_problem(kind, np.random.default_rng(problem_seed))
    unseen = draw_rows(kind, problem.layout, N_UNSEEN, np.random.default_rng(unseen_seed))
    parts = ((problem.x, problem.y), (problem.x_val, problem.y_val), unseen)
    networks = train_epochs(problem.x, problem.y, MOST_EPOCHS)
    scores = [[accuracy(network, *rows) for rows in parts] for network in networks]
    return _Curves(*np.array(scores).T)


def _words(kind: str) -> tuple[str, str]:
    """What was checked, and a thought for whoever missed the goal."""
    return {
        "noisy": (
            _("wrong labels: as good as the best number of epochs, or nearly"),
            _("What does the network learn in later epochs? Which rows can tell?"),
        ),
        "spirals": (
            _("right labels and a long pause: as good as the best number of epochs, or nearly"),
            _("How does validation accuracy go on after the first pause?"),
        ),
    }[kind]

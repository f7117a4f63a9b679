"""E4 on the trusted side: trains the network, and measures it after every epoch on rows nobody has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from course.chapters.overfitting.early_stopping import stop_of
from course.chapters.overfitting.stopping_data import (
    KINDS,
    MOST_EPOCHS,
    accuracy,
    draw_problem,
    draw_rows,
    train_epochs,
)
from course.exercises.base import Case, Judge
from course.exercises.codec import Value
from course.exercises.judging import criterion, line
from course.exercises.numerics import Floats, array_value, near
from course.language import _, fill
from course.lessons.metrics import accuracy as share_right
from course.lessons.metrics import nll, softmax
from course.lessons.networks import logits_of
from course.verdict import Finding

N_UNSEEN = 1000
GOAL = 0.04  # at most so far below the best of all epochs
WEIGHTS = {"noisy": 2, "spirals": 2, "easy": 1}
SAME_LOSS = 1.001  # times the smallest: as small, whatever the precision it was computed in
LEARNT = 0.99  # of the training labels, wrong ones included: training accuracy has nothing more to say
IMPATIENT = range(1, 21)  # patiences that are used up before the spirals get better


@dataclass(frozen=True)
class _Told:
    """What is told after each of the 200 epochs on rows that a learner has: accuracies (0–1), and losses in nats."""

    train: Floats
    validation: Floats
    validation_loss: Floats

    def favours(self, epochs: int) -> bool:
        """True for what the validation rows favour, by accuracy or by loss: nobody can do better with them, though in
        one problem of some dozens the new rows say otherwise."""
        best, least = self.validation.max(), self.validation_loss.min()
        return bool(self.validation[epochs - 1] == best or self.validation_loss[epochs - 1] <= SAME_LOSS * least)


class ChooseEpochsJudge(Judge):
    """All problems have one goal. A wrong idea is named by where on the curves it leads."""

    misconceptions = ("training_score_decides", "impatient", "one_number_for_all", "counts_from_zero")

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        return [
            line(_words(kind)[0], WEIGHTS[kind], partial(_finding, kind=kind, case=case, values=values))
            for kind in KINDS
        ]


def _finding(label: str, *, kind: str, case: Case, values: Mapping[str, Value]) -> Finding:
    epochs = float(array_value(values, kind, (), _("the number for `{kind}`").format(kind=kind)))
    weight, (problem_seed, unseen_seed) = WEIGHTS[kind], case.inputs["seeds"][kind]
    if not 1 <= epochs <= MOST_EPOCHS or epochs != int(epochs):
        expected = _("For `{kind}` came back: {came:g}. It should be a whole number from 1 to {most}.")
        message, named = expected.format(kind=kind, came=epochs, most=MOST_EPOCHS), None
        if epochs == 0 and _told(kind, problem_seed).validation.argmax() == 0:
            message, named = message + "\n" + _("Which number does the first epoch have?"), "counts_from_zero"
        return criterion(False, label, message, weight, named)
    unseen = _unseen_curve(kind, problem_seed, unseen_seed)
    reached, goal = float(unseen[int(epochs) - 1]), float(unseen.max()) - GOAL
    if reached >= goal or _told(kind, problem_seed).favours(int(epochs)):
        return Finding(True, label, weight=weight)
    message = _(
        "For `{kind}` came back: {epochs:.0f}. On {rows} new rows, the network is right on {reached:.1%} after as many "
        "epochs; the goal is {goal:.1%}.\n{thought}"
    )
    named, thought = _named(int(epochs), kind, problem_seed, values), _words(kind)[1]
    if named == "one_number_for_all":
        thought = _("The same number came back for every problem. What in the data could it depend on?")
    numbers = {"epochs": epochs, "rows": N_UNSEEN, "reached": reached, "goal": goal}
    return criterion(False, label, fill(message, kind=kind, thought=thought, **numbers), weight, named)


def _named(epochs: int, kind: str, problem_seed: int, values: Mapping[str, Value]) -> str | None:
    """The wrong idea that leads to a number that misses the goal, if one is known."""
    if epochs == MOST_EPOCHS:
        return "training_score_decides"
    if all(near(values.get(other), np.asarray(epochs), 0, 0) for other in KINDS):
        return "one_number_for_all"
    told = _told(kind, problem_seed)
    if kind == "noisy" and told.train[epochs - 1] >= LEARNT:
        return "training_score_decides"
    paused = {stop_of(-told.validation, patience).best for patience in IMPATIENT}
    return "impatient" if kind == "spirals" and epochs in paused else None


@lru_cache(maxsize=128)
def _unseen_curve(kind: str, problem_seed: int, unseen_seed: int) -> Floats:
    """Accuracy (0–1) on rows that nobody has seen, after each of the 200 epochs."""
    problem = draw_problem(kind, np.random.default_rng(problem_seed))
    x, y = draw_rows(kind, problem.layout, N_UNSEEN, np.random.default_rng(unseen_seed))
    return np.array([accuracy(network, x, y) for network in train_epochs(problem.x, problem.y, MOST_EPOCHS)])


@lru_cache(maxsize=128)
def _told(kind: str, problem_seed: int) -> _Told:
    """Only answers that miss the goal need it."""
    problem = draw_problem(kind, np.random.default_rng(problem_seed))
    measured = []
    for network in train_epochs(problem.x, problem.y, MOST_EPOCHS):
        logits = logits_of(network, problem.x_val)
        found = accuracy(network, problem.x, problem.y), share_right(logits, problem.y_val)
        measured.append([*found, nll(softmax(logits), problem.y_val)])
    return _Told(*np.array(measured).T)


def _words(kind: str) -> tuple[str, str]:
    """What was checked, and a thought for whoever missed the goal."""
    return {
        "noisy": (
            _("`noisy`, with wrong labels: as good as the best number of epochs, or nearly"),
            _("What does the network learn in later epochs? Which rows can tell?"),
        ),
        "spirals": (
            _("`spirals`, with a long pause: as good as the best number of epochs, or nearly"),
            _("How does validation accuracy go on after the first pause?"),
        ),
        "easy": (
            _("`easy`, learnt in the first epoch: as good as the best number of epochs, or nearly"),
            _("Which number does the first epoch have?"),
        ),
    }[kind]

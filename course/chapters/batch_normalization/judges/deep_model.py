"""E5 on the trusted side: how often the fitted network is right on rows that it has not learnt from, in either mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from course.chapters.batch_normalization.deep import EPOCHS, WIDTH
from course.chapters.batch_normalization.renamed_digits import draw_problem
from course.exercises.base import Case, ContractBroken, Judge
from course.exercises.codec import Value
from course.exercises.judging import criterion, line
from course.exercises.numerics import array_value, same
from course.language import _, fill
from course.lessons.digits import N_CLASSES, N_TEST
from course.verdict import Finding

GOAL = 0.90  # accuracy on new rows
CHANCE = 0.01  # that counts for the learner: the standard deviation of such an accuracy over draws of 1,000 rows
DEPTH = 8
KERNELS = [[WIDTH, WIDTH]] * DEPTH + [[WIDTH, N_CLASSES]]
APART = 0.1  # of the accuracies in both modes, from which on the moving averages are to blame
GUESSING = np.log(N_CLASSES)  # the loss of a network that believes in all classes alike; above it nothing is learnt
STILL_FALLING = 0.97  # the loss of three epochs over that of the three before, if there is more to learn


class DeepModelJudge(Judge):
    """The layers, and the accuracy with moving averages. Both modes together tell what went wrong."""

    misconceptions = ("no_batchnorm", "stale_averages", "rate_too_small")

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        if values.get("compiled") is not True:
            raise ContractBroken(_("The model is not compiled. Call compile() before you return it."))
        return [
            line(
                _("eight sigmoid layers of 64 neurons and an output for each class"),
                1,
                lambda it: _as_asked(it, values),
            ),
            line(_("the accuracy on new rows reaches the goal"), 3, lambda it: _accurate(it, case, values)),
        ]


def _as_asked(label: str, values: Mapping[str, Value]) -> Finding:
    if not isinstance(values.get("activations"), list):
        raise ContractBroken(_("The answers do not fit the questions."))
    layers = values.get("layers")
    message = _("Your model has these layers: {layers}. Its hidden activations are: {activations}.")
    told = message.format(
        layers=", ".join(map(str, layers if isinstance(layers, list) else [])),
        activations=", ".join(map(str, _hidden(values))) or "–",
    )
    return criterion(_is_as_asked(values), label, told[:700], 1)


def _is_as_asked(values: Mapping[str, Value]) -> bool:
    """True if the hidden layers are eight of 64 sigmoid neurons each, and there is an output for each class."""
    return same(values.get("kernels"), KERNELS) and same(_hidden(values), ["sigmoid"] * DEPTH)


def _hidden(values: Mapping[str, Value]) -> list[Value]:
    """Activations, without those of outputs."""
    activations = values.get("activations")
    return [name for name in activations if not same(name, "softmax")] if isinstance(activations, list) else []


@dataclass(frozen=True)
class _Measured:
    """Accuracies (0–1) on new rows: with moving averages, as in `predict`, and with the statistics of the batch."""

    moving: float
    batch: float


def _accurate(label: str, case: Case, values: Mapping[str, Value]) -> Finding:
    right = draw_problem(case.inputs["problem_seed"]).y_new
    moving, batch = (
        float((array_value(values, mode, (N_TEST,), _("the classes")) == right).mean()) for mode in ("moving", "batch")
    )
    named = _named(_Measured(moving, batch), values)
    message = fill(
        _(
            "On {rows:,} new rows the fitted network is right on {moving:.1%} at inference; the goal is {goal:.0%}. "
            "With the statistics of the batch it would be right on {batch:.1%}.\n{thought}"
        ),
        rows=N_TEST,
        moving=moving,
        goal=GOAL,
        batch=batch,
        thought=_thought(named),
    )
    return criterion(moving >= GOAL - CHANCE, label, message, 3, named)


def _named(measured: _Measured, values: Mapping[str, Value]) -> str | None:
    """The wrong idea that leads to such accuracies, if one is known."""
    if measured.batch - measured.moving > APART:
        return "stale_averages"
    if same(values.get("norms"), 0):
        return "no_batchnorm"
    losses = array_value(values, "losses", (EPOCHS,), _("the loss"))
    falls = np.mean(losses[-3:]) < STILL_FALLING * np.mean(losses[-6:-3])
    if falls and losses[-1] < GUESSING and abs(measured.batch - measured.moving) <= APART and _is_as_asked(values):
        return "rate_too_small"
    return None


def _thought(named: str | None) -> str:
    return {
        "stale_averages": _("Where do the statistics of inference come from, and how many steps have they had?"),
        "no_batchnorm": _("What did eight sigmoid layers learn in the lesson, and with which layers between them?"),
        "rate_too_small": _("The loss was still falling when the time was up. What lets it fall faster?"),
    }.get(named or "", _("What do the validation rows of `example()` say about your settings?"))

"""E6 on the trusted side: every step of training worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from course.chapters.dropout.exercises.train_step import (
    ACTIVITY_PENALTY,
    BIAS_PENALTY,
    KERNEL_PENALTY,
    LEARNING_RATE,
    MOMENTUM,
    N_EXACT_STEPS,
    N_STEPS,
)
from course.chapters.dropout.judges.small_network import probabilities
from course.exercises.base import Case, ContractBroken, Judge
from course.exercises.codec import Value
from course.exercises.judging import Told, compared, criterion
from course.exercises.numerics import Floats, array_value
from course.language import _, fill
from course.verdict import Finding


@dataclass(frozen=True)
class _Idea:
    """A way to understand the step: is dropout on, and how often does each of `model.losses` count?

    penalties: factors of the penalties on what enters the layer, on its kernel and on its bias.
    """

    dropout: bool
    penalties: tuple[float, float, float]

    @property
    def whole(self) -> bool:
        return self.penalties == _ALL


_ALL, _NONE = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
_SOME = [tuple(map(float, each)) for each in product((0, 1), repeat=3) if each not in (_ALL, _NONE)]
_IDEAS = tuple(
    _Idea(dropout, penalties)  # type: ignore[arg-type]
    for penalties in (_ALL, _NONE, *_SOME, (2.0, 2.0, 2.0), (1 / 3, 1 / 3, 1 / 3))
    for dropout in (True, False)
)


@dataclass(frozen=True)
class _Steps:
    """What the exact steps show: the losses that came back, the right ones, and the ideas that fit them.

    in_loss, in_step: the idea that explains the losses, and the one that explains how the weights moved, if any does.
    loss_fits: whether in_loss explains both losses; a single one may be an idea's by chance.
    """

    shown_losses: object
    right: list[float]
    in_loss: _Idea | None
    in_step: _Idea | None
    loss_fits: bool

    @property
    def seen(self) -> list[_Idea]:
        return [idea for idea in (self.in_loss, self.in_step) if idea is not None]

    def told(self, in_value: bool, nothing_fits: str, thought: str) -> str | Told:
        """What to say of a wrong idea. in_value: whether the loss that came back is free of it."""
        if not self.seen:
            return nothing_fits
        if in_value:
            return _("The loss that came back is right, but the weights moved by another. What did the tape see?")
        return compared(self.shown_losses, self.right, thought)


def _recognised(inputs: Mapping[str, Any], weights: list[list[Floats]], values: Mapping[str, Value]) -> _Steps:
    """The ideas behind what came back, and behind the weights after each step."""
    came = _losses(values)
    before = [inputs["weights"], *weights[:-1]]
    expected = {
        idea: [_loss_and_gradient(inputs, each, step, idea)[0] for step, each in enumerate(before)] for idea in _IDEAS
    }
    right = expected[_IDEAS[0]]
    begun = _IDEAS[0] if _close(came[0], right[0]) else None  # a single loss may be a wrong idea's by chance
    in_loss = next((idea for idea in _IDEAS if _all_close(came, expected[idea])), begun)
    in_step = next((idea for idea in _IDEAS if _agree(weights, _trajectory(inputs, idea))), None)
    loss_fits = in_loss is not None and _all_close(came, expected[in_loss])
    shown_losses = str(values.get("kinds"))[:100] if None in came else came
    return _Steps(shown_losses, right, in_loss, in_step, loss_fits)


class TrainStepJudge(Judge):
    """Compares the loss that came back, and the weights after each step, with what each idea would give."""

    misconceptions = (
        "training_flag_missing",
        "forgot_regularisation_losses",
        "forward_outside_tape",
        "no_apply",
        "applied_twice",
    )

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        told, named = "", None
        if isinstance(no_gradients := values.get("no_gradients"), str):
            thought = _("\nThe tape has not seen how the loss came from the weights. What happened outside it?")
            told, named = no_gradients + thought, "forward_outside_tape"
        if "masks" not in case.inputs:
            learns = _("a network learns")
            return [Finding(False, learns, told, 1, named) if told else self._learns(learns, case.inputs, values)]
        if told:
            raise ContractBroken(told, named)
        return self._exact(case.inputs, values)

    def _exact(self, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> list[Finding]:
        applied, weights = _steps(values, N_EXACT_STEPS, inputs["weights"])
        steps = _recognised(inputs, weights, values)
        return [
            self._idea_of_dropout(steps),
            self._idea_of_penalties(steps),
            self._applied(applied, weights, inputs),
            self._gradient(applied, weights, steps.in_step, inputs, values.get("frozen_moved") is not False),
            self._returned(values, steps),
        ]

    def _idea_of_dropout(self, steps: _Steps) -> Finding:
        message = steps.told(
            steps.in_loss is not None and steps.in_loss.dropout,
            _("Neither the loss nor the weights fit a pass with dropout on."),
            _("This is the loss of each step. Who tells the model that it is training?"),
        )
        passed = steps.seen and all(idea.dropout for idea in steps.seen)
        named = "training_flag_missing" if steps.seen else None
        return criterion(passed, _("dropout is on in the forward pass"), message, 2, named)

    def _idea_of_penalties(self, steps: _Steps) -> Finding:
        message = steps.told(
            steps.in_loss is not None and steps.in_loss.whole,
            _("Neither the loss nor the weights fit a loss that includes all of `model.losses`."),
            _("This is the loss of each step. What do the penalties of the layers add, and to what?"),
        )
        passed = steps.seen and all(idea.whole for idea in steps.seen)
        forgotten = any(idea.penalties == _NONE for idea in steps.seen)
        named = "forgot_regularisation_losses" if forgotten else None
        return criterion(passed, _("`model.losses` are part of the loss"), message, 2, named)

    def _applied(self, applied: list[int], weights: list[list[Floats]], inputs: Mapping[str, Any]) -> Finding:
        message = _("In two calls the optimizer was applied {n} times; once in each call is right.").format(
            n=applied[-1]
        )
        still = _agree(weights, [inputs["weights"]] * 2)
        named = "no_apply" if applied[-1] == 0 and still else "applied_twice" if applied == [2, 4] else None
        return criterion(applied == [1, 2], _("one update by the optimizer"), message, 2, named)

    def _gradient(
        self,
        applied: list[int],
        weights: list[list[Floats]],
        in_step: _Idea | None,
        inputs: Mapping[str, Any],
        frozen_moved: bool,
    ) -> Finding:
        """Right if the weights moved as some idea says; a wrong idea costs its own line, not this one too."""
        label = _("the gradient of that very loss")
        if in_step is not None and frozen_moved:
            message = _("A weight that is not among `model.trainable_variables` was moved. It should stay as it is.")
            return criterion(False, label, message, 2)
        right = _trajectory(inputs, _IDEAS[0])
        named = None
        if applied[-1] == 0 and _agree(weights, [inputs["weights"]] * 2):
            named = "no_apply"
        elif applied == [2, 4]:
            named = "applied_twice"
        elif _agree(weights, _trajectory(inputs, None)):
            named = "forward_outside_tape"
        step = 0 if not _agree(weights[:1], right[:1]) else 1
        thought = _("These are the weights after call {n}. Which loss was open to the tape, and who applied it?")
        came, expected = (np.concatenate([each.ravel() for each in path[step]]) for path in (weights, right))
        told = compared(came, expected, thought.format(n=step + 1))
        return criterion(in_step is not None, label, told, 2, named)

    def _returned(self, values: Mapping[str, Value], steps: _Steps) -> Finding:
        label = _("returns the loss before the update, as a float")
        if values.get("is_float") is not True:
            message = _("Expected a Python float, but got: {came}. `float(...)` makes one of a tensor.")
            return Finding(False, label, message.format(came=str(values.get("kinds"))[:100]))
        thought = _("Shown for both calls. Is it the loss before the update, of the same pass, and all of it?")
        return criterion(steps.loss_fits, label, compared(steps.shown_losses, steps.right, thought))

    def _learns(self, label: str, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> Finding:
        _applied, (weights,) = _steps(values, N_STEPS, inputs["weights"], kept=1)
        before, after = (_cross_entropy(inputs, each) for each in (inputs["weights"], weights))
        message = _("The loss without dropout was {before:.3f} before {n} steps and {after:.3f} after them.")
        told = fill(message, before=before, after=after, n=N_STEPS)
        if any(np.allclose(old, new, rtol=1e-5) for old, new in zip(inputs["weights"], weights, strict=True)):
            told = _("Some of the model's weights never moved. Which variables were handed to the tape?")
            return criterion(False, label, told)
        return criterion(after < 0.8 * before, label, told)


def _losses(values: Mapping[str, Value]) -> list[float | None]:
    """What came back from each step, None where it is not a number."""
    returned = values.get("returned")
    if not isinstance(returned, list) or len(returned) != N_EXACT_STEPS:
        return [None] * N_EXACT_STEPS
    return [loss if isinstance(loss, float) else None for loss in returned]


def _close(loss: float | None, expected: float) -> bool:
    return loss is not None and bool(np.isclose(loss, expected, rtol=2e-5, atol=0))


def _all_close(losses: list[float | None], expected: list[float]) -> bool:
    return all(_close(loss, each) for loss, each in zip(losses, expected, strict=True))


def _steps(
    values: Mapping[str, Value], n_steps: int, like: list[Floats], kept: int | None = None
) -> tuple[list[int], list[list[Floats]]]:
    """How often the optimizer had been applied after each step, and the weights after the last `kept` ones."""
    applied, weights = values.get("applied"), values.get("weights")
    kept = n_steps if kept is None else kept
    fits = isinstance(applied, list) and len(applied) == n_steps and all(isinstance(n, int) for n in applied)
    if not fits or not isinstance(weights, list) or len(weights) != kept:
        raise ContractBroken(_("The steps could not be followed."))
    read = []
    for each in weights:
        if not isinstance(each, list) or len(each) != len(like):
            raise ContractBroken(_("Other variables of the model are trainable now than before the call."))
        read.append([array_value({"w": w}, "w", old.shape, _("a weight")) for w, old in zip(each, like, strict=True)])
    return [int(n) for n in applied], read  # type: ignore[union-attr, arg-type]


def _loss_and_gradient(
    inputs: Mapping[str, Any], weights: list[Floats], step: int, idea: _Idea | None
) -> tuple[float, list[Floats]]:
    """Loss and gradients (kernel, bias) of one step of the scripted regression; without an idea, of the penalties."""
    W, b = weights  # noqa: N806
    x, y = inputs["x"], inputs["y"]
    loss, slope_W, slope_b = 0.0, np.zeros_like(W), np.zeros_like(b)  # noqa: N806
    on_activity, on_kernel, on_bias = _ALL if idea is None else idea.penalties
    if idea is not None:
        seen = x * inputs["masks"][step] if idea.dropout else x
        error = seen @ W + b - y
        loss = float(np.mean(y * error**2)) + on_activity * ACTIVITY_PENALTY * float(np.mean(seen**2))
        slope_W = seen.T @ (2 * y * error) / len(x)  # noqa: N806
        slope_b = (2 * y * error).mean(axis=0)
    loss += on_kernel * KERNEL_PENALTY * float(np.sum(W**2)) + on_bias * BIAS_PENALTY * float(np.sum(b**2))
    return loss, [slope_W + 2 * on_kernel * KERNEL_PENALTY * W, slope_b + 2 * on_bias * BIAS_PENALTY * b]


def _trajectory(inputs: Mapping[str, Any], idea: _Idea | None) -> list[list[Floats]]:
    """The weights after each of two steps of SGD with momentum."""
    weights, moments = list(inputs["weights"]), [np.zeros_like(w) for w in inputs["weights"]]
    path = []
    for step in range(N_EXACT_STEPS):
        _loss, slopes = _loss_and_gradient(inputs, weights, step, idea)
        moments = [MOMENTUM * m - LEARNING_RATE * slope for m, slope in zip(moments, slopes, strict=True)]
        weights = [w + m for w, m in zip(weights, moments, strict=True)]
        path.append(weights)
    return path


def _agree(path: list[list[Floats]], other: list[list[Floats]]) -> bool:
    return all(
        np.allclose(a, b, rtol=1e-3, atol=2e-4)
        for one, two in zip(path, other, strict=True)
        for a, b in zip(one, two, strict=True)
    )


def _cross_entropy(inputs: Mapping[str, Any], weights: list[Floats]) -> float:
    chosen = probabilities(inputs["x"], weights)[np.arange(len(inputs["y"])), inputs["y"].astype(int)]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())

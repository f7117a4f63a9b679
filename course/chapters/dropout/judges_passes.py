"""E5 and E6 on the trusted side: what scripted passes must give, and every step of training worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.chapters.dropout.exercises_passes import BIAS_PENALTY, KERNEL_PENALTY, LEARNING_RATE, MOMENTUM, N_STEPS
from course.exercises.answers import Floats, array_value, compared, criterion, numbers_value
from course.exercises.base import Case, ContractBroken, Judge
from course.exercises.values import Value
from course.language import _
from course.verdict import Finding

NEAR = 2e-3  # float32 sums, square roots of small differences, and the usual epsilons inside a logarithm


class McPredictJudge(Judge):
    """E5. Scripted passes have exact answers; real ones must spread where there is dropout, and only there."""

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        if "script" in case.inputs:
            return self._scripted(case.inputs, values)
        label = _("a real Keras network")
        try:
            return [self._network(label, case.inputs, values)]
        except ContractBroken as error:
            return [Finding(False, label, str(error))]

    def _scripted(self, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> list[Finding]:
        script: Floats = inputs["script"]
        _n_samples, n, n_classes = script.shape
        mean = numbers_value(values, "mean", (n, n_classes))
        entropy = numbers_value(values, "entropy", (n,))
        right = script.mean(axis=0)
        votes = np.eye(n_classes)[script.argmax(axis=-1)].mean(axis=0)
        mistakes = {"one_sample_repeated": script[0], "class_votes_only": votes}
        right_entropy = _entropy(right)
        told = np.isfinite(entropy)
        return [
            self._passes(inputs["n_samples"], values),
            criterion(
                _near(mean, right),
                _("`mean` is the mean over the passes"),
                compared(mean[-1], right[-1], _("Shown for the last row. Over which axis do the passes lie?")),
                2,
                _first_near(mean, mistakes),
            ),
            self._std(script, values),
            criterion(
                told.any() and _near(entropy[told], right_entropy[told]),
                _("`entropy` is the entropy of the mean"),
                compared(entropy, right_entropy, _("Is it the entropy of `mean`, in nats, one number for each row?")),
                2,
                _first_near(entropy, {"mean_of_entropies": _entropy(script).mean(axis=0)}),
            ),
            criterion(
                told.all(),
                _("no `nan` where a probability is 0"),
                compared(entropy[0], right_entropy[0], _("Row 0 has a class of probability 0. What is log(0)?")),
                1,
                "log_zero",
            ),
        ]

    def _passes(self, n_samples: int, values: Mapping[str, Value]) -> Finding:
        on, off = (int(array_value(values, name, ())) for name in ("training_calls", "other_calls"))
        message = _(
            "The model was called {on} times with dropout on and {off} times with it off; {n} and 0 were asked."
        )
        named = None
        if on == 0 and off > 0:
            named = "used_predict"
        elif on == 1 and off == 0:
            named = "one_sample_repeated"
        label = _("`n_samples` passes with dropout on")
        return criterion((on, off) == (n_samples, 0), label, message.format(on=on, off=off, n=n_samples), 2, named)

    def _std(self, script: Floats, values: Mapping[str, Value]) -> Finding:
        label = _("`std` is the standard deviation over the passes")
        came, right = values.get("std"), script.std(axis=0)
        if not isinstance(came, np.ndarray):
            raise ContractBroken(_("{what} should be an array of shape {shape}.").format(what="std", shape=right.shape))
        axes = {axis: script.std(axis=axis) for axis in (1, 2)} | {3: right.mean(axis=0), 4: right.mean(axis=1)}
        named = "std_wrong_axis" if any(_near(came, other) for other in axes.values()) else None
        if came.shape != right.shape:
            message = _("{what} should have shape {shape}, but has {came}.")
            told = message.format(what="std", shape=right.shape, came=came.shape)
            return criterion(False, label, told, 2, named)
        thought = _("Shown for the last row. How far do the passes lie from their mean?")
        return criterion(_near(came, right), label, compared(came[-1], right[-1], thought), 2, named)

    def _network(self, label: str, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> Finding:
        shape = (len(inputs["x"]), len(inputs["weights"][3]))
        mean, std = (array_value(values, name, shape) for name in ("mean", "std"))
        array_value(values, "entropy", shape[:1])
        if inputs["rate"] == 0:
            right = _probabilities(inputs["x"], inputs["weights"])
            message = _("Without dropout all passes agree: std is 0 and mean is what the network predicts.")
            return criterion(_near(mean, right) and std.max() < NEAR, label, message)
        spread = std.max(axis=1).min() > 1e-3 and np.allclose(mean.sum(axis=1), 1, atol=1e-3)
        message = _("With dropout the passes differ, so std should be above 0, and each row of mean should sum to 1.")
        return criterion(spread, label, message + "\nstd: " + np.array2string(std[0], precision=3))


def _near(came: Any, right: Floats) -> bool:
    return came.shape == right.shape and bool(np.allclose(came, right, rtol=0, atol=NEAR))


def _first_near(came: Floats, mistakes: Mapping[str, Floats]) -> str | None:
    return next((name for name, pattern in mistakes.items() if _near(came, pattern)), None)


def _entropy(p: Floats) -> Floats:
    """−Σ p log p over the last axis, in nats; 0 log 0 is 0."""
    return np.asarray(-np.sum(p * np.log(p, out=np.zeros_like(p), where=p > 0), axis=-1))


def _probabilities(x: Floats, weights: list[Floats]) -> Floats:
    """Answers (n, n_classes) of ReLU and softmax layers with those weights, nothing dropped."""
    w1, b1, w2, b2 = weights
    logits = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class _Idea:
    """A way to understand the step: is dropout on, do the model's own losses count?"""

    dropout: bool
    penalties: bool


_IDEAS = tuple(_Idea(dropout, penalties) for dropout in (True, False) for penalties in (True, False))


class TrainStepJudge(Judge):
    """E6. Compares the loss that came back, and the weights after each step, with what each idea would give."""

    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        told, named = "", None
        if isinstance(no_gradients := values.get("no_gradients"), str):
            thought = _("\nThe tape has not seen how the loss came from the weights. What happened outside it?")
            told, named = no_gradients + thought, "forward_outside_tape"
        if "mask" not in case.inputs:
            learns = _("a network learns")
            return [Finding(False, learns, told, 1, named) if told else self._learns(learns, case.inputs, values)]
        if told:
            raise ContractBroken(told, named)
        return self._exact(case.inputs, values)

    def _exact(self, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> list[Finding]:
        applied, weights = _steps(values, 2, inputs["weights"])
        losses = {idea: _loss_and_gradient(inputs, inputs["weights"], idea)[0] for idea in _IDEAS}
        loss, later_loss = _two_losses(values)
        in_loss = next((idea for idea, each in losses.items() if _close(loss, each)), None)
        in_step = next((idea for idea in _IDEAS if _agree(weights, _trajectory(inputs, idea))), None)
        later = in_loss is None or _close(later_loss, _loss_and_gradient(inputs, weights[0], in_loss)[0])
        seen = [idea for idea in (in_loss, in_step) if idea is not None]
        expected = losses[_IDEAS[0]]
        came = str(values.get("kinds"))[:100] if loss is None else loss
        return [
            criterion(
                seen and all(idea.dropout for idea in seen),
                _("dropout is on in the forward pass"),
                compared(came, expected, _("This is the loss. Who tells the model that it is training?"))
                if seen
                else _("Neither the loss nor the weights fit a pass with dropout on."),
                2,
                "training_flag_missing" if seen else None,
            ),
            criterion(
                seen and all(idea.penalties for idea in seen),
                _("`model.losses` are part of the loss"),
                compared(
                    came, expected, _("This is the loss. What do the L2 penalties of the layers add, and to what?")
                )
                if seen
                else _("Neither the loss nor the weights fit a loss that includes all of `model.losses`."),
                2,
                "forgot_regularisation_losses" if seen else None,
            ),
            self._applied(applied, weights, inputs),
            self._gradient(applied, weights, in_step, inputs),
            self._returned(values, in_loss, came, expected, later),
        ]

    def _applied(self, applied: list[int], weights: list[list[Floats]], inputs: Mapping[str, Any]) -> Finding:
        message = _("In two calls the optimizer was applied {n} times; once in each call is right.").format(
            n=applied[-1]
        )
        still = _agree(weights, [inputs["weights"]] * 2)
        named = "no_apply" if applied[-1] == 0 and still else "applied_twice" if applied == [2, 4] else None
        return criterion(applied == [1, 2], _("one update by the optimizer"), message, 2, named)

    def _gradient(
        self, applied: list[int], weights: list[list[Floats]], in_step: _Idea | None, inputs: Mapping[str, Any]
    ) -> Finding:
        """Right if the weights moved as some idea says; a wrong idea costs its own line, not this one too."""
        right = _trajectory(inputs, _IDEAS[0])
        named = None
        if applied[-1] == 0 and _agree(weights, [inputs["weights"]] * 2):
            named = "no_apply"
        elif applied == [2, 4]:
            named = "applied_twice"
        elif _agree(weights, _trajectory(inputs, None)):
            named = "forward_outside_tape"
        thought = _("These are the weights after the first call. Which loss was open to the tape, and who applied it?")
        message = compared(weights[0][0].ravel(), right[0][0].ravel(), thought)
        return criterion(in_step is not None, _("the gradient of that very loss"), message, 2, named)

    def _returned(
        self, values: Mapping[str, Value], in_loss: _Idea | None, came: object, expected: float, later: bool
    ) -> Finding:
        """later: the second loss is right too, for the weights that the model then had."""
        label = _("returns the loss before the update, as a float")
        if in_loss is not None and later and values.get("is_float") is True:
            return Finding(True, label)
        if values.get("is_float") is not True:
            message = _("Expected a Python float, but got: {came}. `float(...)` makes one of a tensor.")
            return Finding(False, label, message.format(came=str(values.get("kinds"))[:100]))
        return Finding(False, label, compared(came, expected, _("Is it the loss before the update, and all of it?")))

    def _learns(self, label: str, inputs: Mapping[str, Any], values: Mapping[str, Value]) -> Finding:
        _applied, (weights,) = _steps(values, N_STEPS, inputs["weights"], kept=1)
        before, after = (_cross_entropy(inputs, each) for each in (inputs["weights"], weights))
        message = _("The loss without dropout was {before:.3f} before {n} steps and {after:.3f} after them.")
        told = message.format(before=before, after=after, n=N_STEPS)
        if any(np.allclose(old, new, rtol=1e-5) for old, new in zip(inputs["weights"], weights, strict=True)):
            told = _("Some of the model's weights never moved. Which variables were handed to the tape?")
            return criterion(False, label, told)
        return criterion(after < 0.8 * before, label, told)


def _two_losses(values: Mapping[str, Value]) -> tuple[float | None, float | None]:
    returned = values.get("returned")
    if not isinstance(returned, list) or len(returned) != 2:
        return None, None
    first, second = (loss if isinstance(loss, float) else None for loss in returned)
    return first, second


def _close(loss: float | None, expected: float) -> bool:
    return loss is not None and bool(np.isclose(loss, expected, rtol=1e-4, atol=0))


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
            raise ContractBroken(_("The model has other weights than before."))
        read.append([array_value({"w": w}, "w", old.shape, _("a weight")) for w, old in zip(each, like, strict=True)])
    return [int(n) for n in applied], read  # type: ignore[union-attr, arg-type]


def _loss_and_gradient(
    inputs: Mapping[str, Any], weights: list[Floats], idea: _Idea | None
) -> tuple[float, list[Floats]]:
    """Loss and gradients (kernel, bias) of the scripted regression; without an idea, of the penalties alone."""
    W, b = weights  # noqa: N806
    x, y = inputs["x"], inputs["y"]
    loss, slope_W, slope_b = 0.0, np.zeros_like(W), np.zeros_like(b)  # noqa: N806
    if idea is not None:
        seen = x * inputs["mask"] if idea.dropout else x
        error = seen @ W + b - y
        loss = float(np.mean(y * error**2))
        slope_W = seen.T @ (2 * y * error) / len(x)  # noqa: N806
        slope_b = (2 * y * error).mean(axis=0)
    if idea is None or idea.penalties:
        loss += KERNEL_PENALTY * float(np.sum(W**2)) + BIAS_PENALTY * float(np.sum(b**2))
        slope_W = slope_W + 2 * KERNEL_PENALTY * W  # noqa: N806
        slope_b = slope_b + 2 * BIAS_PENALTY * b
    return loss, [slope_W, slope_b]


def _trajectory(inputs: Mapping[str, Any], idea: _Idea | None) -> list[list[Floats]]:
    """The weights after each of two steps of SGD with momentum."""
    weights, moments = list(inputs["weights"]), [np.zeros_like(w) for w in inputs["weights"]]
    path = []
    for _step in range(2):
        _loss, slopes = _loss_and_gradient(inputs, weights, idea)
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
    chosen = _probabilities(inputs["x"], weights)[np.arange(len(inputs["y"])), inputs["y"].astype(int)]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())

"""E4 on the trusted side: the folded layer beside Dense and batch normalization, and its two parts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.chapters.batch_normalization.exercises.fold import ARRAYS
from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched
from course.exercises.numerics import Floats
from course.language import _

EPS = 1e-3  # where the case names none


class FoldJudge(TableJudge):
    """Kernel and bias, each on a line of its own."""

    misconceptions = ("rows", "sign", "no_eps", "mean_unscaled", "no_gamma", "by_variance")

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched]:
        kernel, mean, var, gamma, beta = (case.inputs[name] for name in ARRAYS)
        eps = case.inputs["eps"] or EPS
        factor = gamma / np.sqrt(var + eps)
        n, m = kernel.shape
        zero = np.zeros((1, n))  # what comes out for no input at all is the bias
        right_bias = _at_inference(zero, case)[0]
        right_kernel = _at_inference(np.eye(n), case) - right_bias
        factors = {
            "no_eps": gamma / np.sqrt(var),
            "no_gamma": 1 / np.sqrt(var + eps),
            "by_variance": gamma / (var + eps),
        }
        biases = {"sign": beta + mean * factor, "mean_unscaled": beta - mean}
        return [
            Line(
                _("each column of the kernel is multiplied by its neuron's factor"),
                3,
                value="new_kernel",
                called=_("the new kernel"),
                right=right_kernel,
                mistakes={code: kernel * each for code, each in factors.items()}
                | ({"rows": kernel * factor[:, None]} if n == m else {}),
                given=_("The kernel is {kernel}.\n"),
                beside={"kernel": kernel},
                thought=_("Which neuron does a column of the kernel belong to, and what does its output go through?"),
            ),
            Line(
                _("the bias is what is left without an input"),
                3,
                value="new_bias",
                called=_("the bias"),
                right=right_bias,
                mistakes={code: beta - mean * each for code, each in factors.items()} | biases,
                thought=_("What do both layers give for an input of zeros?"),
            ),
            Untouched(
                _("the arguments are not modified"),
                1,
                _("After the call an argument is no longer what it was. Make new arrays."),
                before={name: case.inputs[name] for name in ARRAYS},
            ),
        ]


def _at_inference(x: Floats, case: Case) -> Floats:
    """What Dense without a bias and then batch normalization make of x at inference."""
    kernel, mean, var, gamma, beta = (case.inputs[name] for name in ARRAYS)
    return np.asarray((x @ kernel - mean) / np.sqrt(var + (case.inputs["eps"] or EPS)) * gamma + beta)

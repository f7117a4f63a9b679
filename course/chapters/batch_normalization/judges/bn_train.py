"""E1 on the trusted side: each column less its mean, over its spread, then scaled and moved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.chapters.batch_normalization.exercises.bn_train import ARRAYS, BAD_SHAPES
from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched, line, refusals
from course.exercises.numerics import Floats
from course.language import _
from course.verdict import Finding

EPS = 1e-3  # where the case names none


class BnTrainJudge(TableJudge):
    """The output, the mean and the variance each on a line of its own; in the last case instead what is refused."""

    misconceptions = (
        "by_row",
        "whole_array",
        "unbiased",
        "eps_on_std",
        "no_eps",
        "by_variance",
        "no_gamma_beta",
        "beta_first",
    )

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched | Finding]:
        if case.inputs["bad"]:
            return [line(_("what is no batch of rows is refused with ValueError"), 1, lambda it: _refused(it, values))]
        z, gamma, beta = (case.inputs[name] for name in ARRAYS)
        eps = case.inputs["eps"] or EPS
        mean, spread = np.average(z, axis=0), np.sqrt(np.average((z - np.average(z, axis=0)) ** 2, axis=0))
        return [
            Line(
                _("the output is normalised, then scaled by gamma and moved by beta"),
                4,
                value="out",
                called=_("the output"),
                right=gamma * (z - mean) / np.hypot(spread, np.sqrt(eps)) + beta,
                mistakes=_wrong_outputs(z, gamma, beta, eps),
                unnamed=[gamma * (z - mean) / np.hypot(spread, np.sqrt(eps))],  # of a single row, nothing is left of it
                given="z = {z}\n",
                beside={"z": z},
                finite=False,
                atol=1e-4,  # in single precision, gamma and beta may nearly cancel
                thought=_("What are mean and spread of each column before gamma and beta, and what after?"),
            ),
            Line(
                _("mean has the mean of each column"),
                1,
                value="mean",
                right=mean,
                mistakes={"whole_array": np.full_like(mean, z.mean())},
                thought=_("How many means are there if a layer has {d} neurons?").format(d=z.shape[1]),
            ),
            Line(
                _("var has the variance of each column"),
                1,
                value="var",
                right=spread**2,
                mistakes={"unbiased": _unbiased(z), "whole_array": np.full_like(mean, z.var())},
                unnamed=[spread, spread**2 + eps],
                thought=_("The variance is the mean of the squared distances from the mean. Is it still, here?"),
            ),
            Untouched(
                _("the arguments are not modified"),
                0.5,
                _("After the call an argument is no longer what it was. Work on copies or make new arrays."),
                before={name: case.inputs[name] for name in ARRAYS},
            ),
        ]


def _wrong_outputs(z: Floats, gamma: Floats, beta: Floats, eps: float) -> dict[str, Floats]:
    """What each wrong idea makes of the output."""

    def normal(axis: int | None) -> Floats:
        spread = np.sqrt(z.var(axis=axis, keepdims=True) + eps)
        return np.asarray((z - z.mean(axis=axis, keepdims=True)) / spread)

    centred = z - z.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "by_row": gamma * normal(1) + beta,
            "whole_array": gamma * normal(None) + beta,
            "unbiased": gamma * centred / np.sqrt(_unbiased(z) + eps) + beta,
            "eps_on_std": gamma * centred / (z.std(axis=0) + eps) + beta,
            "no_eps": gamma * centred / z.std(axis=0) + beta,
            "by_variance": gamma * centred / (z.var(axis=0) + eps) + beta,
            "no_gamma_beta": normal(0),
            "beta_first": gamma * (normal(0) + beta),
        }


def _unbiased(z: Floats) -> Floats:
    """The variance of each column that divides by n − 1; nan for a single row."""
    return np.asarray(z.var(axis=0) * len(z) / (len(z) - 1 or np.nan))


def _refused(label: str, values: Mapping[str, Value]) -> Finding:
    calls = [f"bn_train(np.ones({shape}), gamma, beta)" for shape in BAD_SHAPES]
    return refusals(label, values, "refused", calls)

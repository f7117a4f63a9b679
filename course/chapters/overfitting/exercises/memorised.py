"""E2 on the learner's side: of right labels the share learnt, of wrong labels the share repeated."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import arrays_of
from course.language import _

N_CLASSES = 10
NAMES = ("answers", "told", "right")


class Memorised(Exercise):
    """E2: memorised(answers, told, right) -> (learnt, repeated)."""

    entry = "memorised"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            _("Which rows have a wrong label? Compare two of the three arrays."),
            _("On both kinds of rows, what counts is whether the network gives the label that it was told."),
            _("Take the mean over the rows of one kind alone: a mask of True and False picks them."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for n, wrong_share in ((200, 0.3), (170, 0.2), (90, 0.0)):
            label = _("{n} rows, {share:.0%} wrong labels").format(n=n, share=wrong_share)
            yield Case(label, _rows(rng, n, wrong_share))

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        given = [case.inputs[name].copy() for name in NAMES]
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of the mean of no rows, which is nan as it should be
            returned = arrays_of(candidate(*given), ("learnt", "repeated"))
        return {**returned, **{f"{name}_after": array for name, array in zip(NAMES, given, strict=True)}}


def _rows(rng: np.random.Generator, n: int, wrong_share: float) -> dict[str, Any]:
    """Answers of a network that gives many labels as told, some as they should be, and some that are neither."""
    right = rng.integers(0, N_CLASSES, n)
    wrong = np.zeros(n, dtype=bool)
    wrong[rng.permutation(n)[: round(wrong_share * n)]] = True
    told = np.where(wrong, (right + rng.integers(1, N_CLASSES, n)) % N_CLASSES, right)
    neither = rng.integers(0, N_CLASSES, n)
    while (clash := (neither == told) | (neither == right)).any():
        neither[clash] = rng.integers(0, N_CLASSES, clash.sum())
    kind = rng.choice(3, n, p=rng.dirichlet([6.0, 4.0, 3.0]))
    return {"answers": np.choose(kind, [told, right, neither]), "told": told, "right": right}

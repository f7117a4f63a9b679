"""E1 on the learner's side: rows shared out between training, validation and test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import Array, arrays_of, error_raised
from course.language import _

PARTS = ("train", "validation", "test")
DRAWN = ("validation", "test")  # whose rows are looked at over many calls
N_CALLS = 400


class Split(Exercise):
    """E1: split(n, n_validation, n_test, rng) -> three arrays of row numbers."""

    entry = "split"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            _("How can you make sure that no row is drawn twice?"),
            _("`rng.permutation(n)` has every row number once, in a random order."),
            _("Cut one permutation into three pieces; `np.split` or slices do it. Refuse first what cannot be cut."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for least, validation, test in ((60, 10, 15), (200, 40, 40)):
            n, seed = least + int(rng.integers(20)), int(rng.integers(2**31))
            label = _("n={n}, n_validation={validation}, n_test={test}")
            bad = [(n, n - test, test), (n, n, test), (10, 4, 8)]
            inputs = {"n": n, "n_validation": validation, "n_test": test, "seed": seed, "bad": bad}
            yield Case(label.format(n=n, validation=validation, test=test), inputs)

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        n, validation, test = (case.inputs[name] for name in ("n", "n_validation", "n_test"))

        def parts(generator: np.random.Generator) -> dict[str, Array]:
            return arrays_of(candidate(n, validation, test, generator), PARTS)

        rng = np.random.default_rng(case.inputs["seed"])
        first = parts(rng)
        later = [parts(rng) for _call in range(N_CALLS)]
        again = parts(np.random.default_rng(case.inputs["seed"]))
        return {
            **first,
            **{f"{name}_later": _stacked([each[name] for each in later]) for name in DRAWN},
            **{f"{name}_again": again[name] for name in PARTS},
            "refused": [error_raised(candidate, *bad, np.random.default_rng(0)) for bad in case.inputs["bad"]],
        }


def _stacked(parts: list[Array]) -> Array | None:
    """One row for each call; None where the calls do not give the same number of rows."""
    return np.stack(parts) if len({part.shape for part in parts}) == 1 else None

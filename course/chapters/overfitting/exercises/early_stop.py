"""E3 on the learner's side: the best epoch, and when to stop waiting for a better one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import array_of
from course.language import _


class EarlyStop(Exercise):
    """E3: early_stop(values, patience, mode) -> (best epoch, epochs run), both counted from 1."""

    entry = "early_stop"
    points = 3.0

    def hints(self) -> list[str]:
        return [
            _("Go through the values as training does: after each epoch you only know the values so far."),
            _("Keep two things in mind: the best value so far, and how many epochs ago it came."),
            _("With mode 'max' the same rule holds for the values with their signs changed."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for kind, mode in (("stops", "min"), ("stops", "max"), ("comes back", "min"), ("runs out", "max")):
            for _twice in range(2):
                run = _drawn(kind, rng)
                values = [value if mode == "min" else round(1 - value, 2) for value in run.values]
                label = _("values={values}, patience={patience}, mode={mode!r}")
                inputs = {"kind": kind, "values": values, "patience": run.patience, "mode": mode}
                yield Case(label.format(values=values, patience=run.patience, mode=mode), inputs)
        ties = [0.5, 0.4, 0.4, 0.4, 0.5, 0.6, 0.3]
        label = _("values={values}, patience={patience}, mode={mode!r}").format(values=ties, patience=2, mode="min")
        yield Case(label, {"kind": "ties", "values": ties, "patience": 2, "mode": "min"})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        values = list(case.inputs["values"])
        returned = candidate(values, case.inputs["patience"], case.inputs["mode"])
        pair = array_of(returned, _("the pair (best, ran)")).copy()
        return {"pair": pair, "values_after": array_of(values, "values")}


@dataclass(frozen=True)
class _Run:
    """Losses by epoch, and a patience."""

    values: list[float]
    patience: int


def _drawn(kind: str, rng: np.random.Generator) -> _Run:
    """Losses of that kind: training "stops" before the end, and later values that are better are never seen; a pause
    that is shorter than the patience "comes back"; or patience "runs out" never."""
    patience = int(rng.integers(2, 5))
    if kind == "runs out":
        fall = 0.9 - np.cumsum(rng.uniform(0.02, 0.06, 7))
        tail = fall[-1] + rng.uniform(0.01, 0.05, patience - 1)
        return _Run(_rounded([*fall, *tail]), patience)
    before = 0.9 - np.cumsum(rng.uniform(0.02, 0.05, int(rng.integers(1, 4))))
    pause = before[-1] + _shuffled_steps(rng, patience - 1)
    middle = before[-1] - np.cumsum(rng.uniform(0.02, 0.05, int(rng.integers(1, 3))))
    after = middle[-1] + _shuffled_steps(rng, patience + (kind == "stops"))
    better = middle[-1] - rng.uniform(0.08, 0.1) + np.array([0.0, 0.05, 0.02])
    values = [*before, *pause, *middle, *after]
    return _Run(_rounded([*values, *better] if kind == "stops" else values[: len(values) - 1]), patience)


def _shuffled_steps(rng: np.random.Generator, n: int) -> np.ndarray[Any, Any]:
    """n different amounts above 0, in no order but with the second below the first, where there are two."""
    steps = np.sort(rng.choice(np.arange(2, 12), n, replace=False)) / 100
    return np.asarray(steps[::-1])


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(float(value), 2) for value in values]

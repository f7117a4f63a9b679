"""E8 on the learner's side: a rate chosen by validation scores over several seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import array_of
from course.language import _


class ChooseRate(Exercise):
    """E8: choose_rate(results, tol) -> float."""

    entry = "choose_rate"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            _("First reduce every list of scores to one number."),
            _("Two questions in turn: what is the best mean? And which rates come close enough to it?"),
            _("Of the rates whose mean is at least the best mean minus `tol`, take the smallest."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for kind, (means, spread, tol) in _validation_results(rng).items():
            rates = _redrawn(rng, list(means))
            results = {
                rates[rate]: [round(mean + s, 3) for s in spread.get(rate, (0.0, 0.0))] for rate, mean in means.items()
            }
            told = ", ".join(f"{rate}: {np.mean(scores):.3f}" for rate, scores in results.items())
            label = _("means {means}; tol={tol}").format(means=told, tol=tol)
            yield Case(label, {"kind": kind, "results": results, "tol": tol})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        results = {rate: list(scores) for rate, scores in case.inputs["results"].items()}
        return {"rate": array_of(candidate(results, case.inputs["tol"]), _("the rate"))}


_Results = tuple[dict[float, float], dict[float, tuple[float, ...]], float]  # means, spread of the seeds, tol


def _validation_results(rng: np.random.Generator) -> dict[str, _Results]:
    """One set of results for each thing that can go wrong."""
    jitter = round(float(rng.uniform(0, 0.05)), 3)
    peak = float(rng.choice([0.2, 0.3, 0.6, 0.7]))
    hill = {rate: 0.9 - 0.2 * abs(rate - peak) + jitter for rate in (0.1, 0.2, 0.3, 0.6, 0.7, 0.8)}
    plateau = {0.1: 0.88, 0.3: 0.895, 0.5: 0.898, 0.6: 0.912, 0.8: 0.6}
    lucky = {0.05: 0.55, 0.1: 0.5, 0.2: 0.95, 0.3: 0.85, 0.4: 0.95, 0.7: 0.7}
    spread: dict[float, tuple[float, ...]] = {
        0.1: (0.0, 0.5, 0.0),
        0.2: (0.0, -0.45, 0.0),
        0.3: (0.0,) * 3,
        0.4: (0.0, -0.15, 0.0),
    }
    # The first, the last and the first two seeds alone, the worst ones, sums and the best mean lead elsewhere each.
    shaken = {0.6: 0.908, 0.8: 0.906, 0.2: 0.9, 0.5: 0.7, 0.7: 0.905, 0.1: 0.65}
    seeds = {
        0.6: (-0.02, 0.02, 0.0, 0.0, 0.0, 0.0),
        0.8: (0.02, -0.02),
        0.2: (-0.08, 0.0, 0.16, -0.08),
        0.7: (0.0, -0.05, 0.05, 0.0),
        0.1: (0.26, -0.52, 0.26),
    }
    return {
        "hill": (hill, {}, 0.005),
        "plateau": ({rate: mean + jitter for rate, mean in plateau.items()}, {}, 0.02),
        "lucky": (lucky, spread, 0.02),
        "unsorted": ({rate: mean - jitter for rate, mean in shaken.items()}, seeds, 0.02),
        "border": ({0.6: 0.875, 0.3: 0.75, 0.4: 0.5}, {}, 0.125),  # all exact in binary
        "single": ({0.4: 0.8 + jitter}, {}, 0.0),
        "dip": ({0.1: 0.8, 0.2: 0.85, 0.3: 0.82, 0.6: 0.9 + jitter, 0.8: 0.7}, {}, 0.005),
        "negative": (
            {0.1: -1.2, 0.2: -0.9, 0.3: -0.7 - jitter, 0.7: -0.8},
            dict.fromkeys((0.1, 0.2, 0.3, 0.7), (0.0,)),
            0.02,
        ),
        "nothing": ({0.0: 0.905, 0.2: 0.9, 0.6: 0.7}, {}, 0.02),
    }


def _redrawn(rng: np.random.Generator, rates: list[float]) -> dict[float, float]:
    """Other rates in the same order, drawn from 0.05, 0.10, …; 0 and 0.5 stay, for those who believe in them."""
    drawn = {0.0: 0.0, 0.5: 0.5}
    for old, steps in (
        (sorted(r for r in rates if 0 < r < 0.5), (1, 10)),
        (sorted(r for r in rates if r > 0.5), (11, 19)),
    ):
        new = np.sort(rng.choice(np.arange(*steps), len(old), replace=False))
        drawn |= {rate: round(0.05 * int(step), 2) for rate, step in zip(old, new, strict=True)}
    return drawn

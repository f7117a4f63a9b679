"""The measures of a test, from numbers alone: correlation, Cronbach's alpha, top and bottom thirds.

Crocker and Algina, Introduction to Classical and Modern Test Theory, chapters 7 and 14. None where there is too little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FEWEST = 3  # a correlation of fewer learners says nothing
SMALL_CLASS = 30  # below, a correlation may be far from that of another class, and the report says so
FEWEST_FOR_ALPHA = 10
FEWEST_IN_A_THIRD = 3


@dataclass(frozen=True)
class Reliability:
    """alpha: Cronbach's, at most 1 (KR-20 where items are right or wrong). learners, items: those it rests on."""

    alpha: float
    learners: int
    items: int


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Pearson's; None for fewer than FEWEST pairs or where one side does not vary."""
    if len(left) < FEWEST or np.ptp(left) < 1e-12 or np.ptp(right) < 1e-12:
        return None
    return float(np.corrcoef(left, right)[0, 1])


def reliability(rows: Sequence[Sequence[float | None]]) -> Reliability | None:
    """rows: a learner's points by item, None where there are none. Learners without points in an item are left out.

    Items that fewer than half of the learners have points in are left out first. None for fewer than FEWEST_FOR_ALPHA
    learners or two items, or where all have the same sum.
    """
    kept = [i for i, column in enumerate(zip(*rows, strict=True)) if 2 * column.count(None) <= len(rows)]
    whole = [[row[i] for i in kept] for row in rows if all(row[i] is not None for i in kept)]
    if len(whole) < FEWEST_FOR_ALPHA or len(kept) < 2:
        return None
    points = np.array(whole, dtype=float)  # (learners, items)
    spread = points.sum(axis=1).var()
    if spread < 1e-12:
        return None
    items = len(kept)
    alpha = items / (items - 1) * (1 - points.var(axis=0).sum() / spread)
    return Reliability(float(alpha), len(whole), items)


def thirds(values: Sequence[float], ranks: Sequence[float]) -> tuple[float, float] | None:
    """Mean value of the bottom and of the top third by rank; learners who tie at a third's edge belong to it.

    None where a third has fewer than FEWEST_IN_A_THIRD learners, or ties make the two thirds overlap.
    """
    size = len(values) // 3
    if size < FEWEST_IN_A_THIRD:
        return None
    given, ranked = np.array(values, dtype=float), np.array(ranks, dtype=float)
    low, high = np.sort(ranked)[size - 1], np.sort(ranked)[-size]
    if low >= high:
        return None
    return float(given[ranked <= low].mean()), float(given[ranked >= high].mean())

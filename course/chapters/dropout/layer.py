"""Numbers behind the pictures of one dropout layer: ways to draw a batch's masks, what they do to mean and variance,
and where a gradient arrives. Everything is a pure function of its arguments. It must never draw a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course.lessons.arrays import Bools, Floats
from course.lessons.masks import keep_of

WAYS = ("own", "shared", "quota")
BATCH, UNITS = 16, 24
N_VALUES = 20_000
MOST_DRAWS = 10_000


def batch_kept(way: str, rate: float, step: int = 1) -> Bools:
    """Which units stay, shape (BATCH, UNITS). way: "own" masks (dropout), one "shared" by all samples, or a "quota" of
    exactly round(rate · UNITS) dropped in each row."""
    keep_of(rate)
    dice = np.random.default_rng([12, step]).random((BATCH, UNITS))
    if way == "own":
        return np.asarray(dice >= rate)
    if way == "shared":
        return np.repeat(dice[:1] >= rate, BATCH, axis=0)
    if way == "quota":
        return np.asarray(dice.argsort(axis=1).argsort(axis=1) >= round(rate * UNITS))
    raise ValueError(f"way must be one of {', '.join(WAYS)}, and was {way!r}.")


def running_mean(rate: float, value: float, draws: int) -> Floats:
    """Mean of the first 1, 2, …, draws outputs of inverted dropout for one value."""
    dice = np.random.default_rng(1945).random(MOST_DRAWS)[:draws]
    outputs = value * (dice >= rate) / keep_of(rate)
    return np.asarray(outputs.cumsum() / np.arange(1, draws + 1))


def variance_after(mean: float, variance: float, rate: float) -> float:
    """Variance of a value with that mean and variance after inverted dropout: (variance + mean²)/keep − mean²."""
    return (variance + mean**2) / keep_of(rate) - mean**2


@lru_cache(maxsize=64)
def layer_moments(rate: float) -> tuple[float, float, float, float]:
    """Mean and variance of 20,000 values drawn with mean 1 and variance 1, before and after inverted dropout."""
    rng = np.random.default_rng(31)
    before = rng.normal(1.0, 1.0, N_VALUES)
    after = before * (rng.random(N_VALUES) >= rate) / keep_of(rate)
    return float(before.mean()), float(before.var()), float(after.mean()), float(after.var())


@dataclass(frozen=True)
class BatchGradients:
    """Size of the gradient that reaches each unit's weights in one step.

    per_sample: through each sample by itself, shape (batch, units). whole: of the batch, shape (units,); zero where the
    unit was dropped for every sample. kept: the mask as booleans.
    """

    per_sample: Floats
    whole: Floats
    kept: Bools


def batch_gradients(rate: float, batch: int, step: int = 1, units: int = 6) -> BatchGradients:
    """A linear layer of 3 inputs followed by dropout, on `batch` samples: where the gradient arrives."""
    rng = np.random.default_rng([8, step])
    x, upstream = rng.normal(size=(16, 3)), rng.normal(size=(16, units))
    kept = rng.random((16, units)) >= rate
    x, upstream, kept = x[:batch], upstream[:batch], kept[:batch]
    through = x[:, :, None] * (upstream * kept / keep_of(rate))[:, None, :]
    per_sample, whole = np.abs(through).sum(axis=1), np.abs(through.sum(axis=0)).sum(axis=0)
    return BatchGradients(per_sample, whole, kept)

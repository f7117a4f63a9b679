"""Dropout's masks, in the inverted form. The one place where a rate is checked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def keep_of(rate: float) -> float:
    """The keep probability, 1 − rate. ValueError unless 0 ≤ rate < 1."""
    if not 0.0 <= rate < 1.0:
        raise ValueError(f"rate must satisfy 0 <= rate < 1, and was {rate!r}.")
    return 1.0 - rate


def dropout_mask(rng: np.random.Generator, shape: tuple[int, ...], rate: float) -> NDArray[np.floating]:
    """A fresh inverted-dropout mask: 0 with probability rate, else 1/(1 − rate). ValueError unless 0 ≤ rate < 1."""
    keep = np.float32(keep_of(rate))
    return (rng.random(shape, dtype=np.float32) >= rate) / keep

"""Relatives of dropout, in NumPy, as Keras defines them: what each does to a small feature map in one training step.

Pure functions of variant, rate and step; it must never import TensorFlow. A test compares each with its Keras layer.
"""

from __future__ import annotations

import numpy as np

from course.lessons.arrays import Floats
from course.lessons.masks import keep_of

VARIANTS = ("standard", "spatial", "gaussian", "alpha")
POSITIONS, CHANNELS = 24, 10
# What SELU gives for very negative inputs, −λα (Klambauer et al. 2017): AlphaDropout puts dropped values there.
ALPHA_PRIME = -1.7580993408473766


def feature_map() -> Floats:
    """The values that go in, shape (POSITIONS, CHANNELS): neighbours alike, mean 0 and variance 1 over all."""
    noise = np.random.default_rng(7).normal(size=(POSITIONS + 4, CHANNELS))
    smooth = np.stack([noise[i : i + 5].mean(axis=0) for i in range(POSITIONS)])
    return np.asarray((smooth - smooth.mean()) / smooth.std())


def applied(variant: str, values: Floats, rate: float, step: int = 1) -> Floats:
    """values after one training step of the variant; same shape. ValueError for an unknown variant or rate."""
    rng, keep = np.random.default_rng([15, step]), keep_of(rate)
    if variant == "standard":
        return np.asarray(values * (rng.random(values.shape) >= rate) / keep)
    if variant == "spatial":  # one draw for each channel (Tompson et al. 2015; keras SpatialDropout1D)
        return np.asarray(values * (rng.random((1, values.shape[-1])) >= rate) / keep)
    if variant == "gaussian":  # multiplicative noise of mean 1 (Srivastava et al. 2014, section 10)
        return np.asarray(values * rng.normal(1.0, np.sqrt(rate / keep), values.shape))
    if variant == "alpha":
        kept = rng.random(values.shape) >= rate
        scale = 1.0 / np.sqrt(keep * (1.0 + rate * ALPHA_PRIME**2))
        return np.asarray(scale * np.where(kept, values, ALPHA_PRIME) - scale * ALPHA_PRIME * rate)
    raise ValueError(f"variant must be one of {', '.join(VARIANTS)}, and was {variant!r}.")

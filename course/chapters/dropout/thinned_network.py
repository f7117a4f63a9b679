"""The network that the chapter draws: 6 inputs, two hidden layers of 8 with dropout, 3 classes.

Its weights are fixed and its masks depend only on step and sample, so a picture can be drawn again. It learns nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from course.lessons.arrays import Bools, Floats
from course.lessons.masks import keep_of
from course.lessons.metrics import softmax

SIZES = (6, 8, 8, 3)
N_SAMPLES = 4


@dataclass(frozen=True)
class PassState:
    """One forward pass of one sample.

    values: what each layer hands on (after dropout), from inputs to class probabilities; shapes (6,), (8,), (8,), (3,).
    kept: for each layer, which units take part. scale: what survivors were multiplied by (1 in inference).
    """

    values: tuple[Floats, ...]
    kept: tuple[Bools, ...]
    scale: float

    @property
    def dropped(self) -> list[list[int]]:
        """Numbers (from 1) of the dropped units in each hidden layer."""
        return [[int(i) + 1 for i in np.flatnonzero(~kept)] for kept in self.kept[1:-1]]


@lru_cache(maxsize=1)
def weights() -> tuple[Floats, ...]:
    """The three weight matrices, each (n_in, n_out), positive on the whole so that most ReLUs are on."""
    rng = np.random.default_rng(13)
    return tuple(rng.normal(0.6 / np.sqrt(n), np.sqrt(1.2 / n), (n, m)) for n, m in pairwise(SIZES))


def sample_inputs() -> Floats:
    """The four samples that can be chosen, shape (4, 6), values in 0–1."""
    return np.round(np.random.default_rng(64).random((N_SAMPLES, SIZES[0])), 2)


def forward(sample: int, rate: float, training: bool, step: int = 1) -> PassState:
    """Sends sample 1–4 through the network; ValueError unless 0 ≤ rate < 1.

    In training each hidden unit is dropped with probability rate, by a mask that belongs to this step and this sample;
    in inference dropout hands its input through unchanged.
    """
    keep = keep_of(rate)
    rng = np.random.default_rng([6883, step, sample])
    dice = [rng.random(size) for size in SIZES[1:-1]]
    scale = 1.0 / keep if training else 1.0
    values, kept = [sample_inputs()[sample - 1]], [np.ones(SIZES[0], dtype=bool)]
    for matrix, die in zip(weights()[:-1], dice, strict=True):
        present = (die >= rate) if training else np.ones(len(die), dtype=bool)
        values.append(np.maximum(values[-1] @ matrix, 0.0) * present * scale)
        kept.append(present)
    values.append(softmax(values[-1] @ weights()[-1]))
    kept.append(np.ones(SIZES[-1], dtype=bool))
    return PassState(tuple(values), tuple(kept), scale)

"""Where dropout belongs among other layers: advice on an order of layers, and the variance shift in numbers.

Advice comes from rules that a test states one by one; nothing here draws, trains or imports TensorFlow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course.language import _
from course.lessons.masks import dropout_mask, keep_of

DENSE, NORM, RELU, DROPOUT, OUTPUT = "Dense", "BatchNorm", "ReLU", "Dropout", "Output"
STEPS = (DENSE, NORM, RELU, DROPOUT)
GOOD, MIND, WRONG = "good", "mind", "wrong"
# Orders of a hidden block that are in use.
BLOCKS = (
    (DENSE, NORM, RELU, DROPOUT),
    (DENSE, RELU, NORM, DROPOUT),
    (DENSE, RELU, DROPOUT, NORM),
    (DENSE, RELU, DROPOUT),
)
PLACES = ("both", "last", "none", "output")
N_ROWS, N_INPUTS, WIDTH = 2_000, 64, 128  # of the random network that norm_spreads measures


def two_blocks(block: Sequence[str], where: str) -> tuple[str, ...]:
    """Two hidden blocks and the output layer. where: which places keep their dropout, one of PLACES."""
    without = tuple(step for step in block if step != DROPOUT)
    first = tuple(block) if where == "both" else without
    last = tuple(block) if where in ("both", "last") else without
    return (*first, *last, OUTPUT, *((DROPOUT,) if where == "output" else ()))


@dataclass(frozen=True)
class Advice:
    """place: index in the chain that it is about, or -1 for the chain as a whole. verdict: good, mind or wrong."""

    place: int
    verdict: str
    text: str


def advise(chain: Sequence[str]) -> list[Advice]:
    """What to say about a chain of STEPS and OUTPUT (dense layer with softmax), from inputs upwards.

    A chain without a fault gets one "good" sentence. ValueError where a step is unknown.
    """
    unknown = [step for step in chain if step not in (*STEPS, OUTPUT)]
    if unknown:
        raise ValueError(f"a step must be one of {', '.join((*STEPS, OUTPUT))}, and was {unknown[0]!r}.")
    found = [advice for place, step in enumerate(chain) if step == DROPOUT for advice in _about_dropout(chain, place)]
    found += _about_the_rest(chain)
    if not any(advice.verdict != GOOD for advice in found):
        found.append(Advice(-1, GOOD, _("No known problem in this order.")))
    return sorted(found, key=lambda advice: (advice.place, advice.verdict))


def _about_dropout(chain: Sequence[str], place: int) -> list[Advice]:
    before, after = chain[:place], chain[place + 1 :]
    found = []
    if OUTPUT in before:
        text = _("Dropout after the output zeroes class probabilities, and rows no longer add up to 1. Remove it.")
        found.append(Advice(place, WRONG, text))
    if NORM in after:
        text = _(
            "A BatchNorm comes after this dropout and learns a variance that inference does not have (Li et al. 2018). "
            "Keep only a dropout after the last BatchNorm, or none."
        )
        found.append(Advice(place, MIND, text))
    if not before:
        found.append(Advice(place, GOOD, _("Dropout on the inputs is possible, at a low rate such as 0.1 or 0.2.")))
    if before and before[-1] == DROPOUT:
        text = _("Two dropouts in a row: their keep probabilities multiply. One is enough.")
        found.append(Advice(place, MIND, text))
    if before and before[-1] in (DENSE, NORM) and after and after[0] == RELU:
        text = _("Dropout before ReLU has the same effect as after it, because ReLU keeps zeros and positive factors.")
        found.append(Advice(place, GOOD, text))
    return found


def _about_the_rest(chain: Sequence[str]) -> list[Advice]:
    found = []
    linear = None
    for place, step in enumerate(chain):
        if step in (DENSE, OUTPUT):
            if linear is not None:
                text = _("Two dense layers without an activation between them do the work of one.")
                found.append(Advice(place, MIND, text))
            linear = place
        if step == RELU:
            linear = None
    if DENSE not in chain:
        found.append(Advice(-1, MIND, _("There is no hidden dense layer: the network is linear.")))
    return found


@lru_cache(maxsize=64)
def norm_spreads(chain: tuple[str, ...], rate: float) -> Mapping[int, float]:
    """For each BatchNorm, by its index in the chain: the standard deviation of its output at inference (1 is right).

    Measured in a random network: each BatchNorm normalises with the statistics of one training pass, in which dropout
    is active, and is then given the values of an inference pass. The output layer is left out.
    """
    rng = np.random.default_rng(2018)
    training = inference = rng.normal(size=(N_ROWS, N_INPUTS))
    spreads = {}
    for place, step in enumerate(chain):
        if step == OUTPUT:
            break
        if step == DENSE:
            n_in = training.shape[1]
            weights = rng.normal(size=(n_in, WIDTH)) * np.sqrt(2 / n_in)
            training, inference = training @ weights, inference @ weights
        elif step == RELU:
            training, inference = np.maximum(training, 0), np.maximum(inference, 0)
        elif step == DROPOUT:
            training = training * dropout_mask(rng, training.shape, rate)
        else:
            mean, spread = training.mean(axis=0), training.std(axis=0)
            training, inference = (training - mean) / spread, (inference - mean) / spread
            spreads[place] = float(inference.std())
    return spreads


@dataclass(frozen=True)
class VarianceShift:
    """What a BatchNorm after dropout learns in training, and what it gets at inference.

    trained, met: variances. spread: standard deviation of the normalised values at inference (1 is right).
    """

    trained: float
    met: float

    @property
    def spread(self) -> float:
        return float(np.sqrt(self.met / self.trained))


@lru_cache(maxsize=64)
def variance_shift(rate: float, dropout_first: bool, n_values: int = 100_000) -> VarianceShift:
    """ReLU of standard normal values through Dropout → BatchNorm, or BatchNorm → Dropout, measured (Li et al. 2018)."""
    rng = np.random.default_rng(2018)
    values = np.maximum(rng.normal(size=n_values), 0.0)
    seen = values * (rng.random(n_values) >= rate) / keep_of(rate) if dropout_first else values
    return VarianceShift(float(seen.var()), float(values.var()))

"""Where dropout belongs among other layers: advice on an order of layers, and the variance shift in numbers.

Advice is told by rules that a test states one by one; nothing here draws, trains or imports TensorFlow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course.language import _
from course.lessons.masks import keep_of

DENSE, NORM, RELU, DROPOUT, OUTPUT = "Dense", "BatchNorm", "ReLU", "Dropout", "Output"
STEPS = (DENSE, NORM, RELU, DROPOUT)
GOOD, MIND, WRONG = "good", "mind", "wrong"


@dataclass(frozen=True)
class Advice:
    """place: index in the chain that it is about, or -1 for the chain as a whole. verdict: good, mind or wrong."""

    place: int
    verdict: str
    text: str


def advise(chain: Sequence[str]) -> list[Advice]:
    """What to say about a chain of STEPS and OUTPUT (dense layer with softmax), from inputs upwards.

    A chain without a fault gets one "good" word. ValueError where a step is unknown.
    """
    unknown = [step for step in chain if step not in (*STEPS, OUTPUT)]
    if unknown:
        raise ValueError(f"a step must be one of {', '.join((*STEPS, OUTPUT))}, and was {unknown[0]!r}.")
    found = [advice for place, step in enumerate(chain) if step == DROPOUT for advice in _about_dropout(chain, place)]
    found += _about_the_rest(chain)
    if DROPOUT not in chain:
        found.append(
            Advice(-1, MIND, _("There is no dropout yet. Behind a hidden block's activation is its usual place."))
        )
    if not any(advice.verdict != GOOD for advice in found):
        found.append(Advice(-1, GOOD, _("A sound order: nothing here gets in dropout's way.")))
    return sorted(found, key=lambda advice: (advice.place, advice.verdict))


def _about_dropout(chain: Sequence[str], place: int) -> list[Advice]:
    before, after = chain[:place], chain[place + 1 :]
    found = []
    if OUTPUT in before:
        text = _("Dropout behind the output zeroes class probabilities: rows no longer add up to 1. Take it away.")
        found.append(Advice(place, WRONG, text))
    if NORM in after:
        text = _("Dropout before BatchNorm: its statistics are learnt with dropout's larger variance (Li et al. 2018).")
        found.append(Advice(place, MIND, text))
    if not before:
        found.append(Advice(place, GOOD, _("Dropout on the inputs: possible, at a low rate such as 0.1 or 0.2.")))
    if before and before[-1] == DROPOUT:
        found.append(
            Advice(place, MIND, _("Two dropouts in a row: the chances to stay multiply. One of them will do."))
        )
    if before and before[-1] in (DENSE, NORM) and after and after[0] == RELU:
        text = _("Dropout before ReLU: the same as behind it, since ReLU keeps zeros and scales with its input.")
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


@dataclass(frozen=True)
class VarianceShift:
    """What a BatchNorm behind dropout learns in training, and what it meets in inference.

    trained, met: variances. spread: standard deviation of the normalised values in inference (1 is right).
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

"""The claim that dropout averages an ensemble, tested: all 2⁸ thinned networks against the scaled one.

Warde-Farley et al. 2013 (arXiv:1312.6197) tested it before, with all thinned networks of small ReLU nets.

Two small digit networks whose first hidden layer, of eight units, can be dropped: "one" (64-8-10), where only the
softmax follows, and "two" (64-8-16-10), where another ReLU layer follows.
Classic form throughout: a mask holds 0 or 1, and the scaled network multiplies hidden values by the keep probability
(Srivastava et al. 2014, section 2; Hinton et al. 2012). It must never draw masks at random: every one is visited.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course.chapters.dropout.data import FOLDER
from course.lessons.arrays import Floats
from course.lessons.digits import load_digits
from course.lessons.masks import keep_of
from course.lessons.metrics import softmax
from course.lessons.networks import Layers, Recipe, train_sizes

N_HIDDEN = 8
DEPTHS = {"one": [64, 8, 10], "two": [64, 8, 16, 10]}
RATES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


def all_masks() -> Floats:
    """Every mask over eight units, shape (256, 8), of 0 and 1."""
    return np.array([[n >> unit & 1 for unit in range(N_HIDDEN)] for n in range(2**N_HIDDEN)], dtype=np.float64)


def mask_chances(rate: float) -> Floats:
    """The probability of each of all_masks(), shape (256,); they add up to 1."""
    present, keep = all_masks().sum(axis=1), keep_of(rate)
    return np.asarray(keep**present * rate ** (N_HIDDEN - present))


@dataclass(frozen=True)
class EnsembleAverages:
    """Predictions for some rows, each of shape (rows, classes) and adding up to 1 along the classes.

    geometric (renormalised) and arithmetic: averages over all 256 thinned networks, weighted by their probability.
    scaled: one pass of the whole network with hidden values times keep.
    """

    geometric: Floats
    arithmetic: Floats
    scaled: Floats


def train_small_net(depth: str, rate: float) -> Layers:
    """Trains the "one" or "two" layer network for 200 epochs on 500 rightly labelled digits, with dropout at rate after
    its layer of eight. Its weights are in the classic form: those after the dropout carry 1/keep."""
    digits, keep = load_digits(wrong_share=0.0), np.float32(keep_of(rate))
    recipe = Recipe(rate=rate, second_rate=0.0, epochs=200)
    layers = train_sizes(DEPTHS[depth], digits.x_train, digits.y_train, recipe)
    return [layers[0], (layers[1][0] / keep, layers[1][1]), *layers[2:]]


@lru_cache(maxsize=1)
def load_small_nets() -> dict[tuple[str, float], Layers]:
    """The trained networks by depth and rate, made by data/make_studies.py. Reading trains nothing."""
    with np.load(FOLDER / "small_nets.npz", allow_pickle=False) as stored:
        return {
            (depth, rate): [
                (stored[name_of(depth, rate, place, "w")], stored[name_of(depth, rate, place, "b")])
                for place in range(len(sizes) - 1)
            ]
            for depth, sizes in DEPTHS.items()
            for rate in RATES
        }


def name_of(depth: str, rate: float, place: int, kind: str) -> str:
    """The stored name of one array; kind "w" (weights) or "b" (biases) of the layer at that place."""
    return f"{depth}_{rate:.1f}_{place}{kind}"


def ensemble_averages(layers: Layers, x: Floats, rate: float) -> EnsembleAverages:
    """All thinned networks' averages and the scaled network, for rows x (rows, 64)."""
    logs = np.stack([np.log(softmax(_logits(layers, x, mask))) for mask in all_masks()])
    chances = mask_chances(rate)
    geometric = np.asarray(softmax(np.tensordot(chances, logs, axes=1)), dtype=np.float64)
    arithmetic = np.tensordot(chances, np.exp(logs), axes=1)
    scaled = np.asarray(softmax(_logits(layers, x, np.full(N_HIDDEN, keep_of(rate)))), dtype=np.float64)
    return EnsembleAverages(geometric, arithmetic, scaled)


def _logits(layers: Layers, x: Floats, factors: Floats) -> Floats:
    """A pass in double precision; factors (8,) multiply the first hidden layer."""
    hidden = x.astype(np.float64)
    for place, (weights, biases) in enumerate(layers[:-1]):
        hidden = np.maximum(hidden @ weights.astype(np.float64) + biases, 0.0)
        hidden = hidden * factors if place == 0 else hidden
    weights, biases = layers[-1]
    return np.asarray(hidden @ weights.astype(np.float64) + biases)

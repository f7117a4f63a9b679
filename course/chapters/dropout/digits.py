"""The handwritten digits that the chapter learns from, and the lies told about some of them.

Reads one small file that travels with the course (data/digits.npz, see data/README.md). It must never download
anything, and the same seed must always give the same rows and the same wrong labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA_FOLDER = Path(__file__).parent / "data"
N_CLASSES = 10
N_TRAIN, N_TEST = 500, 1000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Digits:
    """The experiment's rows. Pixels lie in 0–1, one flattened 8×8 picture per row (64 columns).

    y_train holds the labels that the network is told; y_true the right ones for the same rows; lied marks the rows
    where they differ. The validation rows (297) and test rows (1,000) always keep their right labels.
    """

    x_train: Floats
    y_train: Ints
    y_true: Ints
    lied: Bools
    x_validation: Floats
    y_validation: Ints
    x_test: Floats
    y_test: Ints


def load_images() -> tuple[Floats, Ints]:
    """All 1,797 pictures, scaled from 0–16 to 0–1, shape (1797, 64), and their labels 0–9."""
    with np.load(DATA_FOLDER / "digits.npz", allow_pickle=False) as stored:
        images, labels = stored["images"], stored["labels"]
    return images.reshape(len(images), -1) / 16.0, labels.astype(np.int64)


def load_digits(lie_share: float = 0.3, seed: int = 0) -> Digits:
    """Splits the digits into 500 training, 297 validation and 1,000 test rows and falsifies training labels.

    lie_share: the share of training labels, 0–1, that are replaced by another digit (each wrong one equally likely).
    seed: chooses rows and lies. ValueError if lie_share lies outside 0–1.
    """
    if not 0.0 <= lie_share <= 1.0:
        raise ValueError(f"lie_share must lie between 0 and 1, and was {lie_share!r}.")
    rng = np.random.default_rng(seed)
    x, y = load_images()
    order = rng.permutation(len(x))
    train, test, validation = np.split(order, [N_TRAIN, N_TRAIN + N_TEST])
    told, lied = y[train].copy(), np.zeros(N_TRAIN, dtype=bool)
    lied[rng.permutation(N_TRAIN)[: round(lie_share * N_TRAIN)]] = True
    told[lied] = (told[lied] + rng.integers(1, N_CLASSES, size=lied.sum())) % N_CLASSES
    return Digits(x[train], told, y[train], lied, x[validation], y[validation], x[test], y[test])

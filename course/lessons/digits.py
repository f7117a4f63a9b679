"""Handwritten digits to learn from, with label noise where it is asked for.

Reads one small file that travels with the course (data/digits.npz; origin and licence in data/README.md). It must
never download anything, and the same seed must always give the same rows and the same wrong labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course.lessons.arrays import Bools, Floats, Ints

FILE = Path(__file__).parent / "data" / "digits.npz"
SIDE = 8  # pixels
N_CLASSES = 10
N_TRAIN, N_TEST = 500, 1000


@dataclass(frozen=True)
class Digits:
    """Rows to train, validate and test on. Pixels lie in 0–1, one flattened 8×8 picture per row (64 columns).

    y_train holds the labels that the network is told; y_true the right ones for the same rows; mislabelled marks the
    rows where they differ. The validation rows (297) and test rows (1,000) always keep their right labels.
    """

    x_train: Floats
    y_train: Ints
    y_true: Ints
    mislabelled: Bools
    x_validation: Floats
    y_validation: Ints
    x_test: Floats
    y_test: Ints


def load_images() -> tuple[Floats, Ints]:
    """All 1,797 pictures, scaled from 0–16 to 0–1, shape (1797, 64), and their labels 0–9."""
    with np.load(FILE, allow_pickle=False) as stored:
        images, labels = stored["images"], stored["labels"]
    return images.reshape(len(images), -1) / 16.0, labels.astype(np.int64)


def load_digits(wrong_share: float = 0.3, seed: int = 0) -> Digits:
    """Splits the digits into 500 training, 297 validation and 1,000 test rows, with label noise on training rows.

    wrong_share: the share of training labels, 0–1, that are replaced by another digit (each wrong one equally likely).
    seed: chooses rows and wrong labels. ValueError if wrong_share lies outside 0–1.
    """
    if not 0.0 <= wrong_share <= 1.0:
        raise ValueError(f"wrong_share must lie between 0 and 1, and was {wrong_share!r}.")
    rng = np.random.default_rng(seed)
    x, y = load_images()
    order = rng.permutation(len(x))
    train, test, validation = np.split(order, [N_TRAIN, N_TRAIN + N_TEST])
    told, mislabelled = y[train].copy(), np.zeros(N_TRAIN, dtype=bool)
    mislabelled[rng.permutation(N_TRAIN)[: round(wrong_share * N_TRAIN)]] = True
    told[mislabelled] = (told[mislabelled] + rng.integers(1, N_CLASSES, size=mislabelled.sum())) % N_CLASSES
    return Digits(x[train], told, y[train], mislabelled, x[validation], y[validation], x[test], y[test])


def rotated(image: Floats, degrees: float) -> Floats:
    """An 8×8 picture (64 values) turned about its centre, counter-clockwise, by bilinear sampling; blank outside."""
    angle, middle = np.deg2rad(degrees), (SIDE - 1) / 2
    grid = np.arange(SIDE) - middle
    rows, columns = np.meshgrid(grid, grid, indexing="ij")
    from_rows = rows * np.cos(angle) + columns * np.sin(angle) + middle
    from_columns = -rows * np.sin(angle) + columns * np.cos(angle) + middle
    padded = np.pad(image.reshape(SIDE, SIDE), 1)
    top, left = np.floor(from_rows), np.floor(from_columns)
    down, right = from_rows - top, from_columns - left
    turned = np.zeros((SIDE, SIDE))
    for step_down, step_right in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weight = (down if step_down else 1 - down) * (right if step_right else 1 - right)
        at_row = np.clip(top + step_down + 1, 0, SIDE + 1).astype(int)
        at_column = np.clip(left + step_right + 1, 0, SIDE + 1).astype(int)
        turned += weight * padded[at_row, at_column]
    return turned.ravel()

"""Every mask of a few inputs, for judges that sum over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from course.exercises.numerics import Floats


def all_masks(n: int, rate: float) -> Iterator[tuple[float, Floats]]:
    """Every mask of n inputs with its probability."""
    for mask in product((0.0, 1.0), repeat=n):
        chance = 1.0
        for kept in mask:
            chance *= 1 - rate if kept else rate
        yield chance, np.array(mask)

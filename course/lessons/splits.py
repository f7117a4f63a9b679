"""Data that are split into rows to train, validate and test on, such as patients, digits or sensors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def rows_of(split: Any, parts: Iterable[str]) -> list[tuple[Any, Any]]:
    """(x, y) of each of these parts, "train", "validation" or "test": the split's x_train, y_train and so on."""
    return [(getattr(split, f"x_{part}"), getattr(split, f"y_{part}")) for part in parts]

"""What is told of a chapter that was run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Told:
    """One sentence with its place. fault: to be mended; look: perhaps; measured: a figure beside its budget."""

    kind: Literal["fault", "look", "measured"]
    text: str

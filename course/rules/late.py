"""What lateness costs, as a rule that an instructor can state in a line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from course.verdict import exact

_SECONDS = {"hour": 3600, "day": 86_400}


@dataclass(frozen=True)
class LateRule:
    """percent of the points that the work has earned, for each day or hour begun after the due date.

    at_most_percent: never more than that. grace_minutes: work that is no later than this costs nothing; time beyond it
    is counted from the due date.
    """

    percent: float
    per: Literal["day", "hour"]
    at_most_percent: float = 100.0
    grace_minutes: float = 0.0

    def share(self, seconds_late: float) -> float:
        """Percent of the points that so many seconds cost, 0 to at_most_percent."""
        if seconds_late <= 60 * self.grace_minutes:
            return 0.0
        begun = math.ceil(seconds_late / _SECONDS[self.per])
        return min(begun * self.percent, self.at_most_percent)

    def penalty(self, score: float, seconds_late: float) -> float:
        """The points off: exactly worked out, then rounded down to cents, 0 to score."""
        share = exact(self.share(seconds_late)) / 100
        return min(math.floor(exact(score) * share * 100) / 100, score)

"""E2 on the trusted side: each house is looked up in its own district."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched, compared, criterion, line, refusals
from course.exercises.numerics import Floats, near
from course.language import _
from course.verdict import Finding


class PollMapJudge(TableJudge):
    """A map of the wrong length is named by its numbers as well."""

    misconceptions = (
        "one_number_per_district",
        "moving_average",
        "mixes_districts",
        "adds_up",
        "repeats_the_street",
        "size_counts_districts",
    )

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched | Finding]:
        if "bad" in case.inputs:
            label = _("a size that does not divide is refused with ValueError")
            return [line(label, 1, lambda each: _refused(each, case, values))]
        answers, size = case.inputs["answers"], case.inputs["size"]
        n = len(answers)
        district = np.arange(n) // size
        sums = np.bincount(district, weights=answers)
        interleaved = np.arange(n) % (n // size)
        mixed = np.bincount(interleaved, weights=answers)[interleaved] / size
        map_line = Line(
            _("each house has the mean of its district"),
            4,
            value="map",
            called=_("the map"),
            right=sums[district] / size,
            mistakes={
                "moving_average": _moving(answers, size),
                "mixes_districts": mixed,
                "adds_up": sums[district],
                "repeats_the_street": np.tile(sums / size, size),
                "size_counts_districts": answers.reshape(size, -1).mean(axis=1).repeat(n // size),
            }
            if 1 < size < n
            else {},
            thought=_("Which houses are in one district with house 0? What does the map show for each of them?"),
        )
        message = _("After the call `answers` is no longer what it was. Make a new array.")
        return [
            self._short(map_line, values, sums / size) or map_line,
            Untouched(_("`answers` is not modified"), 0.5, message, before={"answers": answers}),
        ]

    def _short(self, of_map: Line, values: Mapping[str, Value], means: Floats) -> Finding | None:
        """The line failed by a map that has one number for each district, where that is not one for each house."""
        came = values.get("map")
        if means.shape == of_map.right.shape or not near(came, means, of_map.rtol, of_map.atol):
            return None
        told = compared(came, of_map.right, of_map.thought)
        return criterion(False, of_map.label, told, of_map.weight, "one_number_per_district")


def _refused(label: str, case: Case, values: Mapping[str, Value]) -> Finding:
    calls = [f"poll_map(answers, {size})" for size in case.inputs["bad"]]
    return refusals(label, values, "refused", calls)


def _moving(answers: Floats, size: int) -> Floats:
    """The mean over as many houses around each; beyond the ends of the street counts as 0."""
    return np.convolve(answers, np.full(size, 1 / size), mode="same")

"""E2 on the learner's side: a map with one number for each district."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, Exercise
from course.exercises.codec import Value
from course.exercises.observe import array_of, error_raised
from course.language import _


class PollMap(Exercise):
    """E2: poll_map(answers, size) -> array of the shape of answers."""

    entry = "poll_map"
    points = 2.0

    def hints(self) -> list[str]:
        return [
            _("Write the answers in rows, one district in each row. Which shape is that?"),
            _("`answers.reshape(-1, size)` has one district a row. Over which axis do you take the mean?"),
            _("`np.repeat([5, 8], 3)` is `[5, 5, 5, 8, 8, 8]`. Refuse first what cannot be divided."),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for districts, size in ((4, 3), (5, 6), (8, 1), (1, 7)):
            answers = np.cumsum(rng.normal(0, 1, districts * size)) + rng.normal(0, 1, districts * size)
            label = _("{n} answers, size={size}").format(n=len(answers), size=size)
            yield Case(label, {"answers": answers, "size": size})
        answers, size = rng.normal(0, 1, 12), 4
        label = _("{n} answers, size={size}; then sizes that do not divide").format(n=len(answers), size=size)
        yield Case(label, {"answers": answers, "size": size, "bad": [5, 8, 13, 24]})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        answers = case.inputs["answers"].copy()
        drawn = array_of(candidate(answers, case.inputs["size"]), _("the map")).copy()
        if "bad" in case.inputs:  # only who does not refuse every size is asked
            return {"refused": [error_raised(candidate, answers.copy(), size) for size in case.inputs["bad"]]}
        return {"map": drawn, "answers_after": answers}

"""One learner's work on a chapter, graded, as the page needs it: from a check of one's own, or from the gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course.grading.run import Result


@dataclass(frozen=True)
class Work:
    """row: what was found, as Result.as_json says it or, where there is a gradebook, as the gradebook has it
    (row_with_standing). notebooks: by name, with what the learner has written. folder: where answers.json is.

    learner, handed_in, seconds_late (None: late, nobody knows since when), comments (of a person, by name of the
    cell): what only a gradebook knows.
    """

    row: Mapping[str, Any]
    notebooks: Mapping[str, NotebookNode]
    folder: Path
    learner: str = ""
    handed_in: datetime | None = None
    seconds_late: float | None = 0.0
    comments: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_of_a_class(self) -> bool:
        return bool(self.learner)


def own_work(result: Result, folder: Path) -> Work:
    """What a check of the learner's own folder found."""
    return Work(result.as_json(), result.notebooks, folder)

"""What was found in each student's work, kept beside the scores in the gradebook's own database, in a table of ours.

Written in the same transaction as the scores: a database that is restored, or a process that is killed, never pairs a
score or a mark with another answer than the one that it was given for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, Text, delete, insert, select, update

_TABLE = Table(
    "course_graded",
    MetaData(),
    Column("assignment", String(128), primary_key=True),
    Column("student", String(128), primary_key=True),
    Column("note", Text, nullable=False),
)


@dataclass(frozen=True)
class Note:
    """row: what was found. answers: digests of the answers that scores and marks belong to, by name of the cell.

    key: what the verdicts depend on; None where the work is to be run again. stood: marks by hand that were final until
    a run that could judge nothing opened them.
    """

    row: Mapping[str, Any]
    answers: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    stood: Mapping[str, float] = field(default_factory=dict)

    def with_key(self, key: str | None) -> Note:
        return replace(self, key=key)


def make_table(gradebook: Any) -> None:
    """Our table, where the database does not have it yet."""
    _TABLE.metadata.create_all(gradebook.engine)


def read_notes(gradebook: Any, slug: str, student: str | None = None) -> dict[str, Note]:
    """The notes of the chapter by student, or that of one; what cannot be read is left out."""
    query = select(_TABLE.c.student, _TABLE.c.note).where(_TABLE.c.assignment == slug)
    if student is not None:
        query = query.where(_TABLE.c.student == student)
    found = {}
    for name, text in gradebook.db.execute(query):
        try:
            found[str(name)] = Note(**json.loads(text))
        except (ValueError, TypeError):
            continue
    return found


def write_note(gradebook: Any, slug: str, student: str, note: Note) -> None:
    """In place of an earlier one, without committing."""
    same = (_TABLE.c.assignment == slug) & (_TABLE.c.student == student)
    content = {"row": note.row, "answers": note.answers, "key": note.key, "stood": note.stood}
    text = json.dumps(content).encode("ascii").decode()  # half characters as \ud800, which a database may refuse
    gradebook.db.execute(delete(_TABLE).where(same))
    gradebook.db.execute(insert(_TABLE).values(assignment=slug, student=student, note=text))


def rename_notes(gradebook: Any, old: str, new: str) -> None:
    """The notes of a chapter that has another slug now, without committing."""
    gradebook.db.execute(update(_TABLE).where(_TABLE.c.assignment == old).values(assignment=new))

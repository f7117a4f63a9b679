"""How nbgrader's database is opened and written to: patiently, in one transaction, without a program of its own."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SAWarning

LOCK_SECONDS = 30


@cache
def newest_schema() -> str:
    """What a new gradebook notes as its version. nbgrader starts the program `alembic` to ask, which takes seconds."""
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR

    return str(ScriptDirectory(ALEMBIC_DIR).get_current_head())


@contextlib.contextmanager
def one_transaction(gradebook: Any) -> Iterator[None]:
    """What nbgrader commits meanwhile counts at the end, together; after an exception nothing of it counts."""
    session = gradebook.db
    with gradebook.engine.begin() as connection:
        session.remove()
        session.configure(bind=connection, join_transaction_mode="rollback_only", expire_on_commit=False)
        yield
        session.flush()
        session.remove()
    session.configure(bind=gradebook.engine, join_transaction_mode="conditional_savepoint", expire_on_commit=True)


@contextlib.contextmanager
def without_warnings() -> Iterator[None]:
    """Without the warnings about nbgrader's own use of its session, which loses nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


def patient_url(url: str) -> str:
    """SQLite then waits LOCK_SECONDS, not five, for another program to give the database free."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and "timeout" not in parsed.query:
        parsed = parsed.update_query_dict({"timeout": str(LOCK_SECONDS)})
    return parsed.render_as_string(hide_password=False)


def is_there(url: str) -> bool:
    """False where the database is a file that nobody has made yet; opening it would make it."""
    parsed = make_url(url)
    return parsed.get_backend_name() != "sqlite" or not parsed.database or Path(parsed.database).exists()

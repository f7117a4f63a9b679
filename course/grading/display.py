"""What `course grade` shows while it runs and at its end: a bar on a terminal, plain lines in a log or a pipe."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from course.grading.schedule import Row
from course.verdict import format_points, printable

_PHASES = {"cells": "running cells", "kernel": "kernels' start and end", "judging": "judging", "storing": "storing"}


class Tally:
    """What has come of a class so far, how fast it goes, and what is left."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.rows: dict[str, Row] = {}
        self._started = time.monotonic()
        self._graded = 0

    def add(self, row: Row) -> None:
        self.rows[row.student] = row
        self._graded += not row.unchanged

    @property
    def pace(self) -> str:
        """Submissions a minute and the time left at that rate; unchanged ones cost next to nothing and do not count."""
        rate = self._graded / self._seconds
        left = self.total - len(self.rows)
        return f"{60 * rate:.1f} a minute, {left / rate:.0f} s left" if rate else "…"

    @property
    def _seconds(self) -> float:
        return max(time.monotonic() - self._started, 1e-3)

    def summary(self) -> list[str]:
        """How many of each outcome, and where the time went."""
        outcomes = Counter(row.result["status"] for row in self.rows.values())
        listed = ", ".join(f"{count} {status}" for status, count in outcomes.items())
        lines = [f"{len(self.rows)} submissions: {listed}; {len(self.rows) - self._graded} unchanged."]
        seconds: Counter[str] = Counter()
        for row in self.rows.values():
            seconds.update(row.seconds)
        if seconds:
            told = ", ".join(f"{spent:.1f} {_PHASES.get(phase, phase)}" for phase, spent in seconds.most_common())
            lines.append(f"Where the time went, in seconds of all workers: {told}. By the clock: {self._seconds:.1f}.")
        return lines

    def as_json(self) -> dict[str, Any]:
        """The results by student, each with where its time went."""
        return {student: {**row.result, "seconds": dict(row.seconds)} for student, row in self.rows.items()}


@contextlib.contextmanager
def display(console: Console, tally: Tally) -> Iterator[Callable[[Row], None]]:
    """Gives what to call with each row. A terminal is left as it was, however the block ends."""
    shown = _bar(console, tally) if console.is_interactive else _lines(console, tally)
    with shown as show:
        yield show


@contextlib.contextmanager
def _lines(console: Console, tally: Tally) -> Iterator[Callable[[Row], None]]:
    def show(row: Row) -> None:
        tally.add(row)
        told = "unchanged" if row.unchanged else tally.pace
        console.print(f"[{len(tally.rows)}/{tally.total}] {_row_line(row)} ({told})")

    yield show


@contextlib.contextmanager
def _bar(console: Console, tally: Tally) -> Iterator[Callable[[Row], None]]:
    """A bar with rate and time left; a line only for what a person should look at."""
    columns = (TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=tally.total, pace="…")

        def show(row: Row) -> None:
            tally.add(row)
            if row.result["status"] != "graded":
                console.print(_row_line(row))
            progress.update(task, advance=1, pace=tally.pace)

        yield show


def _row_line(row: Row) -> str:
    result = row.result
    points = f"{format_points(result['score'])} of {format_points(result['max_score'])}"
    return f"{printable(row.student)}: {result['status']}, {points}. {printable(result['reason'])}".rstrip()

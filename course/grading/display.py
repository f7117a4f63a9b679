"""What `course grade` tells: a bar on a terminal, plain lines in a log or a pipe, a summary, and rows as JSON.

Nothing here keeps the rows, so that memory stays flat however large the class is.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from course.errors import CourseError
from course.grading.run import outcome_words
from course.grading.schedule import Row
from course.language import _, between, fill, ngettext, number, with_marks
from course.plain_text import printable
from course.verdict import format_points


def _phases() -> dict[str, str]:
    return {
        "cells": _("running cells"),
        "kernel": _("kernels' start and end"),
        "judging": _("judging"),
        "storing": _("storing"),
    }


class Tally:
    """What has come of a class so far, how fast it goes, and what is left."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.count = 0
        self._outcomes: Counter[str] = Counter()
        self._spent: Counter[str] = Counter()
        self._unchanged = 0
        self._run = 0
        self._first_done = 0.0
        self._started = time.monotonic()

    def add(self, row: Row) -> None:
        self.count += 1
        if row.unchanged:
            self._unchanged += 1
        else:
            self._run += 1
            self._first_done = self._first_done or time.monotonic()
        self._outcomes[row.result["status"]] += 1
        self._spent.update(row.seconds)

    @property
    def all_graded(self) -> bool:
        return self._outcomes["graded"] == self.count

    @property
    def pace(self) -> str:
        """Time so far; submissions a minute and the time left at that rate, once there are two to tell it from.

        The start, until the first is done, and unchanged ones, which cost next to nothing, do not count.
        """
        now = time.monotonic()
        told = f"{now - self._started:.0f} s"
        since = now - self._first_done if self._first_done else 0.0
        if self._run < 2 or since <= 0:
            return told
        rate = (self._run - 1) / since
        left = _("{rate:.1f} a minute, {seconds:.0f} s left")
        return f"{told}, {fill(left, rate=60 * rate, seconds=(self.total - self.count) / rate)}"

    @property
    def _seconds(self) -> float:
        return max(time.monotonic() - self._started, 1e-3)

    def summary(self) -> list[str]:
        """How many of each outcome, and where the time went."""
        words, phases = outcome_words(), _phases()
        outcomes = ", ".join(f"{words.get(status, status)}: {count}" for status, count in self._outcomes.items())
        told = ngettext(
            "{count} submission ({outcomes}; unchanged: {unchanged}).",
            "{count} submissions ({outcomes}; unchanged: {unchanged}).",
            self.count,
        )
        lines = [told.format(count=self.count, outcomes=outcomes, unchanged=self._unchanged)]
        if self._spent:
            spent = [f"{phases.get(each, each)} {number(time, '.1f')}" for each, time in self._spent.most_common()]
            told = _("Where the time went, in seconds of all workers: {spent}. By the clock: {seconds:.1f}.")
            lines.append(fill(told, spent=between().join(spent), seconds=self._seconds))
        return lines


class RowsFile:
    """The results by student as one JSON object, written as they come; in place, and whole, once `finish` is called.

    A file that cannot be opened is told at once (CourseError); one that cannot be written further, by `finish`: the
    grades do not depend on it.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._fault = path, ""
        is_special = path.exists() and not path.is_file()  # /dev/stdout and the like
        self._part = path if is_special else path.with_name(f".{path.name}.{os.getpid()}.tmp")
        self._begun = False
        try:
            self._file = self._part.open("w", encoding="utf-8", errors="backslashreplace")  # half a character as \ud800
        except OSError as error:
            told = _("{path} cannot be written: {reason}. Nothing was graded.")
            raise CourseError(told.format(path=path, reason=error.strerror)) from None

    def add(self, row: Row) -> None:
        content = {**row.result, "seconds": dict(row.seconds)}
        self._write(f"{',' if self._begun else '{'}\n{_json(row.student)}: {_json(content)}")
        self._begun = True

    def finish(self) -> None:
        self._write("\n}\n" if self._begun else "{}\n")
        try:
            self._file.close()
            if self._part != self._path and not self._fault:
                os.replace(self._part, self._path)
        except OSError as error:
            self._fault = str(error.strerror)
        if self._fault:
            told = _("{path} cannot be written: {reason}. The grades are in the gradebook.")
            raise CourseError(told.format(path=self._path, reason=self._fault))

    def close(self) -> None:
        """Leaves nothing behind but a finished file."""
        with contextlib.suppress(OSError):
            self._file.close()
        if self._part != self._path:
            self._part.unlink(missing_ok=True)

    def _write(self, text: str) -> None:
        try:
            if not self._fault:
                self._file.write(text)
        except OSError as error:
            self._fault = str(error.strerror)


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)


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
        told = _("unchanged") if row.unchanged else tally.pace
        console.print(f"[{tally.count}/{tally.total}] {row_line(row)} ({told})")

    yield show


@contextlib.contextmanager
def _bar(console: Console, tally: Tally) -> Iterator[Callable[[Row], None]]:
    """A bar with rate and time left; a line only for what a person should look at."""
    columns = (TextColumn(_("Grading")), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=tally.total, pace=tally.pace)

        def show(row: Row) -> None:
            tally.add(row)
            if row.result["status"] != "graded":
                console.print(row_line(row))
            progress.update(task, advance=1, pace=tally.pace)

        yield show


def row_line(row: Row) -> str:
    """Who, the outcome, the points and why a person should look."""
    result = row.result
    told = _("{score} of {most} so far") if result.get("needs_manual_grade") else _("{score} of {most}")
    points = told.format(score=_points(result["score"]), most=_points(result["max_score"]))
    if result.get("penalty"):
        points += _(", less {points} for being late").format(points=_points(result["penalty"]))
    status = outcome_words().get(result["status"], result["status"])
    return f"{printable(row.student)}: {status}, {points}. {printable(result['reason'])}".rstrip()


def _points(points: float) -> str:
    return with_marks(format_points(points))

"""Grades many submissions at once on Dask workers, and hands each result to the one writer as it comes.

Workers get a submission as bytes and give plain data back; they need no shared disk and no database. What was graded
before and has not changed is not graded again, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.catalog import Catalog, load_catalog
from course.errors import CourseError, UsageError
from course.grading.gradebook import ClassFolder, GradebookUnusable
from course.grading.kernels import Isolation
from course.grading.task import Files, Graded, content_key, course_fingerprint, grade_files, pack
from course.workspace import write_atomically

CONNECT_SECONDS = 20
TRIES = 3


@dataclass(frozen=True)
class Plan:
    """What to grade and where: workers on this machine (1: in this process), or an existing scheduler's address."""

    slug: str
    submissions: Mapping[str, Path]
    isolation: Isolation
    workers: int = 1
    scheduler: str | None = None
    again: bool = False


@dataclass(frozen=True)
class Row:
    """One student's outcome; unchanged where an earlier run had it already."""

    student: str
    result: dict[str, Any]
    unchanged: bool = False


def grade_class(catalog: Catalog, class_folder: ClassFolder, plan: Plan) -> Iterator[Row]:
    """Yields a row for every submission, as soon as its grades are stored. A fault of ours stores no score."""
    class_folder.require_assignment(plan.slug)
    keys: dict[str, str] = {}
    waiting: dict[str, Files] = {}
    for student, folder in plan.submissions.items():
        try:
            _require_plain_name(student)
            files = pack(folder)
            keys[student] = content_key(catalog, plan.slug, files)
        except (OSError, CourseError) as error:
            yield Row(student, _fault(plan.slug, error))
            continue
        known = None if plan.again else _remembered(class_folder, plan.slug, student, keys[student])
        if known is None:
            waiting[student] = files
        else:
            yield Row(student, known, unchanged=True)
    for student, outcome in _run(catalog, plan, waiting):
        yield Row(student, _store(class_folder, plan, student, keys[student], outcome))


def _require_plain_name(student: str) -> None:
    """CourseError for a folder's name that formgrader, which does not escape it, would take for HTML or script."""
    if not student.isprintable() or set(student) & set("<>&\"'`\\"):
        raise CourseError("The folder's name has characters that no student's name has. Rename it, then grade again.")


def _store(
    class_folder: ClassFolder, plan: Plan, student: str, key: str, outcome: Graded | Exception
) -> dict[str, Any]:
    """Puts the grades into the gradebook, then remembers that it did."""
    if isinstance(outcome, Exception):
        return _fault(plan.slug, outcome)
    try:
        class_folder.memory(plan.slug, student).unlink(missing_ok=True)  # from here on it may no longer be true
        class_folder.store(plan.slug, student, outcome.notebooks, plan.submissions[student])
        note = json.dumps({"key": key, "result": outcome.row}, ensure_ascii=False)
        write_atomically(class_folder.memory(plan.slug, student), note.encode())
    except GradebookUnusable:
        raise  # the others could not be stored either
    except Exception as error:  # a full disk: this one is told, the others go on
        return _fault(plan.slug, error)
    return outcome.row


def _remembered(class_folder: ClassFolder, slug: str, student: str, key: str) -> dict[str, Any] | None:
    """The row of an earlier run on the very same content, if its grades are still where it put them."""
    try:
        note = json.loads(class_folder.memory(slug, student).read_text(encoding="utf-8"))
        fits = note["key"] == key and class_folder.has_grades(slug, student)
        return dict(note["result"]) if fits else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _run(catalog: Catalog, plan: Plan, waiting: Mapping[str, Files]) -> Iterator[tuple[str, Graded | Exception]]:
    if not waiting:
        return
    if plan.scheduler is None and min(plan.workers, len(waiting)) <= 1:
        for student, files in waiting.items():
            try:
                yield student, _grade_here(catalog, plan, files)
            except Exception as error:  # whatever it is, the rest of the class is still to be graded
                yield student, error
        return
    with _cluster(catalog, plan, len(waiting)) as client:
        yield from _as_they_come(client, catalog, plan, waiting)


def _grade_here(catalog: Catalog, plan: Plan, files: Files) -> Graded:
    """Grades in this process; again where the sandbox was lost on the way, as Dask does."""
    from course.grading.warm import TemplateLost

    for _attempt in range(TRIES):
        with contextlib.suppress(TemplateLost):
            return grade_files(plan.slug, files, plan.isolation, catalog.root)
    return grade_files(plan.slug, files, plan.isolation, catalog.root)


def _as_they_come(
    client: Any, catalog: Catalog, plan: Plan, waiting: Mapping[str, Files]
) -> Iterator[tuple[str, Graded | Exception]]:
    """Submits everything, yields in order of completion; a worker that dies has its task run by another."""
    from distributed import as_completed

    root = None if plan.scheduler else catalog.root
    futures = {
        client.submit(grade_files, plan.slug, files, plan.isolation, root, pure=False, retries=TRIES): student
        for student, files in waiting.items()
    }
    for future in as_completed(list(futures)):
        error = future.exception()
        yield futures[future], (future.result() if error is None else error)
        future.release()


@contextlib.contextmanager
def _cluster(catalog: Catalog, plan: Plan, tasks: int) -> Iterator[Any]:
    """A client of the scheduler named, or of a cluster made for this run, whose workers grade as this course does."""
    import dask
    from distributed import Client, LocalCluster

    dask.config.set({"distributed.logging.distributed": "error", "distributed.scheduler.allowed-failures": TRIES})
    with contextlib.ExitStack() as stack:
        if plan.scheduler is None:
            workers = min(plan.workers, tasks)
            options: dict[str, Any] = {"dashboard_address": None, "silence_logs": "ERROR", "threads_per_worker": 1}
            cluster: Any = stack.enter_context(LocalCluster(n_workers=workers, **options))
        else:
            cluster = plan.scheduler
        try:
            client = stack.enter_context(Client(cluster, timeout=CONNECT_SECONDS))
        except OSError:
            raise UsageError(f"No Dask scheduler answers at {plan.scheduler}. Check the address.") from None
        if plan.scheduler is not None:
            _require_same_course(client, catalog, plan.slug)
        yield client


def _require_same_course(client: Any, catalog: Catalog, slug: str) -> None:
    """UsageError names the workers that would grade by other sources or versions."""
    ours = course_fingerprint(catalog, slug)
    theirs: dict[str, str] = client.run(_fingerprint_here, slug)
    if not theirs:
        raise UsageError("The Dask scheduler has no workers. Start some, then run this again.")
    others = sorted(address for address, fingerprint in theirs.items() if fingerprint != ours)
    if others:
        named = ", ".join(others)
        raise UsageError(f"These workers have another version of the course or its packages: {named}. Update them.")


def _fingerprint_here(slug: str) -> str:
    return course_fingerprint(load_catalog(), slug)


def _fault(slug: str, error: Exception) -> dict[str, Any]:
    reason = f"The grader failed, and no score was stored: {type(error).__name__}: {error}"
    if isinstance(error, CourseError):
        reason = str(error)
    return {
        "chapter": slug,
        "status": "needs attention",
        "score": 0.0,
        "max_score": 0.0,
        "reason": reason,
        "cells": {},
    }

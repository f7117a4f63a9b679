"""Grades many submissions, on this machine or a cluster's, and hands each result to the one writer as it comes.

A submission is read when it is its turn, travels as bytes and comes back as plain data. What was graded before and has
not changed is not graded again, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.catalog import Catalog
from course.errors import CourseError
from course.grading.fingerprint import course_fingerprint
from course.grading.gradebook.notes import Note
from course.grading.gradebook.scores import PenaltyFailed, Standing
from course.grading.gradebook.store import ClassFolder, GradebookUnusable
from course.grading.run import unjudged
from course.grading.sandbox.kernel_pool import TemplateLost
from course.grading.sandbox.kernels import Isolation
from course.grading.sandbox.sandbox_process import close_sandbox
from course.grading.scratch import scratch_folder
from course.grading.task import Graded, Packed, as_graded, content_key, grade_files, pack
from course.language import _, language

TRIES = 3
HEAD_START = 5  # seconds, the sandbox's start included


class BadName(CourseError):
    """A student's folder is named as nobody is; nothing is stored under such a name."""


@dataclass(frozen=True)
class Plan:
    """What to grade and where: so many at a time on this machine, or on an existing scheduler's workers."""

    slug: str
    submissions: Mapping[str, Path]
    isolation: Isolation
    workers: int = 1
    scheduler: str | None = None
    again: bool = False


@dataclass(frozen=True)
class Row:
    """One student's outcome; unchanged where an earlier run had it already.

    seconds: where the time went in this run, by phase.
    """

    student: str
    result: dict[str, Any]
    unchanged: bool = False
    seconds: Mapping[str, float] = field(default_factory=dict)


def grade_class(catalog: Catalog, class_folder: ClassFolder, plan: Plan) -> Iterator[Row]:
    """Yields a row for every submission, as soon as its grades are stored. What cannot be judged is open."""
    class_folder.require_assignment(plan.slug)
    graded = set() if plan.again else class_folder.graded(plan.slug)
    standings = class_folder.standings(plan.slug) if graded else {}
    notes = class_folder.notes(plan.slug) if graded else {}
    waiting = []
    for student in plan.submissions:
        standing = standings.get(student) if student in graded else None
        note = notes.get(student)
        if standing is None or note is None or not _is_unchanged(catalog, plan, student, note):
            waiting.append(student)
        else:
            yield Row(student, _settle(class_folder, plan, student, note.row, standing), unchanged=True)
    unreadable: list[tuple[str, Exception]] = []
    for packed, outcome in _run(catalog, plan, waiting, unreadable):
        yield _store(class_folder, plan, packed.student, packed.key, outcome)
    for student, error in unreadable:
        yield _store(class_folder, plan, student, None, error)


def _settle(
    class_folder: ClassFolder, plan: Plan, student: str, known: Mapping[str, Any], standing: Standing
) -> dict[str, Any]:
    """The row of work that is not run again; open where its penalty cannot be worked out any more."""
    submitted = plan.submissions[student]
    try:
        return class_folder.settle(plan.slug, student, known, standing, submitted)
    except PenaltyFailed as error:
        return class_folder.store_open(plan.slug, student, _fault(class_folder, plan.slug, error), submitted)


def _read(catalog: Catalog, plan: Plan, student: str) -> Packed:
    """Raises OSError or CourseError where the submission cannot be read or is too large."""
    _require_plain_name(student)
    files = pack(plan.submissions[student])
    return Packed(student, content_key(catalog, plan.slug, files), files)


def _read_each(
    catalog: Catalog, plan: Plan, students: list[str], unreadable: list[tuple[str, Exception]]
) -> Iterator[Packed]:
    """Each submission when it is asked for; those that cannot be had, and why, are put into unreadable."""
    for student in students:
        try:
            yield _read(catalog, plan, student)
        except (OSError, CourseError) as error:
            unreadable.append((student, error))


def _require_plain_name(student: str) -> None:
    """BadName for a folder's name that formgrader, which does not escape it, would take for HTML or script."""
    if not student.isprintable() or set(student) & set("<>&\"'`\\"):
        raise BadName(_("The folder's name has characters that no student's name has. Rename it, then grade again."))


def _store(class_folder: ClassFolder, plan: Plan, student: str, key: str | None, outcome: Graded | Exception) -> Row:
    """Puts the grades into the gradebook, and notes that it did; open ones where there is no result."""
    submitted, started = plan.submissions[student], time.monotonic()
    if isinstance(outcome, BadName):
        return Row(student, _fault(class_folder, plan.slug, outcome).row)
    try:
        if isinstance(outcome, Exception):
            fault = _fault(class_folder, plan.slug, outcome)
            return Row(student, class_folder.store_open(plan.slug, student, fault, submitted))
        row = class_folder.store(plan.slug, student, outcome, submitted, key)
    except GradebookUnusable:
        raise  # the others could not be stored either
    except Exception as error:  # a full disk: this one is told, the others go on
        return Row(student, _open_if_possible(class_folder, plan, student, error))
    seconds = {**outcome.seconds, "storing": time.monotonic() - started}
    return Row(student, row, seconds=seconds)


def _open_if_possible(class_folder: ClassFolder, plan: Plan, student: str, error: Exception) -> dict[str, Any]:
    """The row of work that could not be stored. An earlier grade must not stand for it, so its cells are opened."""
    fault = _fault(class_folder, plan.slug, error)
    try:
        return class_folder.store_open(plan.slug, student, fault, plan.submissions[student])
    except Exception:  # the disk is full for this as well
        told = f"{fault.row['reason']} {_('The gradebook still shows what was graded before.')}"
        return {**fault.row, "reason": told}


def _is_unchanged(catalog: Catalog, plan: Plan, student: str, note: Note) -> bool:
    """True if the note is of the very same content."""
    try:
        return note.key is not None and note.key == _read(catalog, plan, student).key
    except (OSError, CourseError):
        return False


def _run(
    catalog: Catalog, plan: Plan, students: list[str], unreadable: list[tuple[str, Exception]]
) -> Iterator[tuple[Packed, Graded | Exception]]:
    """The results in order of completion: from this machine, or from the scheduler's workers."""
    if not students:
        return
    submissions = _read_each(catalog, plan, students, unreadable)
    if plan.scheduler is None:
        yield from _run_here(catalog, plan, submissions)
        return
    from course.grading.cluster import Job, Workers, existing_cluster, grade_on

    job = Job(plan.slug, plan.isolation, course_fingerprint(catalog, plan.slug), language())
    with existing_cluster(plan.scheduler) as client:
        workers = Workers(client, job)
        workers.require_same_course()
        yield from grade_on(workers, submissions)


def _run_here(
    catalog: Catalog, plan: Plan, submissions: Iterator[Packed]
) -> Iterator[tuple[Packed, Graded | Exception]]:
    """In threads of this process, one submission each: the work is done in kernels, of which the sandbox has many."""
    scratch_folder()  # one for all threads
    stopped = threading.Event()
    pool = ThreadPoolExecutor(plan.workers, thread_name_prefix="grading")
    under_way: dict[Future[Graded | Exception], Packed] = {}
    try:
        for number, packed in enumerate(submissions):
            if number == os.cpu_count():  # the first row comes sooner if no other shares the cores of the first
                wait(under_way, HEAD_START, FIRST_COMPLETED)
            under_way[pool.submit(_grade_here, catalog, plan, packed, stopped)] = packed
            if len(under_way) > plan.workers:  # one waits, so that none is idle; more would fill the memory
                yield from _finished(under_way)
        while under_way:
            yield from _finished(under_way)
    finally:
        stopped.set()
        if under_way:  # Ctrl-C, or nobody wants the rest: kernels that run are ended
            close_sandbox(catalog.root)
        pool.shutdown(cancel_futures=True)


def _finished(under_way: dict[Future[Graded | Exception], Packed]) -> Iterator[tuple[Packed, Graded | Exception]]:
    """Waits until something is done, and takes it out."""
    done, _others = wait(under_way, return_when=FIRST_COMPLETED)
    for future in done:
        yield under_way.pop(future), future.result()


def _grade_here(catalog: Catalog, plan: Plan, packed: Packed, stopped: threading.Event) -> Graded | Exception:
    """Grades in this process; again where the sandbox was lost on the way, as Dask does."""
    lost: Exception = CourseError(_("Grading was stopped."))
    for _attempt in range(TRIES + 1):
        if stopped.is_set():
            return lost
        try:
            return grade_files(plan.slug, packed.files, plan.isolation, catalog.root)
        except TemplateLost as error:
            lost = error
        except Exception as error:  # whatever it is, the rest of the class is still to be graded
            return error
    return lost


def _fault(class_folder: ClassFolder, slug: str, error: Exception) -> Graded:
    """A result in which no cell is judged, for a reason that is told once."""
    reason = _("The grader failed, so nothing was judged:") + f" {type(error).__name__}: {error}"
    if isinstance(error, CourseError):
        reason = str(error)
    return as_graded(unjudged(class_folder.catalog, slug, reason))

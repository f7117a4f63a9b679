"""Grades on the workers of a Dask cluster that is running already, which share no disk with us.

Submissions travel as bytes and results as plain data: nothing that a learner's code has made is ever unpickled. Dask's
own processes do exchange pickles, so a cluster must be closed to others (docs/cluster.md). Few submissions for each
worker's thread are under way at a time, so that memory stays flat however large the class is.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from course.catalog import load_catalog
from course.errors import CourseError, UsageError
from course.grading.fingerprint import course_fingerprint
from course.grading.sandbox.kernels import Isolation
from course.grading.task import MAX_SUBMISSION, Files, Graded, Packed, grade_files
from course.language import _, in_language

CONNECT_SECONDS = 20
TRIES = 3
AHEAD = 2  # submissions under way for each thread of a worker: one runs, the next is there already
MAX_AHEAD = 16 * MAX_SUBMISSION  # bytes of all of them together
SECOND_LOOK_SECONDS = 5  # between a question that a worker failed to answer and the same question again
LOOK_SECONDS = 5  # after which we look again which workers there are
POLL_SECONDS = 0.1
_CONFIG = {
    "distributed.scheduler.allowed-failures": TRIES,
    "distributed.admin.low-level-log-length": 20,  # Dask would keep the last 1,000 messages, submissions included
    "distributed.admin.large-graph-warning-threshold": 2 * MAX_SUBMISSION,
}
_log = logging.getLogger(__name__)


class ClusterLost(CourseError):
    """The scheduler ended or cannot be reached any more."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The Dask scheduler ended or cannot be reached any more. What is stored stays; when it answers again, "
                "the same command goes on with the rest."
            )
        )


class OtherVersion(CourseError):
    """This worker would grade by other sources or versions than the coordinator's."""


@dataclass(frozen=True)
class Job:
    """How to grade each submission; fingerprint: see course_fingerprint. language: of the messages."""

    slug: str
    isolation: Isolation
    fingerprint: str
    language: str = "en"


@contextlib.contextmanager
def existing_cluster(scheduler: str) -> Iterator[Any]:
    """A Dask client of the scheduler at that address, with Dask's own settings for TLS; UsageError if none answers.

    Raises ClusterLost in the block where a question to the scheduler finds it gone.
    """
    from distributed import Client

    set_dask()
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        told = (
            _("No Dask scheduler answers at {address}. Check the address, and the certificates ({reason}).")
            if "tls" in scheduler
            else _("No Dask scheduler answers at {address}. Check the address.")
        )
        raise UsageError(told.format(address=scheduler, reason=error)) from None
    with client:
        try:
            yield client
        except OSError:  # Dask's CommClosedError is one
            raise ClusterLost from None


def set_dask() -> None:
    """Our settings; and what goes wrong is told by us, in a sentence."""
    import dask

    dask.config.set(_CONFIG)
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


@dataclass
class Workers:
    """Those workers of a cluster that grade as this course does; the refused get nothing to do.

    allowed: the only workers that a future's submission may go to, by its key, if some were refused when it was sent.
    """

    client: Any
    job: Job
    refused: set[str] = field(default_factory=set)
    allowed: dict[str, list[str]] = field(default_factory=dict)

    def require_same_course(self) -> None:
        """UsageError names the workers that would grade by other sources or versions."""
        if not self.client.nthreads():
            raise UsageError(_("The Dask scheduler has no workers. Start some, then run this again."))
        others = self._find_others()
        if others:
            named = ", ".join(f"{address} ({why})" if why else address for address, why in sorted(others.items()))
            told = _("These workers have another version of the course or its packages: {names}. Update them.")
            raise UsageError(told.format(names=named))

    def submit(self, packed: Packed) -> Any:
        """The future of a submission's result."""
        options: dict[str, Any] = {"pure": False, "retries": TRIES}
        if self.refused:
            options["workers"] = [address for address in self.client.nthreads() if address not in self.refused]
            if not options["workers"]:
                raise CourseError(
                    _(
                        "The Dask scheduler has no worker left with this version of the course. What is stored stays; "
                        "start some, and the same command goes on."
                    )
                )
        future = self.client.submit(grade_as, self.job, packed.files, **options)
        if self.refused:
            self.allowed[future.key] = options["workers"]
        return future

    def stranded(self, futures: Iterable[Any]) -> list[Any]:
        """Those that no worker of this cluster may take any more: each that they were meant for has ended."""
        limited = [future for future in futures if future.key in self.allowed]
        known = self.client.nthreads() if limited else {}
        return [future for future in limited if not known.keys() & set(self.allowed[future.key])]

    def refuse_newcomers(self) -> bool:
        """True if workers have joined that grade otherwise; they are told of, and left out from now on."""
        others = self._find_others()
        for address, why in sorted(others.items()):
            if why:
                told = _("The worker {address} cannot tell its version of the course ({why}); it is left out.")
            else:
                told = _("The worker {address} has another version of the course or its packages; it is left out.")
            _log.warning("%s", told.format(address=address, why=why))
        return bool(others)

    def _find_others(self) -> dict[str, str]:
        """Those not yet refused, who are so from now on: also who answers by an error, for want of such a course, with
        what it says; not who is just ending.

        An error counts when it comes twice: modules that a task is just importing are not all there for a moment.
        """
        answers = self._ask(None)
        failed = {address for address, answer in answers.items() if isinstance(answer, Exception)} - self.refused
        if failed:
            time.sleep(SECOND_LOOK_SECONDS)
            for address in failed:
                del answers[address]
            answers |= self._ask(sorted(failed & set(self.client.nthreads())))
        others = {
            address: str(answer) or type(answer).__name__ if isinstance(answer, Exception) else ""
            for address, answer in answers.items()
            if address not in self.refused and self._is_other(answer)
        }
        self.refused |= others.keys()
        return others

    def _ask(self, addresses: list[str] | None) -> dict[str, object]:
        """The digest, or the error, that each of these workers, or all, answers with."""
        return dict(self.client.run(fingerprint_here, self.job, workers=addresses, on_error="return"))

    def _is_other(self, answer: object) -> bool:
        return answer != self.job.fingerprint and not isinstance(answer, OSError)


def fingerprint_here(job: Job) -> str:
    """What this machine's course and packages are, as a digest, with the words of the job's language."""
    with in_language(job.language):
        return course_fingerprint(load_catalog(), job.slug)


def grade_as(job: Job, files: Files) -> Graded:
    """Runs on a worker, which may have joined after the others were looked at. OtherVersion where it is not as ours, or
    cannot tell: that is no submission's doing."""
    try:
        own = fingerprint_here(job)
    except Exception as error:
        raise OtherVersion(f"This worker cannot tell its version of the course ({error}).") from None
    if own != job.fingerprint:
        raise OtherVersion("This worker has another version of the course or its packages.")
    os.environ["COURSE_LANG"] = job.language
    return grade_files(job.slug, files, job.isolation)


def grade_on(workers: Workers, submissions: Iterable[Packed]) -> Iterator[tuple[Packed, Graded | Exception]]:
    """Each submission with its result, or why there is none. What a refused worker got, another gets again."""
    again: list[Packed] = []
    left = iter(submissions)
    while True:
        for packed, outcome in as_they_come(workers.client, workers.submit, left, workers.stranded):
            if isinstance(outcome, Exception) and (workers.refuse_newcomers() or isinstance(outcome, OtherVersion)):
                again.append(packed)
            else:
                yield packed, outcome
        if not again:
            return
        left, again = iter(again), []


def as_they_come(
    client: Any,
    submit: Callable[[Packed], Any],
    submissions: Iterator[Packed],
    stranded: Callable[[Iterable[Any]], Iterable[Any]] = lambda _futures: (),
) -> Iterator[tuple[Packed, Any]]:
    """Submits few at a time, yields each with its result or exception in order of completion.

    submissions is only asked for the next one when there is room for it. What is stranded is submitted again. Raises
    ClusterLost when the scheduler is.
    """
    from distributed import as_completed

    under_way: dict[Any, Packed] = {}
    again: list[Packed] = []
    results = as_completed(with_results=True, raise_errors=False)
    room = _Room(client)
    while True:
        while room.is_left() and (packed := again.pop() if again else next(submissions, None)) is not None:
            future = submit(packed)
            under_way[future] = packed
            room.take(packed)
            results.add(future)
        if not under_way:
            return
        if not _is_ready(results):
            for lost in stranded(under_way):
                again.append(under_way.pop(lost))
                room.give_back(again[-1])
                lost.cancel()
            continue
        future, result = next(results)
        if future not in under_way:
            continue  # it was stranded
        room.give_back(packed := under_way.pop(future))
        if future.status not in {"finished", "error"}:
            raise ClusterLost
        yield packed, (result if future.status == "finished" else result[1])
        future.release()


def _is_ready(results: Any) -> bool:
    """Waits until something is done; False if nothing is after LOOK_SECONDS."""
    until = time.monotonic() + LOOK_SECONDS
    while not results.has_ready():
        if time.monotonic() > until:
            return False
        time.sleep(POLL_SECONDS)
    return True


class _Room:
    """How many submissions, and bytes of them, may be under way, as the workers come and go."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._looked = float("-inf")
        self._most = 1
        self._count = self._bytes = 0

    def is_left(self) -> bool:
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._most = max(1, AHEAD * sum(self._client.nthreads().values()))
            self._looked = time.monotonic()
        return self._count == 0 or (self._count < self._most and self._bytes < MAX_AHEAD)

    def take(self, packed: Packed) -> None:
        self._count, self._bytes = self._count + 1, self._bytes + packed.size

    def give_back(self, packed: Packed) -> None:
        self._count, self._bytes = self._count - 1, self._bytes - packed.size

"""A solution through its judge: a right one gets full points, a wrong one fails and is called by its name."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterable, Iterator, Mapping

from course.authoring.solutions import Solution
from course.catalog import Chapter
from course.errors import CourseError
from course.exercises.check import check_candidate
from course.verdict import Verdict


def solution_faults(
    chapter: Chapter, solution: Solution, namespace: Mapping[str, object], seeds: Iterable[int]
) -> Iterator[str]:
    """One sentence for the first seed with which the verdict is not as it must be.

    namespace: what the notebook prepares, see prepared_namespace.
    """
    where = f"{solution.where}: {solution.exercise}, {solution.name!r},"
    defined = dict(namespace)
    try:
        exec(compile(solution.source, f"<{solution.exercise}>", "exec"), defined)
    except Exception as error:  # a solution that is no cell
        yield f"{where} cannot be run ({type(error).__name__}: {error}). Mend it."
        return
    for seed in seeds:
        try:
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of wrong ones, which say much
                verdict = check_candidate(solution.exercise, defined, seed, chapter)
        except CourseError as error:
            yield f"{where} could not be judged: {error}"
            return
        if not as_it_must_be(solution, verdict):
            yield f"{where} with seed {seed} {_what_came(solution, verdict)}"
            return


def as_it_must_be(solution: Solution, verdict: Verdict) -> bool:
    if solution.right:
        return verdict.status == "passed"
    named = verdict.misconceptions or [""]
    return verdict.status in ("failed", "partial") and len(named) == 1 and named[0] in solution.names


def _what_came(solution: Solution, verdict: Verdict) -> str:
    failed = "; ".join(f"{each.label}: {each.message}" for each in verdict.findings if not each.passed)
    told = verdict.reason or failed or "every line passed"
    named = ", ".join(verdict.misconceptions) or "no misconception"
    if solution.right:
        return f"is right and is {verdict.status!r}: {' '.join(told.split())[:400]}"
    wanted = " or ".join(name or "no misconception" for name in solution.names)
    return f"must fail with {wanted}, and is {verdict.status!r} with {named}: {' '.join(told.split())[:400]}"

"""`course validate --run SLUG`: proves a chapter by running it, within the budgets that lessons have.

Runs its notebooks with their solutions in, and each solution that its tests know through its judge. Writes nothing
into the course.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from course.authoring.run.budgets import measured
from course.authoring.run.notebooks import run_chapter_notebooks
from course.authoring.run.numbers import numbers_to_look_at
from course.authoring.run.solutions import solution_faults
from course.authoring.run.told import Told
from course.authoring.solutions import known_solutions, prepared_namespace
from course.catalog import Catalog, Chapter
from course.errors import CourseError
from course.exercises.base import VISIBLE_SEED
from course.language import counted


def run_problems(catalog: Catalog, chapter: Chapter, show: Callable[[str], None]) -> Iterator[Told]:
    """What came of running the chapter, as it comes. show: told what is under way."""
    for run in run_chapter_notebooks(catalog, chapter, show):
        yield from run.faults()
        yield from measured(run)
        yield from numbers_to_look_at(run)
    try:
        solutions = known_solutions(catalog, chapter)
    except CourseError as error:
        yield Told("fault", str(error))
        return
    namespace = prepared_namespace(catalog, chapter)
    count = sum(map(len, solutions.values()))
    for exercise, known in solutions.items():
        show(f"{exercise}: {counted(len(known), 'solution')}")
        for solution in known:
            yield from (Told("fault", fault) for fault in solution_faults(chapter, solution, namespace, [VISIBLE_SEED]))
    yield Told("measured", f"tests/chapters/{chapter.module}/solutions: {counted(count, 'solution')} judged.")

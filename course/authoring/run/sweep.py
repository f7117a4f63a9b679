"""Every solution of an exercise over many seeds: no right one may fail, no wrong one pass or lose its name.

A sweep takes minutes, so an exercise that has passed one is noted with a digest of all that its verdicts depend on in
its chapter, in tests/chapters/<module>/swept.yml; it is swept again once it has changed (tests/contract).
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from course.authoring.run.solutions import solution_faults
from course.authoring.solutions import Solution, known_solutions, prepared_namespace, reference_cells, solutions_folder
from course.catalog import Catalog, Chapter
from course.exercises.misconceptions import CHAPTERS
from course.exercises.registry import chapter_exercises, find_judge
from course.grading.fingerprint import imported_by
from course.notebooks.restore import SOLUTION

SEEDS = range(20)
SEEDS_OF_FITS = range(5)  # where each call of `observe` trains for seconds


def sweep(
    chapter: Chapter, solutions: list[Solution], namespace: Mapping[str, object], right: range, wrong: range
) -> Iterator[str]:
    """One sentence for each solution with the first seed that it fails. right, wrong: the seeds to try."""
    for solution in solutions:
        yield from solution_faults(chapter, solution, namespace, right if solution.right else wrong)


def seeds_of(chapter: Chapter, exercise: str) -> range:
    """The seeds over which an exercise that has changed is swept."""
    return SEEDS_OF_FITS if chapter_exercises(chapter)[exercise].time_factor > 1 else SEEDS


def sweep_exercise(catalog: Catalog, chapter: Chapter, exercise: str) -> list[str]:
    """The faults over its seeds, of an exercise that has changed since its last sweep; none of any other."""
    if noted(catalog, chapter).get(exercise) == exercise_digest(catalog, chapter, exercise):
        return []
    solutions, seeds = known_solutions(catalog, chapter)[exercise], seeds_of(chapter, exercise)
    return list(sweep(chapter, solutions, prepared_namespace(catalog, chapter), seeds, seeds))


def exercise_digest(catalog: Catalog, chapter: Chapter, exercise: str) -> str:
    """Of the exercise's modules, what they import of their chapter, its solutions and the notebook's own."""
    folder = CHAPTERS / chapter.module
    sides = (chapter_exercises(chapter)[exercise], find_judge(chapter, exercise))
    waiting = [Path(str(sys.modules[type(side).__module__].__file__)) for side in sides]
    files: dict[str, Path] = {}
    while waiting:
        path = waiting.pop()
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else ""
        if name and name not in files and path.name != "__init__.py":
            files[name] = path
            waiting += imported_by(path)
    files["solutions"] = solutions_folder(catalog, chapter) / f"{exercise}.py"
    digest = hashlib.sha256(reference_cells(catalog, chapter).get(f"{exercise}{SOLUTION}", "").encode())
    for name, path in sorted(files.items()):
        digest.update(f"{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def noted(catalog: Catalog, chapter: Chapter) -> dict[str, str]:
    """The digests that passed a sweep, by exercise."""
    path = _notes(catalog, chapter)
    found = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}


def note(catalog: Catalog, chapter: Chapter, exercise: str) -> None:
    """Says that the exercise, as it is now, has passed a sweep. Exercises that are gone are forgotten."""
    known = {name: digest for name, digest in noted(catalog, chapter).items() if name in chapter_exercises(chapter)}
    known[exercise] = exercise_digest(catalog, chapter, exercise)
    head = "# Written by benchmarks/exercise_seeds.py: each exercise as it was when its solutions passed a sweep.\n"
    entries = [f'{name}: "{known[name]}"\n' for name in sorted(known)]
    _notes(catalog, chapter).write_text(head + "".join(entries), encoding="utf-8")


def _notes(catalog: Catalog, chapter: Chapter) -> Path:
    return solutions_folder(catalog, chapter).parent / "swept.yml"

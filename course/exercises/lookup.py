"""Finds exercises and judges by name. Names are unique in the course; `course validate` holds authors to it."""

from __future__ import annotations

from course.catalog import Catalog, Chapter, load_catalog, load_chapter_module
from course.errors import UsageError
from course.exercises.base import Exercise, Judge


def chapter_exercises(chapter: Chapter) -> dict[str, Exercise]:
    """The judged exercises of a chapter by name, in order."""
    return {exercise.entry: exercise for exercise in load_chapter_module(chapter, "exercises").EXERCISES}


def find_exercise(name: str, catalog: Catalog | None = None) -> tuple[Chapter, Exercise]:
    """The exercise of that name and its chapter; UsageError names the exercises there are."""
    known: list[str] = []
    for chapter in (catalog or load_catalog()).chapters:
        exercises = chapter_exercises(chapter)
        if name in exercises:
            return chapter, exercises[name]
        known += exercises
    raise UsageError(f"There is no exercise {name!r}. The exercises are: {', '.join(known)}.")


def find_judge(chapter: Chapter, name: str) -> Judge:
    """The judge of an exercise. Only trusted processes can load it: the sandbox hides judges from submissions."""
    judges: dict[str, Judge] = load_chapter_module(chapter, "judges").JUDGES
    return judges[name]

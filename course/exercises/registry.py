"""Finds exercises and judges by name. Names are unique in the course; `course validate` holds authors to it.

A chapter that cannot be imported costs itself: those beside it are found as ever.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from course.catalog import Catalog, Chapter, load_catalog, load_chapter_module
from course.errors import CourseError, UsageError
from course.exercises.base import Exercise, Judge
from course.language import _
from course.storage.folder import notebook_folder


def chapter_exercises(chapter: Chapter) -> dict[str, Exercise]:
    """The judged exercises of a chapter by name, in order. CourseError where its code cannot be loaded."""
    try:
        return {exercise.entry: exercise for exercise in load_chapter_module(chapter, "exercises").EXERCISES}
    except Exception as error:  # whatever an author's module raises while it is imported
        message = _("The exercises of {chapter} cannot be loaded ({kind}: {text}). Tell your instructor.")
        told = message.format(chapter=chapter.slug, kind=type(error).__name__, text=error)
        raise CourseError(told) from error


def find_exercise(
    name: str, catalog: Catalog | None = None, chapter: Chapter | None = None
) -> tuple[Chapter, Exercise]:
    """The exercise of that name and its chapter: the one given, else the one in whose folder the notebook lies, else
    whichever has it.

    UsageError names the exercises there are, and the chapters that could not be loaded.
    """
    chapters = [chapter] if chapter else _nearest_first(catalog or load_catalog())
    known: list[str] = []
    faults: list[str] = []
    for each in chapters:
        try:
            exercises = chapter_exercises(each)
        except CourseError as fault:
            faults.append(str(fault))
            continue
        if name in exercises:
            return each, exercises[name]
        known += exercises
    told = _("There is no exercise {name!r}. The exercises are: {known}.").format(name=name, known=", ".join(known))
    raise UsageError(" ".join([told, *faults]))


def _nearest_first(catalog: Catalog) -> list[Chapter]:
    """The chapters, the one in whose folder the notebook lies before those that are imported already, and the others,
    which need not be imported then."""
    here = notebook_folder().name
    ours = {chapter.slug for chapter in catalog.chapters if here in (chapter.slug, *chapter.formerly)}
    loaded = {each.slug for each in catalog.chapters if f"course.chapters.{each.module}.exercises" in sys.modules}
    return sorted(catalog.chapters, key=lambda chapter: (chapter.slug not in ours, chapter.slug not in loaded))


def find_judge(chapter: Chapter, name: str) -> Judge:
    """The judge of an exercise. Only trusted processes can load it: the sandbox hides judges from submissions."""
    judges: Mapping[str, Judge] = load_chapter_module(chapter, "judges").JUDGES
    judge = judges[name]
    judge.chapter = chapter  # in whose words it tells misconceptions
    return judge

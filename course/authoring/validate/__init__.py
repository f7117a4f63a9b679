"""Tells authors what is wrong in the course's files: one line each, with file, line and the mend.

Looks at the four places of each chapter and at how they fit together; changes nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from course.authoring.validate.chapter_files import contents_problems, file_problems, left_over_problems
from course.authoring.validate.exercises import exercise_problems, module_place, sound_exercises, sound_judges
from course.authoring.validate.misconceptions import misconception_problems
from course.authoring.validate.notebooks import ChapterCells, call_problems, named_cells, notebook_problems
from course.authoring.validate.points import point_problems
from course.authoring.validate.quiz import quiz_problems
from course.authoring.validate.stray_files import stray_file_problems
from course.authoring.validate.unfinished import unfinished_notes, untranslated_notes
from course.catalog import CONTENTS, Catalog, Chapter
from course.errors import CourseError
from course.notebooks.release import release
from course.notebooks.rules import require_sound_rules
from course.rules.read import RulesError
from course.storage.yaml_lines import SourceError, read_source


def course_problems(catalog: Catalog) -> list[str]:
    """Every fault found, as 'file:line: what is wrong. The mend.'; empty if there is none."""
    try:
        read_source(catalog.root / CONTENTS)
    except SourceError as error:
        return error.sentences
    problems = [*contents_problems(catalog), *left_over_problems(catalog), *rules_problems(catalog)]
    owners: dict[str, Chapter] = {}
    for chapter in catalog.chapters:
        problems += _chapter_problems(catalog, chapter, owners)
    return problems


def rules_problems(catalog: Catalog) -> list[str]:
    """Every fault in course.yml; empty where there is none, or no such file."""
    try:
        require_sound_rules(catalog)
    except RulesError as error:
        return error.sentences
    return []


def course_notes(catalog: Catalog) -> list[str]:
    """What is no fault and still worth an author's eye, as 'file:line: …'. Chapters that cannot be read have none."""
    notes: list[str] = []
    for chapter in catalog.chapters:
        with contextlib.suppress(CourseError):
            notes += unfinished_notes(named_cells(catalog, chapter))
        with contextlib.suppress(SyntaxError):  # which is told as a fault
            notes += untranslated_notes(catalog, chapter)
    return notes


def _chapter_problems(catalog: Catalog, chapter: Chapter, owners: dict[str, Chapter]) -> list[str]:
    """Faults of one chapter. owners: which chapter has an exercise of that name; this chapter's are added."""
    problems = [*file_problems(catalog, chapter), *stray_file_problems(catalog, chapter)]
    try:
        cells = named_cells(catalog, chapter)
    except CourseError as error:
        return [*problems, str(error)]
    exercises, faults = sound_exercises(chapter)
    problems += faults
    for name in exercises:
        owner = owners.setdefault(name, chapter)
        if owner.module != chapter.module:
            problems.append(
                f"{module_place(chapter, 'exercises')}: the exercise {name} stands in {owner.module} as well. "
                "Rename one; names are how check() finds them."
            )
    problems += quiz_problems(chapter.slug, catalog)
    problems += notebook_problems(cells)
    problems += call_problems(catalog, chapter, cells, set(exercises))
    judges, faults = sound_judges(chapter, exercises)
    problems += faults
    if not faults:  # else it would be told again, of each code
        problems += misconception_problems(catalog, chapter, judges)
    problems += exercise_problems(chapter, exercises, cells)
    problems += point_problems(cells)
    return problems or list(_release_problems(catalog, chapter, cells))


def _release_problems(catalog: Catalog, chapter: Chapter, cells: ChapterCells) -> Iterator[str]:
    """Whatever else keeps nbgrader from making the learner's copy."""
    try:
        release(catalog, chapter.slug)
    except RulesError:  # which is told by itself
        return
    except Exception as error:  # nbgrader raises many kinds for what it does not like
        yield f"{cells.folder}: nbgrader cannot release this chapter: {error}"

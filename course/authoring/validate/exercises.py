"""Whether a chapter's exercises, judges and cells fit together."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import numpy as np

from course.authoring.validate.notebooks import ChapterCells, PlacedCell, exact_source
from course.catalog import Chapter, load_chapter_module
from course.exercises.base import MAX_CASES, VISIBLE_SEED, Exercise, Judge
from course.exercises.misconceptions import CHAPTERS
from course.language import counted
from course.verdict import format_points

Exercises = dict[str, Exercise]


def sound_exercises(chapter: Chapter) -> tuple[Exercises, list[str]]:
    """The exercises that can be looked at further, by name, and what is wrong with the others or with the module."""
    place = module_place(chapter, "exercises")
    entries, fault = _table(chapter, "exercises", "EXERCISES")
    if fault:
        return {}, [f"{place}: {fault}"]
    if not isinstance(entries, list | tuple):
        return {}, [f"{place}: EXERCISES must be a tuple of exercises."]
    sound: Exercises = {}
    problems = []
    for entry in entries:
        if not isinstance(entry, Exercise):
            problems.append(f"{place}: EXERCISES holds {_name(entry)}, which is no exercise. Is it missing its ()?")
        elif entry.entry in sound:
            problems.append(f"{place}: {entry.entry} stands twice in EXERCISES. Rename one.")
        else:
            sound[entry.entry] = entry
    return sound, problems


def module_place(chapter: Chapter, name: str) -> str:
    """Where a chapter's exercises or judges are listed: exercises/__init__.py, or exercises.py in a small chapter."""
    file = f"{name}.py" if (CHAPTERS / chapter.module / f"{name}.py").is_file() else f"{name}/__init__.py"
    return f"course/chapters/{chapter.module}/{file}"


def _table(chapter: Chapter, module: str, name: str) -> tuple[object, str]:
    """What a chapter's module calls by that name, or why it cannot be had."""
    try:
        return getattr(load_chapter_module(chapter, module), name), ""
    except AttributeError:
        return None, f"it defines no {name}. Add it."
    except SyntaxError as error:
        return None, f"line {error.lineno} is not valid Python: {error.msg}."
    except Exception as error:  # whatever an author's module raises while it is imported
        return None, f"it cannot be imported: {type(error).__name__}: {error}."


def _name(entry: object) -> str:
    return entry.__name__ if isinstance(entry, type) else repr(entry)


def sound_judges(chapter: Chapter, exercises: Exercises) -> tuple[dict[str, Judge], list[str]]:
    """The judges that can be looked at further, by name, and what is wrong with the others or with the module."""
    place = f"{module_place(chapter, 'judges')}:"
    judges, fault = _table(chapter, "judges", "JUDGES")
    if fault or not isinstance(judges, Mapping):
        return {}, [f"{place} {fault or 'JUDGES must be a dict of judges by the name of their exercise.'}"]
    problems = [f"{place} there is no judge of {name}. Add one to JUDGES." for name in exercises if name not in judges]
    sound: dict[str, Judge] = {}
    for name, judge in judges.items():
        if name not in exercises:
            told = f"{place} JUDGES has {name}, which is no exercise of this chapter. Mend the name, or take it out."
            problems.append(told)
        elif not isinstance(judge, Judge):
            problems.append(f"{place} JUDGES holds {_name(judge)} for {name}, which is no judge. Is it missing its ()?")
        elif not _is_hidden(judge):
            problems.append(
                f"{place} {type(judge).__name__} is defined in {type(judge).__module__}, which submissions can read. "
                "Move it into the folder judges."
            )
        else:
            sound[name] = judge
    return sound, problems


def _is_hidden(judge: Judge) -> bool:
    """True if the sandbox hides the judge's module: course.chapters.<module>.judges…"""
    parts = type(judge).__module__.split(".")
    return parts[:2] == ["course", "chapters"] and len(parts) > 3 and parts[3].startswith("judges")


def exercise_problems(chapter: Chapter, exercises: Exercises, cells: ChapterCells) -> Iterator[str]:
    """Faults between the exercises and their cells."""
    for name, exercise in exercises.items():
        yield from _case_problems(chapter, exercise)
        yield from exact_source(cells, name, f'check("{name}")')
        if name in cells.named:
            placed = cells.named[name]
            points = float(placed.cell.metadata.nbgrader.get("points") or 0)
            if points != exercise.points:
                theirs = f"{type(exercise).__name__} gives {format_points(exercise.points)}"
                yield f"{placed.where} gives {counted(format_points(points), 'point')}, {theirs}. Make them equal."
        solution = f"{name}-solution"
        if solution in cells.named:
            yield from _solution_problems(cells.named[solution], name)
        else:
            yield f"{cells.folder}: no cell has the grade_id {solution}. Add the solution cell."


def _case_problems(chapter: Chapter, exercise: Exercise) -> Iterator[str]:
    where = f"{type(exercise).__module__.replace('.', '/')}.py: {type(exercise).__name__}.cases"
    try:
        count = len(list(exercise.cases(np.random.default_rng(VISIBLE_SEED))))
    except Exception as error:  # the author's own code
        yield f"{where} raises {type(error).__name__}: {error}. Mend it."
        return
    if not 1 <= count <= MAX_CASES:
        yield f"{where} makes {counted(count, 'case')}. Make between 1 and {MAX_CASES}."


def _solution_problems(placed: PlacedCell, name: str) -> Iterator[str]:
    if "### BEGIN SOLUTION" not in placed.source or "### END SOLUTION" not in placed.source:
        yield f"{placed.where} does not mark its solution. Put it between ### BEGIN SOLUTION and ### END SOLUTION."
    if not placed.cell.metadata.nbgrader.get("solution"):
        yield f"{placed.where} is no solution cell for nbgrader. Make it an autograded answer."
    functions = [node.name for node in ast.walk(placed.code or ast.Module([], [])) if isinstance(node, ast.FunctionDef)]
    if placed.code and name not in functions:
        yield f"{placed.where} defines no function {name}. Name it as the exercise does."

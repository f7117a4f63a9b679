"""What an author is told about a quiz: every fault as 'file:line: question id: what is wrong and the mend'.

Reads the quiz and its translations; changes nothing, raises nothing for a fault.
"""

from __future__ import annotations

from pathlib import Path

from course.catalog import Catalog
from course.quiz.checks import advice_on
from course.quiz.model import SOURCE_LANGUAGE, Quiz, read_quiz
from course.quiz.source import SourceError, read_source
from course.quiz.translation import translation_problems


def quiz_problems(slug: str, catalog: Catalog) -> list[str]:
    """All faults of a chapter's quiz and of its translations; empty where there is no fault or no quiz."""
    path = catalog.quiz_file(slug)
    if not path.is_file():
        return []
    try:
        quiz, source = read_quiz(path, slug)
    except SourceError as error:
        return error.sentences
    problems = [source.sentence(problem) for problem in advice_on(quiz)]
    for translation in sorted(path.parent.glob(f"{slug}.*.yml")):
        problems += _translation_problems(quiz, translation)
    return problems


def _translation_problems(quiz: Quiz, path: Path) -> list[str]:
    try:
        source = read_source(path)
    except SourceError as error:
        return error.sentences
    return [source.sentence(problem) for problem in translation_problems(quiz.model_dump(), source)]


def languages_of(slug: str, catalog: Catalog) -> list[str]:
    """The languages that a chapter's quiz is written in, English first."""
    found = sorted(path.name.split(".")[-2] for path in catalog.quiz_file(slug).parent.glob(f"{slug}.*.yml"))
    return [SOURCE_LANGUAGE, *found]

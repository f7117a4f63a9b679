"""What an author is told about a quiz: every fault as 'file:line: question id: what is wrong and the mend'.

Reads the quiz and its translations; changes nothing, raises nothing for a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from course.authoring.validate.misconceptions import no_such_section
from course.catalog import Catalog
from course.quiz.checks import advice_on, placed_questions
from course.quiz.drawing import figure_html
from course.quiz.model import Quiz, read_quiz
from course.quiz.translation import translation_problems
from course.storage.headings import sections_in
from course.storage.yaml_lines import Problem, SourceError, read_source


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
    problems += [source.sentence(problem) for problem in _sections_to_reread(quiz, catalog)]
    problems += [source.sentence(problem) for problem in _figures_not_drawn(quiz)]
    for translation in sorted(path.parent.glob(f"{slug}.*.yml")):
        problems += _translation_problems(quiz, translation)
    return problems


def _translation_problems(quiz: Quiz, path: Path) -> list[str]:
    try:
        source = read_source(path)
    except SourceError as error:
        return error.sentences
    return [source.sentence(problem) for problem in translation_problems(quiz.model_dump(), source)]


def _sections_to_reread(quiz: Quiz, catalog: Catalog) -> Iterator[Problem]:
    """Misconceptions that send the learner to a section which the chapter's notebooks do not have."""
    sections = sections_in(catalog.notebooks_folder(quiz.slug))
    for tag, idea in quiz.misconceptions.items():
        if idea.reread and (fault := no_such_section(idea.reread, sections)):
            yield Problem(("misconceptions", tag, "reread"), fault)


def _figures_not_drawn(quiz: Quiz) -> Iterator[Problem]:
    """Figures whose function is not there, or trips."""
    for place, question in placed_questions(quiz):
        try:
            figure_html(question.figure)
        except Exception as error:  # whatever a drawing function raises is the author's to mend
            yield Problem((*place, "figure", "function"), f"the figure cannot be drawn: {error}")

"""Whether course.yml fits the chapters: the exercises that it names, and what its lines on quizzes come to."""

from __future__ import annotations

from collections.abc import Iterator

from course.catalog import Catalog
from course.errors import CourseError
from course.language import SOURCE_LANGUAGE, _
from course.notebooks.points import author_points
from course.quiz.checks import gives_points_away
from course.quiz.model import load_quiz
from course.rules.model import CourseRules
from course.rules.read import RulesError, did_you_mean, load_rules, rules_source
from course.storage.yaml_lines import Problem


def require_sound_rules(catalog: Catalog) -> None:
    """RulesError for every fault in course.yml. To be asked before anything is released or graded."""
    rules = load_rules(catalog)
    problems = [*_unknown_exercises(catalog, rules), *_giving_quizzes(catalog, rules)]
    if problems:
        source = rules_source(catalog)
        raise RulesError([source.sentence(problem) for problem in problems])


def _unknown_exercises(catalog: Catalog, rules: CourseRules) -> Iterator[Problem]:
    for slug, chapter in rules.chapters.items():
        known = author_points(catalog, slug)
        for name in chapter.exercises:
            if name not in known:
                told = _("{slug} has no exercise {name!r}.").format(slug=slug, name=name)
                meant = did_you_mean(name, list(known))
                yield Problem(("chapters", slug, "exercises", name), f"{told} {meant}")


def _giving_quizzes(catalog: Catalog, rules: CourseRules) -> Iterator[Problem]:
    """Settings that only together with the quiz's own make no sense."""
    for chapter in catalog.chapters:
        of_quiz = rules.chapter(chapter.slug)
        if not (of_quiz.counts or of_quiz.attempts or of_quiz.feedback):
            continue
        try:
            quiz = load_quiz(chapter.slug, catalog, SOURCE_LANGUAGE)
        except CourseError:  # the quiz's own fault, which is told where it is
            continue
        if gives_points_away(quiz):
            told = _(
                "in {slug} the best of any number of answers would count, which gives the points away: set attempts, "
                "or counts: latest."
            )
            yield Problem(("chapters", chapter.slug, "quiz"), told.format(slug=chapter.slug))

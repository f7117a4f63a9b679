"""The chapter that a benchmark measures: `--chapter 2-4-dropout`, and a course of that chapter alone."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from course.catalog import CONTENTS, Chapter, load_catalog
from course.quiz.model import load_quiz
from course.quiz.questions import SingleQuestion
from tests.conftest import ROOT

USUAL = "2-4-dropout"


def with_chapter(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """With the option --chapter; see chosen_chapter."""
    parser.add_argument("--chapter", default=USUAL, metavar="SLUG", help=f"which chapter to measure ({USUAL})")
    return parser


def chosen_chapter(arguments: argparse.Namespace) -> Chapter:
    """The chapter that was asked for; UsageError names the ones there are."""
    return load_catalog(ROOT).chapter(arguments.chapter)


def course_of(chapter: Chapter, target: Path) -> Path:
    """Sources and settings of a course of that chapter alone, in a folder of its own."""
    personal = shutil.ignore_patterns("answers*", "feedback*", ".*")
    shutil.copytree(ROOT / "notebooks" / chapter.slug, target / "notebooks" / chapter.slug, ignore=personal)
    entry = {"slug": chapter.slug, "title": chapter.title, "module": chapter.module}
    contents = {"title": "A course", "sections": [{"title": chapter.section, "chapters": [entry]}]}
    (target / CONTENTS).write_text(json.dumps(contents))  # which is YAML too
    (target / "quizzes").mkdir()
    for path in (ROOT / "quizzes").glob(f"{chapter.slug}.*yml"):
        shutil.copy(path, target / "quizzes")
    shutil.copy(ROOT / "nbgrader_config.py", target)
    return target


def question_to_answer(chapter: Chapter) -> tuple[str, list[str]]:
    """The id of the first question of the quiz with one right option, and its options' ids."""
    quiz = load_quiz(chapter.slug, load_catalog(ROOT), "en")
    question = next(question for question in quiz.questions if isinstance(question, SingleQuestion))
    return question.id, [option.id for option in question.options]

"""A chapter's quiz as data: what an author writes in quizzes/<slug>.yml, its translations, and its keyless form.

A Quiz holds the key and never goes to a learner's page whole; a Sheet is what the learner may see.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from course.catalog import Catalog, load_catalog
from course.errors import CourseError
from course.language import SOURCE_LANGUAGE, _, language
from course.quiz.checks import problems_of
from course.quiz.questions import Figure, Id, MultipleQuestion, OrderQuestion, Plain, Question, SingleQuestion, Text
from course.quiz.translation import translate
from course.rules.model import ANY, ChapterRules
from course.rules.read import load_rules
from course.storage.json_file import read_json
from course.storage.yaml_lines import Source, SourceError, read_source, shape_problems

SHEET_FILE = "quiz.json"
Feedback = Literal["immediate", "after-grading"]
Counts = Literal["first", "latest", "best"]
Kind = Literal["single", "multiple", "numeric", "order"]


class Misconception(Plain):
    """A wrong idea that a wrong option reveals; reread: the heading of the section that puts it right."""

    says: Text
    reread: Text | None = None


class Part(Plain):
    """A run of questions under a heading; only a graded part gives points.

    apart: shown only where a notebook asks for this part by its id, not with the whole quiz.
    """

    id: Id
    title: Text
    graded: bool = False
    apart: bool = False
    questions: Annotated[tuple[Question, ...], Field(strict=False, min_length=1)]


class Quiz(Plain):
    """A whole quiz with its key.

    counts: which answer gives the points. attempts: how many answers to a question count, None for any number.
    predictions: ids of questions that the lesson asks before teaching, and shows again at the end.
    """

    slug: Text
    title: Text
    feedback: Feedback = "immediate"
    counts: Counts = "latest"
    attempts: Annotated[int, Field(ge=1, le=20)] | None = None
    misconceptions: dict[Id, Misconception] = Field(default_factory=dict)
    predictions: Annotated[tuple[Id, ...], Field(strict=False)] = ()
    parts: Annotated[tuple[Part, ...], Field(strict=False, min_length=1)]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for part in self.parts for question in part.questions)

    @cached_property
    def graded(self) -> tuple[Question, ...]:
        return tuple(question for part in self.parts if part.graded for question in part.questions)

    def question(self, question_id: str) -> Question | None:
        return next((question for question in self.questions if question.id == question_id), None)


class SheetOption(Plain):
    id: Id
    text: Text


class SheetQuestion(Plain):
    """A question without its key. options: what can be chosen, or put in order; empty for a number."""

    id: Id
    kind: Kind
    title: Text
    prompt: Text
    figure: Figure | None = None
    options: Annotated[tuple[SheetOption, ...], Field(strict=False)] = ()
    unit: str = ""


class SheetPart(Plain):
    id: Id
    title: Text
    graded: bool
    apart: bool = False
    questions: Annotated[tuple[SheetQuestion, ...], Field(strict=False)]


class Sheet(Plain):
    """What a learner may see of a quiz before answering: everything but right and wrong."""

    slug: Text
    title: Text
    feedback: Feedback
    counts: Counts
    attempts: int | None = None
    predictions: Annotated[tuple[Id, ...], Field(strict=False)] = ()
    parts: Annotated[tuple[SheetPart, ...], Field(strict=False)]

    @cached_property
    def questions(self) -> tuple[SheetQuestion, ...]:
        return tuple(question for part in self.parts for question in part.questions)


def load_quiz(slug: str, catalog: Catalog | None = None, lang: str | None = None) -> Quiz:
    """The quiz of a chapter, in the learner's language as far as it is translated, and as course.yml sets it.

    Raises UsageError for an unknown chapter, SourceError (a CourseError) naming file, line and question of each fault.
    """
    catalog = catalog or load_catalog()
    slug = catalog.chapter(slug).slug
    lang = lang or language()
    quiz = _as_set(read_quiz(catalog.quiz_file(slug), slug)[0], load_rules(catalog).chapter(slug))
    translated = catalog.quiz_file(slug, lang)
    if lang == SOURCE_LANGUAGE or not translated.is_file():
        return quiz
    return Quiz.model_validate(translate(quiz.model_dump(), read_source(translated)))


def _as_set(quiz: Quiz, rules: ChapterRules) -> Quiz:
    """The quiz with what an instructor has set in place of its author's lines."""
    lines = {"feedback": rules.feedback, "counts": rules.counts, "attempts": rules.attempts}
    chosen = {name: value for name, value in lines.items() if value is not None}
    return quiz.model_copy(update={name: None if value == ANY else value for name, value in chosen.items()})


def read_quiz(path: Path, slug: str) -> tuple[Quiz, Source]:
    """The quiz in that file and where everything stands in it; SourceError with every fault found."""
    source = read_source(path)
    if not isinstance(source.data, dict):
        raise SourceError([f"{path}:1: a quiz is a mapping that begins with 'title:'."])
    try:
        quiz = Quiz.model_validate({**source.data, "slug": slug})
    except ValidationError as error:
        raise SourceError([source.sentence(p) for p in shape_problems(error)]) from None
    problems = problems_of(quiz)
    if problems:
        raise SourceError([source.sentence(problem) for problem in problems])
    return quiz, source


def sheet_of(quiz: Quiz) -> Sheet:
    """The quiz without its key: options stand in an order that tells nothing."""
    parts = tuple(
        SheetPart(
            id=part.id,
            title=part.title,
            graded=part.graded,
            apart=part.apart,
            questions=tuple(_without_key(q) for q in part.questions),
        )
        for part in quiz.parts
    )
    return Sheet(
        slug=quiz.slug,
        title=quiz.title,
        feedback=quiz.feedback,
        counts=quiz.counts,
        attempts=quiz.attempts,
        predictions=quiz.predictions,
        parts=parts,
    )


def _without_key(question: Question) -> SheetQuestion:
    choices: list[SheetOption] = []
    if isinstance(question, SingleQuestion | MultipleQuestion):
        choices = [SheetOption(id=option.id, text=option.text) for option in question.options]
    elif isinstance(question, OrderQuestion):
        choices = [SheetOption(id=item.id, text=item.text) for item in question.items]
    choices.sort(key=lambda choice: hashlib.sha256(f"{question.id}/{choice.id}".encode()).digest())
    return SheetQuestion(
        id=question.id,
        kind=question.kind,
        title=question.title,
        prompt=question.prompt,
        figure=question.figure,
        options=tuple(choices),
        unit=getattr(question, "unit", ""),
    )


def released_sheet(slug: str, catalog: Catalog) -> Sheet | None:
    """The quiz without its key where that is all that this course has: an installed one, of a quiz that tells later."""
    path = catalog.notebooks_folder(slug) / SHEET_FILE
    return load_sheet(path) if catalog.is_installed and path.is_file() else None


def keyless(quiz: Quiz) -> dict[str, Any]:
    """What the release step writes as quiz.json beside the notebook of an after-grading quiz (plain JSON data)."""
    return sheet_of(quiz).model_dump(mode="json")


def keyless_files(slug: str, catalog: Catalog) -> dict[str, dict[str, Any]]:
    """The side files that a chapter's release needs, by name: quiz.json and quiz.<language>.json, without the key.

    Empty for a quiz whose feedback is immediate, as that needs its key, and for a chapter without a quiz.
    """
    if not catalog.quiz_file(slug).is_file() or load_quiz(slug, catalog, SOURCE_LANGUAGE).feedback == "immediate":
        return {}
    names = {
        lang: SHEET_FILE if lang == SOURCE_LANGUAGE else f"quiz.{lang}.json" for lang in languages_of(slug, catalog)
    }
    return {name: keyless(load_quiz(slug, catalog, lang)) for lang, name in names.items()}


def languages_of(slug: str, catalog: Catalog) -> list[str]:
    """The languages that a chapter's quiz is written in, English first."""
    found = sorted(path.name.split(".")[-2] for path in catalog.quiz_file(slug).parent.glob(f"{slug}.*.yml"))
    return [SOURCE_LANGUAGE, *found]


def load_sheet(path: Path) -> Sheet:
    """The keyless quiz in a quiz.json; CourseError (BrokenFile among them) if it is not one."""
    try:
        return Sheet.model_validate(read_json(path))
    except ValidationError:
        told = _("{path} is not a quiz of this course. Fetch the assignment again.")
        raise CourseError(told.format(path=path)) from None

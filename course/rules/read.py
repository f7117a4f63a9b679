"""Reads course.yml, in which an instructor sets how the course is graded. It need not be there.

Every fault is a sentence with file and line. What is set there holds over what a chapter's own files say.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import tzinfo
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from course.catalog import Catalog
from course.language import _, languages
from course.rules.due import BadDate, read_due, read_zone
from course.rules.model import ChapterEntry, ChapterRules, CourseEntry, CourseRules, Due
from course.storage.yaml_lines import EmptySource, Problem, Source, SourceError, read_source, shape_problems

COURSE_FILE = "course.yml"


class RulesError(SourceError):
    """What is wrong in course.yml: nothing is graded or released by rules that cannot be read."""

    exit_code = 2


def load_rules(catalog: Catalog) -> CourseRules:
    """What course.yml says now; RulesError with every fault that the file itself shows."""
    path = catalog.root / COURSE_FILE
    try:
        return _read(catalog, path, path.read_bytes())
    except FileNotFoundError:
        return CourseRules({})
    except OSError as error:
        told = _("cannot be read ({reason}).").format(reason=error.strerror)
        raise RulesError([f"{path}:1: {told}"]) from None


def chapter_rules(catalog: Catalog, slug: str) -> ChapterRules:
    """What course.yml says of a chapter now."""
    return load_rules(catalog).chapter(catalog.chapter(slug).slug)


def grading_language(catalog: Catalog, slug: str) -> str | None:
    """The language of what is written about graded work of a chapter; None where course.yml sets none, or has faults
    (which stop grading, and are told there)."""
    try:
        return chapter_rules(catalog, slug).language
    except RulesError:
        return None


def course_language(catalog: Catalog) -> str | None:
    """As grading_language, of what is written about the class and no chapter."""
    try:
        return load_rules(catalog).others.language
    except RulesError:
        return None


@lru_cache(maxsize=16)
def _read(catalog: Catalog, path: Path, _content: bytes) -> CourseRules:
    """_content: what stands in the file. JupyterLab lives on while it is edited, so it is looked at each time."""
    try:
        return _rules(catalog, read_source(path))
    except EmptySource:  # every line is a comment
        return CourseRules({})
    except SourceError as error:
        raise RulesError(error.sentences) from None


def rules_source(catalog: Catalog) -> Source:
    """Where everything stands in course.yml, once load_rules has read it."""
    return read_source(catalog.root / COURSE_FILE)


def _rules(catalog: Catalog, source: Source) -> CourseRules:
    if not isinstance(source.data, dict):
        told = _("it is a mapping of settings, such as 'chapters:'.")
        raise SourceError([f"{source.path}:1: {told}"])
    try:
        entry = CourseEntry.model_validate(source.data)
    except ValidationError as error:
        raise SourceError([source.sentence(problem) for problem in shape_problems(error)]) from None
    zone, problems = _zone(entry)
    dues: dict[str, Due] = {}
    for slug, chapter in entry.chapters.items():
        if chapter.due is not None and not (problems and entry.timezone):
            try:
                dues[slug] = read_due(chapter.due, zone)
            except BadDate as error:
                problems.append(Problem(("chapters", slug, "due"), f"{error}"))
    problems += [*_unknown_language(entry), *_unknown_chapters(catalog, entry)]
    if problems:
        raise SourceError([source.sentence(problem) for problem in problems])
    chapters = {slug: _chapter(entry, chapter, dues.get(slug)) for slug, chapter in entry.chapters.items()}
    return CourseRules(chapters, _chapter(entry, ChapterEntry(), None))


def _zone(entry: CourseEntry) -> tuple[tzinfo | None, list[Problem]]:
    try:
        return (read_zone(entry.timezone) if entry.timezone else None), []
    except BadDate as error:
        return None, [Problem(("timezone",), str(error))]


def _unknown_language(entry: CourseEntry) -> Iterator[Problem]:
    chosen: dict[tuple[str, ...], str | None] = {("language",): entry.language}
    chosen |= {("chapters", slug, "language"): chapter.language for slug, chapter in entry.chapters.items()}
    for place, code in chosen.items():
        if code is not None and code not in languages():
            told = _("'language' must be one of {known}, not {code!r}.")
            yield Problem(place, told.format(known=", ".join(languages()), code=code))


def _unknown_chapters(catalog: Catalog, entry: CourseEntry) -> Iterator[Problem]:
    known = [chapter.slug for chapter in catalog.chapters]
    for slug in entry.chapters:
        if slug in catalog.renamed:
            told = _("{old} is called {slug} now. Write that.").format(old=slug, slug=catalog.renamed[slug])
            yield Problem(("chapters", slug), told)
        elif slug not in known:
            told = _("there is no chapter {slug!r}.").format(slug=slug)
            yield Problem(("chapters", slug), f"{told} {did_you_mean(slug, known)}")


def did_you_mean(name: str, known: list[str]) -> str:
    """'Did you mean …?', or which names there are."""
    close = difflib.get_close_matches(name, known, 1)
    if close:
        return _("Did you mean {name}?").format(name=close[0])
    return _("There are: {names}.").format(names=", ".join(known))


def _chapter(course: CourseEntry, chapter: ChapterEntry, due: Due | None) -> ChapterRules:
    """What holds for a chapter: its own lines, and where it says nothing the course's."""
    late = chapter.late or course.late
    points = [(name, each.points if each.counts else 0.0) for name, each in chapter.exercises.items()]
    limits = [(name, each.seconds) for name, each in chapter.exercises.items()]
    usual = chapter.seconds.call or course.seconds.call
    return ChapterRules(
        due=due,
        language=chapter.language or course.language,
        late=late.rule if late else None,
        counts=chapter.quiz.counts or course.quiz.counts,
        attempts=chapter.quiz.attempts or course.quiz.attempts,
        feedback=chapter.quiz.feedback or course.quiz.feedback,
        exercises=tuple(chapter.exercises),
        points=tuple(sorted((name, value) for name, value in points if value is not None)),
        call_seconds=tuple(sorted((name, value) for name, value in [("", usual), *limits] if value is not None)),
        cell_seconds=chapter.seconds.cell or course.seconds.cell,
    )

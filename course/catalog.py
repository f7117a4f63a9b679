"""Reads the course contents (notebooks/contents.yml) and finds the places of a chapter.

One slug, four places: notebooks/<slug>/, quizzes/<slug>.yml, course/chapters/<module>/, tests.
Only `load_chapter_module` imports a chapter, and only when asked.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from course.errors import CourseError, UsageError
from course.storage.folder import notebook_folder

CONTENTS = Path("notebooks") / "contents.yml"
RELEASED = Path(__file__).resolve().parent / "released"  # only an installed course has it: course/authoring/wheel.py
_SLUG = re.compile(r"\d+-\d+(-[a-z0-9]+)+")
_LINE = "line in the file"  # where a mapping begins, noted in it while reading


@dataclass(frozen=True)
class Chapter:
    """A chapter: slug '2-4-dropout' stands for Section 2, Chapter 4, and is nbgrader's assignment id.

    line: where it begins in notebooks/contents.yml. minutes: how long each notebook takes, by its stem, as far as told.
    """

    slug: str
    title: str
    module: str
    section: str
    line: int = field(default=1, compare=False)
    minutes: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def number(self) -> str:
        """As readers write it: 2.4 for Section 2, Chapter 4."""
        return number_of(self.slug)

    @property
    def address(self) -> str:
        section, number, *_rest = self.slug.split("-")
        return f"Section {section}. Chapter {number}"


@dataclass(frozen=True)
class Coming:
    """A chapter that is announced, and not written yet: an entry without a module."""

    slug: str
    title: str

    @property
    def number(self) -> str:
        return number_of(self.slug)


def number_of(slug: str) -> str:
    return ".".join(slug.split("-")[:2])


@dataclass(frozen=True)
class Section:
    title: str
    chapters: tuple[Chapter, ...]
    coming: tuple[Coming, ...] = ()


@dataclass(frozen=True)
class Catalog:
    """The course contents, in order, and the folder that they were read from."""

    root: Path
    title: str
    sections: tuple[Section, ...]

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        return tuple(chapter for section in self.sections for chapter in section.chapters)

    @property
    def is_installed(self) -> bool:
        """True for the course that an installed package carries: as released, without sources, read-only."""
        return self.root == RELEASED

    def chapter(self, slug: str) -> Chapter:
        """The chapter of that slug; UsageError names the ones there are."""
        for chapter in self.chapters:
            if chapter.slug == slug:
                return chapter
        known = ", ".join(chapter.slug for chapter in self.chapters)
        raise UsageError(f"There is no chapter {slug!r}. The chapters are: {known}.")

    def notebooks_folder(self, slug: str) -> Path:
        return self.root / "notebooks" / slug

    def quiz_file(self, slug: str, lang: str = "en") -> Path:
        name = f"{slug}.yml" if lang == "en" else f"{slug}.{lang}.yml"
        return self.root / "quizzes" / name


def course_root() -> Path:
    """The folder that holds notebooks/contents.yml: $COURSE_ROOT, else around the notebook or the
    working directory, else our own."""
    if os.environ.get("COURSE_ROOT"):
        return Path(os.environ["COURSE_ROOT"])
    here = notebook_folder().resolve()
    for folder in (here, *here.parents):
        if (folder / CONTENTS).is_file():
            return folder
    return RELEASED if (RELEASED / CONTENTS).is_file() else RELEASED.parent.parent


def load_catalog(root: Path | None = None) -> Catalog:
    """Reads notebooks/contents.yml under root. CourseError says what is wrong with the file."""
    return _load_catalog(root or course_root())


@cache
def _load_catalog(root: Path) -> Catalog:
    path = root / CONTENTS
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), _WithLines)
    except FileNotFoundError:
        raise CourseError(f"{path}: the course contents are missing. Is this a whole clone of the course?") from None
    except yaml.YAMLError as error:
        raise CourseError(f"{path}: not valid YAML: {error}") from None
    try:
        title, sections = _fields(data, 1, "title", "sections")
        return Catalog(root, str(title), tuple(_section(entry) for entry in sections or []))
    except _BadEntry as error:
        line, told = error.args
        raise CourseError(f"{path}:{line}: {told}") from None


class _WithLines(yaml.SafeLoader):
    """Plain data, and in each mapping the line on which it begins."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        return {**super().construct_mapping(node, deep=deep), _LINE: node.start_mark.line + 1}


class _BadEntry(Exception):
    """What is wrong in the contents, as (line, sentence)."""


def _fields(entry: object, line: int, *names: str, optional: tuple[str, ...] = ()) -> list[Any]:
    """The values of a mapping that has these names and no others; None for an optional one that is not there."""
    listed = ", ".join(names)
    if not isinstance(entry, dict):
        raise _BadEntry(line, f"an entry is missing or of the wrong kind: {entry!r}. It is a mapping of {listed}.")
    missing = [name for name in names if name not in entry]
    unknown = [str(name) for name in entry if name not in {*names, *optional, _LINE}]
    if missing or unknown:
        found = f", not {', '.join(unknown)}" if unknown else ""
        raise _BadEntry(entry[_LINE], f"an entry is missing or of the wrong kind: here belong {listed}{found}.")
    return [entry.get(name) for name in (*names, *optional)]


def _section(entry: object) -> Section:
    line = entry[_LINE] if isinstance(entry, dict) else 1
    title, chapters = _fields(entry, line, "title", "chapters")
    if not isinstance(chapters or [], list):
        raise _BadEntry(line, f"the chapters of {title!r} must be a list.")
    entries = [_chapter(chapter, str(title), line) for chapter in chapters or []]
    written = tuple(entry for entry in entries if isinstance(entry, Chapter))
    return Section(str(title), written, tuple(entry for entry in entries if isinstance(entry, Coming)))


def _chapter(entry: object, section: str, line: int) -> Chapter | Coming:
    here = isinstance(entry, dict) and "module" in entry
    names = ("slug", "title", "module") if here else ("slug", "title")
    optional = ("minutes",) if here else ()
    slug, title, *rest = _fields(entry, line, *names, optional=optional)
    slug, title = str(slug), str(title)
    line = entry[_LINE] if isinstance(entry, dict) else line
    if not _SLUG.fullmatch(slug):
        raise _BadEntry(line, f"the slug {slug!r} is not like 2-4-dropout: section, chapter, a name in small letters.")
    if not here:
        return Coming(slug, title)
    module, minutes = str(rest[0]), rest[1] or {}
    if not module.isidentifier():
        raise _BadEntry(line, f"the module {module!r} is not a name for Python: letters, digits, underscores.")
    return Chapter(slug, title, module, section, line, _minutes(minutes, line))


def _minutes(entry: object, line: int) -> dict[str, int]:
    """Whole minutes by the notebook's stem."""
    plain = {name: value for name, value in entry.items() if name != _LINE} if isinstance(entry, dict) else None
    if plain is None or not all(type(value) is int and value > 0 for value in plain.values()):
        raise _BadEntry(line, "minutes name a notebook and how long it takes, like {lesson: 25, exercises: 60}.")
    return {str(name): value for name, value in plain.items()}


def load_chapter_module(chapter: Chapter, name: str) -> ModuleType:
    """Imports course.chapters.<module>.<name>, e.g. name 'exercises' or 'judges'."""
    return importlib.import_module(f"course.chapters.{chapter.module}.{name}")

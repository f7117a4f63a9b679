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
from course.language import _, language
from course.storage.folder import notebook_folder

CONTENTS = Path("notebooks") / "contents.yml"
RELEASED = Path(__file__).resolve().parent / "released"  # only an installed course has it: course/authoring/wheel.py
OPTIONAL = "deeper-"  # how the names of notebooks begin that offer more, and in which nothing is graded
_SLUG = re.compile(r"\d+-\d+(-[a-z0-9]+)+")
_NOTEBOOK = re.compile(r"lesson|exercises|deeper(-[a-z0-9]+)+")
_LINE = "line in the file"  # where a mapping begins, noted in it while reading


@dataclass(frozen=True)
class Chapter:
    """A chapter: slug '2-4-dropout' stands for Section 2, Chapter 4, and is nbgrader's assignment id.

    formerly: slugs that it had before, under which it is still found. line: where it begins in notebooks/contents.yml.
    minutes: how long each notebook takes, by its stem, as far as told.
    """

    slug: str
    title: str
    module: str
    section: str
    formerly: tuple[str, ...] = ()
    line: int = field(default=1, compare=False)
    minutes: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def number(self) -> str:
        """As readers write it: 2.4 for Section 2, Chapter 4."""
        return number_of(self.slug)

    @property
    def address(self) -> str:
        """'Section 2. Chapter 4', in the learner's language."""
        section, number, *_name = self.slug.split("-")
        return _("Section {section}. Chapter {number}").format(section=section, number=number)


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
class Comparison:
    """What the chapters of a section teach, side by side: a title, and the aspects by which they are compared.

    texts: as many for each chapter, by its slug; the first names what the chapter teaches.
    """

    title: str
    aspects: tuple[str, ...]
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Section:
    title: str
    chapters: tuple[Chapter, ...]
    coming: tuple[Coming, ...] = ()
    comparison: Comparison | None = None


@dataclass(frozen=True)
class Catalog:
    """The course contents, in order, and the folder that they were read from.

    titles: what titles, and the texts of comparisons, are in other languages, by language and English text.
    """

    root: Path
    title: str
    sections: tuple[Section, ...]
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        return tuple(chapter for section in self.sections for chapter in section.chapters)

    @property
    def is_installed(self) -> bool:
        """True for the course that an installed package carries: as released, without sources, read-only."""
        return self.root == RELEASED

    def told(self, title: str) -> str:
        """A title, or a text of a comparison, in the learner's language, in English where it has none."""
        return self.titles.get(language(), {}).get(title) or title

    def heading(self, chapter: Chapter) -> str:
        """'Section 2. Chapter 4. Dropout', in the learner's language."""
        return f"{chapter.address}. {self.told(chapter.title)}"

    @property
    def renamed(self) -> dict[str, str]:
        """The present slug of each chapter by every slug that it had before."""
        return {old: chapter.slug for chapter in self.chapters for old in chapter.formerly}

    def chapter(self, slug: str) -> Chapter:
        """The chapter of that slug, or that had it formerly; UsageError names the ones there are."""
        present = self.renamed.get(slug, slug)
        for chapter in self.chapters:
            if chapter.slug == present:
                return chapter
        known = ", ".join(chapter.slug for chapter in self.chapters)
        raise UsageError(_("There is no chapter {slug!r}. The chapters are: {known}.").format(slug=slug, known=known))

    def notebooks_folder(self, slug: str) -> Path:
        return self.root / "notebooks" / slug

    def notebooks(self, slug: str) -> list[str]:
        """The stems of a chapter's notebooks as they are read: the lesson, the exercises, then what goes deeper."""
        stems = [path.stem for path in self.notebooks_folder(slug).glob("*.ipynb") if is_chapter_notebook(path.stem)]
        return sorted(stems, key=_reading_order)

    def quiz_file(self, slug: str, lang: str = "en") -> Path:
        name = f"{slug}.yml" if lang == "en" else f"{slug}.{lang}.yml"
        return self.root / "quizzes" / name


def is_chapter_notebook(stem: str) -> bool:
    """True for the notebooks that a chapter may have: lesson, exercises and deeper-<topic>."""
    return _NOTEBOOK.fullmatch(stem) is not None


def _reading_order(stem: str) -> tuple[int, str]:
    return {"lesson": 0, "exercises": 1}.get(stem, 2), stem


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
        told = _("{path}: the course contents are missing. Is this a whole clone of the course?")
        raise CourseError(told.format(path=path)) from None
    except yaml.YAMLError as error:
        raise CourseError(f"{path}: not valid YAML: {error}") from None
    try:
        title, sections = _fields(data, 1, "title", "sections")
        return Catalog(root, str(title), tuple(_section(entry) for entry in sections or []), _titles(root))
    except _BadEntry as error:
        line, told = error.args
        raise CourseError(f"{path}:{line}: {told}") from None


def contents_file(root: Path, lang: str) -> Path:
    """The texts in another language: notebooks/contents.es.yml, a mapping of English titles to Spanish ones."""
    return root / CONTENTS.with_name(f"{CONTENTS.stem}.{lang}{CONTENTS.suffix}")


def _titles(root: Path) -> dict[str, dict[str, str]]:
    """The titles in each language that there is. CourseError for a file that is no mapping of titles."""
    found = {}
    for path in sorted((root / CONTENTS).parent.glob(f"{CONTENTS.stem}.*{CONTENTS.suffix}")):
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except yaml.YAMLError as error:
            raise CourseError(f"{path}: not valid YAML: {error}") from None
        if not isinstance(data, dict):
            raise CourseError(f"{path}:1: this is no mapping of English titles to their translations. Make it one.")
        found[path.stem.partition(".")[2]] = {str(title): str(told) for title, told in data.items()}
    return found


class _WithLines(yaml.SafeLoader):
    """Plain data, and in each mapping the line on which it begins."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        return {**super().construct_mapping(node, deep=deep), _LINE: node.start_mark.line + 1}


class _BadEntry(Exception):
    """What is wrong in the contents, as (line, sentence)."""


def _fields(entry: object, line: int, *names: str, optional: tuple[str, ...] = ()) -> list[Any]:
    """The values of a mapping that has these names, perhaps the optional ones, and no others."""
    listed = ", ".join([*names, *(f"perhaps {name}" for name in optional)])
    if not isinstance(entry, dict):
        raise _BadEntry(line, f"an entry is missing or of the wrong kind: {entry!r}. It is a mapping of {listed}.")
    missing = [name for name in names if name not in entry]
    unknown = [str(name) for name in entry if name not in {*names, *optional, _LINE}]
    if missing or unknown:
        found = f", not {', '.join(unknown)}" if unknown else ""
        raise _BadEntry(entry[_LINE], f"an entry is missing or of the wrong kind: here belong {listed}{found}.")
    return [entry[name] for name in names] + [entry.get(name) for name in optional]


def _section(entry: object) -> Section:
    line = entry[_LINE] if isinstance(entry, dict) else 1
    title, chapters, comparison = _fields(entry, line, "title", "chapters", optional=("comparison",))
    if not isinstance(chapters or [], list):
        raise _BadEntry(line, f"the chapters of {title!r} must be a list.")
    entries = [_chapter(chapter, str(title), line) for chapter in chapters or []]
    written = tuple(entry for entry in entries if isinstance(entry, Chapter))
    coming = tuple(entry for entry in entries if isinstance(entry, Coming))
    slugs = [chapter.slug for chapter in written]
    return Section(str(title), written, coming, _comparison(comparison, slugs, line) if comparison else None)


def _comparison(entry: object, slugs: list[str], line: int) -> Comparison:
    """slugs: of the section's chapters that are written, in whose order the texts stand."""
    title, aspects, texts = _fields(entry, line, "title", "aspects", "texts")
    line = entry[_LINE] if isinstance(entry, dict) else line
    if not _are_texts(aspects) or not isinstance(texts, dict):
        raise _BadEntry(line, "a comparison has a list of aspects, and texts: a list for each chapter's slug.")
    found = {str(slug): of_chapter for slug, of_chapter in texts.items() if slug != _LINE}
    for slug, of_chapter in found.items():
        if slug not in slugs:
            raise _BadEntry(
                texts[_LINE], f"{slug!r} is no chapter of this section that is written: compare only those."
            )
        if not _are_texts(of_chapter) or len(of_chapter) != len(aspects):
            raise _BadEntry(texts[_LINE], f"the texts of {slug} must be a list, one for each aspect.")
    return Comparison(str(title), tuple(aspects), {slug: tuple(found[slug]) for slug in slugs if slug in found})


def _are_texts(entry: object) -> bool:
    return isinstance(entry, list) and all(isinstance(each, str) for each in entry)


def _chapter(entry: object, section: str, line: int) -> Chapter | Coming:
    if isinstance(entry, dict) and "module" not in entry:
        slug, title = map(str, _fields(entry, line, "slug", "title"))
        _require_slugs(entry[_LINE], slug)
        return Coming(slug, title)
    *texts, formerly, minutes = _fields(entry, line, "slug", "title", "module", optional=("formerly", "minutes"))
    slug, title, module = map(str, texts)
    line = entry[_LINE] if isinstance(entry, dict) else line
    earlier = [] if formerly is None else formerly
    if not isinstance(earlier, list):
        raise _BadEntry(line, "`formerly` must be a list of slugs, such as [2-4-drop].")
    _require_slugs(line, slug, *map(str, earlier))
    if not module.isidentifier():
        raise _BadEntry(line, f"the module {module!r} is not a name for Python: letters, digits, underscores.")
    return Chapter(slug, title, module, section, tuple(map(str, earlier)), line, _minutes(minutes or {}, line))


def _require_slugs(line: int, *slugs: str) -> None:
    for each in slugs:
        if not _SLUG.fullmatch(each):
            told = f"the slug {each!r} is not like 2-4-dropout: section, chapter, a name in small letters."
            raise _BadEntry(line, told)


def _minutes(entry: object, line: int) -> dict[str, int]:
    """Whole minutes by the notebook's stem."""
    plain = {name: value for name, value in entry.items() if name != _LINE} if isinstance(entry, dict) else None
    if plain is None or not all(type(value) is int and value > 0 for value in plain.values()):
        raise _BadEntry(line, "minutes name a notebook and how long it takes, like {lesson: 25, exercises: 60}.")
    return {str(name): value for name, value in plain.items()}


def load_chapter_module(chapter: Chapter, name: str) -> ModuleType:
    """Imports course.chapters.<module>.<name>, e.g. name 'exercises' or 'judges'."""
    return importlib.import_module(f"course.chapters.{chapter.module}.{name}")

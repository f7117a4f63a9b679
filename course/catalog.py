"""Reads the course contents (notebooks/contents.yml) and finds the rooms of a chapter.

One slug, four rooms: notebooks/<slug>/, quizzes/<slug>.yml, course/chapters/<module>/, tests.
Only `load_chapter_module` imports a chapter, and only when asked.
"""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import yaml

from course.errors import CourseError, UsageError

CONTENTS = Path("notebooks") / "contents.yml"
RELEASED = Path(__file__).resolve().parent / "released"  # only an installed course has it: course/package.py


@dataclass(frozen=True)
class Chapter:
    """A chapter: slug '2-4-dropout' stands for Section 2, Chapter 4, and is nbgrader's assignment id."""

    slug: str
    title: str
    module: str
    section: str

    @property
    def address(self) -> str:
        section, number, *_rest = self.slug.split("-")
        return f"Section {section}. Chapter {number}"


@dataclass(frozen=True)
class Section:
    title: str
    chapters: tuple[Chapter, ...]


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
    """The folder that holds notebooks/contents.yml: $COURSE_ROOT, else around the working directory, else our own."""
    if os.environ.get("COURSE_ROOT"):
        return Path(os.environ["COURSE_ROOT"])
    here = Path.cwd().resolve()
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
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        sections = tuple(_section(entry) for entry in data["sections"])
        return Catalog(root, data["title"], sections)
    except FileNotFoundError:
        raise CourseError(f"{path}: the course contents are missing. Is this a whole clone of the course?") from None
    except yaml.YAMLError as error:
        raise CourseError(f"{path}: not valid YAML: {error}") from None
    except (KeyError, TypeError) as error:
        raise CourseError(f"{path}: an entry is missing or of the wrong kind: {error}.") from None


def _section(entry: dict[str, object]) -> Section:
    title = str(entry["title"])
    chapters = entry.get("chapters") or []
    if not isinstance(chapters, list):
        raise TypeError(f"chapters of {title!r} must be a list")
    return Section(title, tuple(Chapter(c["slug"], c["title"], c["module"], title) for c in chapters))


def load_chapter_module(chapter: Chapter, name: str) -> ModuleType:
    """Imports course.chapters.<module>.<name>, e.g. name 'exercises' or 'judges'."""
    return importlib.import_module(f"course.chapters.{chapter.module}.{name}")

"""`course new`: lays out every file of a small valid chapter, for its author to change.

The files are made from those in new_chapter/, which lie there as they will lie in the course: in paths and texts
__slug__, __title__ and the other fields of Names are filled in, and `.template` at a name's end is taken off. What is
there already is never overwritten.
"""

from __future__ import annotations

import contextlib
import keyword
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from course.authoring.contents import with_chapter
from course.catalog import CONTENTS, Catalog
from course.errors import CourseError, UsageError
from course.locale import ENDING, NEW_CHAPTER
from course.storage.atomic import replace_file

COMPILED = f".mo{ENDING}"  # no text, and without a blank to fill in
LONGEST_SLUG, LONGEST_TITLE = 40, 60
_SLUG = re.compile(r"([1-9]\d*)-([1-9]\d*)((?:-[a-z0-9]+)+)")


@dataclass(frozen=True)
class Names:
    """What the templates leave open.

    function: the exercise's name, which must be unique in the course.
    """

    slug: str
    title: str
    module: str
    address: str
    function: str


def new_chapter(catalog: Catalog, slug: str, title: str, exercise: str | None = None) -> list[Path]:
    """Writes the chapter's files and its entry in the contents; returns their paths, the contents last.

    exercise: the function of its first exercise; if none, one is named by the chapter's address.

    UsageError where one of these will not do or something of that name is there already; then nothing is written.
    CourseError where a file cannot be written; then what was written is removed.
    """
    names = _names(catalog, slug, title, exercise)
    contents = catalog.root / CONTENTS
    section = int(slug.split("-", maxsplit=1)[0])
    text = with_chapter(contents.read_text(encoding="utf-8"), section, slug, title, names.module)
    texts = {path: content.encode() for path, content in chapter_files(names).items()}
    files = {catalog.root / path: content for path, content in (texts | _compiled_files(names)).items()}
    taken = [path for path in files if path.exists()]
    if taken:
        raise UsageError(f"{taken[0]} is there already; nothing was written. Move it away, or choose another slug.")
    written: list[Path] = []
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                written.append(path)
                file.write(content)
        replace_file(contents, text.encode())
    except OSError as error:
        for path in written:
            with contextlib.suppress(OSError):
                path.unlink()
        raise CourseError(f"{error.filename} cannot be written: {error.strerror}. Nothing was kept.") from None
    return [*files, contents]


def chapter_files(names: Names) -> dict[Path, str]:
    """The texts of a new chapter's files by their paths in the course, with the names filled in."""
    files = {}
    for template in sorted(NEW_CHAPTER.rglob(f"*{ENDING}")):
        if not template.name.endswith(COMPILED):
            files[_place(template, names)] = _filled(template.read_text(encoding="utf-8"), names)
    return files


def _compiled_files(names: Names) -> dict[Path, bytes]:
    """The compiled translations of a new chapter, by their paths in the course."""
    return {_place(template, names): template.read_bytes() for template in NEW_CHAPTER.rglob(f"*{COMPILED}")}


def _place(template: Path, names: Names) -> Path:
    return Path(_filled(template.relative_to(NEW_CHAPTER).as_posix().removesuffix(ENDING), names))


def _filled(text: str, names: Names) -> str:
    for name, value in asdict(names).items():
        text = text.replace(f"__{name}__", value)
    return text


def _names(catalog: Catalog, slug: str, title: str, exercise: str | None) -> Names:
    """The names that slug and title make; UsageError where they will not do in this course."""
    if catalog.is_installed or not (catalog.root / "course" / "chapters").is_dir():
        raise UsageError(f"{catalog.root} holds no sources of the course. Run this in a clone of the course.")
    match = _SLUG.fullmatch(slug)
    if not match or len(slug) > LONGEST_SLUG:
        told = f"{slug!r} is no slug. It is like 2-4-dropout: section, chapter, a name in small letters and digits"
        raise UsageError(f"{told}, at most {LONGEST_SLUG} characters in all.")
    section, number, name = match[1], match[2], match[3][1:]
    module = name.replace("-", "_")
    if not module.isidentifier() or keyword.iskeyword(module):
        raise UsageError(f"The slug {slug!r} would make a Python package {module!r}, which is no name. Choose another.")
    if int(section) > len(catalog.sections):
        raise UsageError(f"There is no section {section} in {CONTENTS}: it has {len(catalog.sections)}. Add it there.")
    for chapter in catalog.chapters:
        if chapter.slug.split("-")[:2] == [section, number]:
            raise UsageError(
                f"Section {section} has a chapter {number} already: {chapter.slug}. Choose another number."
            )
        if chapter.module == module:
            raise UsageError(f"The package {module} belongs to {chapter.slug} already. Choose another slug.")
    _check_title(title)
    function = exercise or f"example_{section}_{number}"
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,29}", function) or keyword.iskeyword(function) or "__" in function:
        raise UsageError(
            f"The exercise {function!r} is no name of a function, in small letters, of at most 30 characters."
        )
    return Names(slug, title, module, f"Section {section}. Chapter {number}", function)


def _check_title(title: str) -> None:
    """UsageError for what is no title, or could not stand in a notebook, in YAML and in Python alike."""
    if not title.strip():
        raise UsageError('The title is empty. Give one, such as "Norm penalties".')
    if title != title.strip() or len(title) > LONGEST_TITLE or not title.isprintable() or re.search(r'["\\_]', title):
        told = f"The title {title!r} will not do: at most {LONGEST_TITLE} characters on one line"
        raise UsageError(f"{told}, no quotation marks, backslashes or underscores, no blanks around it.")

"""Words in other languages: a gettext domain for the course, and one for each chapter in its own locale/.

    python -m course.locale [--from OTHER.po …]

brings the catalogs in step with the code. This module finds the sentences; it needs nothing but the standard library.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course.language import CHAPTERS, LOCALE_FOLDER

PACKAGE = LOCALE_FOLDER.parent
NEW_CHAPTER = PACKAGE / "authoring" / "new_chapter"
_TEXTS = {"_": 1, "ngettext": 2}  # how many texts each of these functions begins with
ENDING = ".template"  # of the files from which `course new` makes a chapter


MessageId = str | tuple[str, str]  # a pair: the words for one, and those for many


@dataclass(frozen=True)
class Domain:
    """Sentences that are translated together. sources: where they stand; locale: the folder of their catalogs.

    ending: of the catalogs' names.
    """

    name: str
    sources: tuple[Path, ...]
    locale: Path
    ending: str = ""

    def catalog(self, lang: str) -> Path:
        """The .po file of a language; the .mo lies beside it."""
        return self.locale / lang / "LC_MESSAGES" / f"{self.name}.po{self.ending}"

    def compiled(self, lang: str) -> Path:
        return self.catalog(lang).with_name(f"{self.name}.mo{self.ending}")


def languages() -> list[str]:
    """The languages that the course speaks besides English."""
    return sorted(path.parts[-3] for path in LOCALE_FOLDER.glob("*/LC_MESSAGES/course.po"))


def domains() -> list[Domain]:
    """The course's own domain, one for each chapter, and that of a chapter as `course new` lays it out."""
    own = tuple(path for path in sorted(PACKAGE.rglob("*.py")) if not path.is_relative_to(CHAPTERS))
    chapters = [chapter_domain(path.parent.name) for path in sorted(CHAPTERS.glob("*/__init__.py"))]
    new = NEW_CHAPTER / "course" / "chapters" / "__module__"
    templates = tuple(sorted(new.rglob(f"*.py{ENDING}")))
    laid_out = [Domain("__module__", templates, new / "locale", ENDING)] if templates else []
    return [Domain("course", own, LOCALE_FOLDER), *chapters, *laid_out]


def chapter_domain(module: str) -> Domain:
    """Of the chapter in course/chapters/<module>."""
    folder = CHAPTERS / module
    return Domain(module, tuple(sorted(folder.rglob("*.py"))), folder / "locale")


def messages_in(path: Path) -> Iterator[tuple[MessageId, int]]:
    """Every literal text given to _() in a module, and every pair given to ngettext(), also inside f-strings, with its
    line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TEXTS:
            texts = [_text(argument) for argument in node.args[: _TEXTS[node.func.id]]]
            if len(texts) == 1 and texts[0] is not None:
                yield texts[0], node.args[0].lineno
            elif len(texts) == 2 and texts[0] is not None and texts[1] is not None:
                yield (texts[0], texts[1]), node.args[0].lineno


def _text(argument: ast.expr) -> str | None:
    is_text = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return argument.value if is_text else None  # type: ignore[attr-defined]


def used_messages(domain: Domain) -> dict[MessageId, list[str]]:
    """The sentences of a domain, and the modules that use each, as they are called in the course."""
    root = NEW_CHAPTER if domain.ending else PACKAGE.parent
    messages: dict[MessageId, list[str]] = {}
    for path in domain.sources:
        module = path.relative_to(root).as_posix().removesuffix(domain.ending)
        for text, _line in messages_in(path):
            places = messages.setdefault(text, [])
            if module not in places:
                places.append(module)
    return messages

"""Which language the learner reads, and the interface strings in it.

English is the source; what is not translated falls back to English. Needs nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import gettext
import locale
import os
import re
import string
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from numbers import Real
from pathlib import Path
from typing import Any

SOURCE_LANGUAGE = "en"
NAMED = 5  # people, of however many a sentence is about
LOCALE_FOLDER = Path(__file__).parent / "locale"
CHAPTERS = Path(__file__).parent / "chapters"
# What a language writes for the marks of thousands and decimals where it differs from English.
MARKS = {"es": str.maketrans(",.", "\u00a0,")}  # thousands stand apart by a space that no line breaks
_FOUR_DIGITS = re.compile(r"(?<![\d,])(\d),(\d{3})(?![\d,])")  # are not set apart there
_HYPHEN = re.compile(r"(?<![\w.,)\]−-])-(?=\d)")  # that stands before a number for a minus
_PER_CENT = re.compile(r"(?<=\d)%$")  # in Spanish with a space, at which no line ends


def language() -> str:
    """Two-letter code: COURSE_LANG if set, else the system's language, else 'en'."""
    chosen = os.environ.get("COURSE_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG")
    chosen = chosen or locale.getlocale()[0] or "en"
    code = re.match(r"([a-z]{2})(?![a-z])", chosen.lower())  # es, es_ES.UTF-8; but not C or POSIX
    return code[1] if code else SOURCE_LANGUAGE


def languages() -> list[str]:
    """The languages that the course's own words are written in, English first."""
    return [SOURCE_LANGUAGE, *sorted(path.parent.name for path in LOCALE_FOLDER.glob("*/LC_MESSAGES"))]


@contextlib.contextmanager
def in_language(code: str | None) -> Iterator[None]:
    """For the block, words of this process and of what it starts are in that language; None: as they were."""
    before = os.environ.get("COURSE_LANG")
    if code is not None:
        os.environ["COURSE_LANG"] = code
    try:
        yield
    finally:
        if code is not None:
            os.environ.pop("COURSE_LANG")
            os.environ |= {} if before is None else {"COURSE_LANG": before}


@cache
def _translations(code: str, module: str) -> gettext.NullTranslations:
    """The words of a chapter (module '' for none), and after them those of the course."""
    course = gettext.translation("course", LOCALE_FOLDER, languages=[code], fallback=True)
    if not module:
        return course
    chapter = gettext.translation(module, CHAPTERS / module / "locale", languages=[code], fallback=True)
    chapter.add_fallback(course)
    return chapter


def _(message: str) -> str:
    """The message in the learner's language. A chapter's module gets it in the words of its own locale/, if there."""
    asks = str(sys._getframe(1).f_globals.get("__name__", ""))
    return _translations(language(), chapter_of(asks)).gettext(message)


def ngettext(one: str, many: str, count: float) -> str:
    """As _(), in the words for so many: `one` for exactly 1, `many` for all other numbers, fractions among them."""
    asks = str(sys._getframe(1).f_globals.get("__name__", ""))
    whole = int(count) if count == int(count) else 2
    return _translations(language(), chapter_of(asks)).ngettext(one, many, whole)


def counted(count: object, noun: str) -> str:
    """'1 point', '2 points': for sentences to authors, which are in English; all others go through ngettext()."""
    return f"{count} {noun}" if str(count) == "1" else f"{count} {noun}s"


def chapter_of(name: str) -> str:
    """'dropout' for the module course.chapters.dropout.lesson; '' for one that is no chapter's."""
    parts = name.split(".")
    return parts[2] if parts[:2] == ["course", "chapters"] and len(parts) > 2 else ""


def number(value: float, spec: str = "") -> str:
    """The number as format() writes it, with the marks of the learner's language: 0.50 is 0,50 in Spanish.

    For words that are read; a number in code keeps its point.
    """
    return with_marks(format(value, spec))


def with_marks(written: str) -> str:
    """A number as English writes it, with the marks of the learner's language."""
    marks = MARKS.get(language())
    return _PER_CENT.sub("\u00a0%", _FOUR_DIGITS.sub(r"\1\2", written).translate(marks)) if marks else written


def with_minus(text: str) -> str:
    """The text with a true minus before negative numbers, as prose has it; format() writes a hyphen.

    For words beside a picture: a number that a learner compares with Python's own stays as Python writes it.
    """
    return _HYPHEN.sub("\N{MINUS SIGN}", text)


def fill(message: str, /, *args: object, **values: object) -> str:
    """message.format(…), in which numbers have the marks of the learner's language."""
    return _Filler().vformat(message, args, values)


def numbers(values: Iterable[float], spec: str = "") -> str:
    """Numbers in a row, as they are read."""
    return between().join(number(value, spec) for value in values)


def between() -> str:
    """What stands between numbers in a row: a comma, or a semicolon where the comma is the decimal mark."""
    return "; " if language() in MARKS else ", "


def listed(names: Sequence[str]) -> str:
    """Names, one at least, as a sentence lists them: Ada, Bo and Cem."""
    *others, last = names
    return f"{', '.join(others)} {_and(last)} {last}" if others else last


def first_of(names: Sequence[str]) -> str:
    """As many of the names as a line has room for, with … where there are more than NAMED."""
    return ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")


def _and(word: str) -> str:
    """What stands before the last word of a list: in Spanish e, not y, before the sound of an i."""
    if language() == "es":
        return "e" if re.match(r"(?i)[ií]|h[ií](?![aeo])", word) else "y"
    return "and"


class _Filler(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        is_number = isinstance(value, Real)  # NumPy's are as well
        return number(value, format_spec) if is_number else format(value, format_spec)

"""What a wrong idea says, and which section of the lesson puts it right: course/chapters/<module>/misconceptions.yml.

Judges and stored grades hold codes; whoever shows one asks here for the words, in the reader's language. A file that
cannot be read costs the words, never a verdict: `course validate` tells its author.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from course.catalog import Chapter
from course.language import SOURCE_LANGUAGE, language

CHAPTERS = Path(__file__).resolve().parent.parent / "chapters"


def misconceptions_file(module: str, lang: str = SOURCE_LANGUAGE) -> Path:
    """misconceptions.yml of the chapter with that module; in another language misconceptions.<lang>.yml."""
    name = "misconceptions.yml" if lang == SOURCE_LANGUAGE else f"misconceptions.{lang}.yml"
    return CHAPTERS / module / name


def misconception_text(chapter: Chapter, code: str) -> tuple[str, str]:
    """What the misconception says, and the heading of the section to reread; '' each where the chapter has none."""
    english = _entry(_entries(chapter.module, SOURCE_LANGUAGE), code)
    translated = _entry(_entries(chapter.module, language()), code)
    return str(translated.get("says") or english.get("says") or ""), str(english.get("reread") or "")


def _entry(entries: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    entry = entries.get(code)
    return entry if isinstance(entry, dict) else {}


@cache
def _entries(module: str, lang: str) -> Mapping[str, Any]:
    """The file's entries by code; none where there is no such file, or no such language."""
    try:
        data = yaml.safe_load(misconceptions_file(module, lang).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return data if isinstance(data, dict) else {}

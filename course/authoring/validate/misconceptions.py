"""Whether each misconception that a chapter's judges can name has its words, and these a section to reread."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from course.catalog import Catalog, Chapter
from course.exercises.base import Judge
from course.exercises.misconceptions import CHAPTERS, misconceptions_file
from course.quiz.translation import translation_problems
from course.storage.headings import sections_in
from course.storage.yaml_lines import Problem, Source, SourceError, read_source

_FIELDS = ("says", "reread")


def misconception_problems(catalog: Catalog, chapter: Chapter, judges: Mapping[str, Judge]) -> list[str]:
    """Faults of a chapter's misconceptions.yml, of its translations, and of what its judges declare."""
    path = misconceptions_file(chapter.module)
    declared = {code for judge in judges.values() for code in judge.misconceptions}
    if not path.is_file():
        wanted = f"{_told(path)}:1: there is no such file. Add it, with the words of: {', '.join(sorted(declared))}."
        return [wanted] if declared else []
    try:
        source = read_source(path)
    except SourceError as error:
        return [_relative(sentence) for sentence in error.sentences]
    if not isinstance(source.data, dict):
        return [f"{_told(path)}:1: this is no mapping of codes to `says` and `reread`. Make it one."]
    sections = sections_in(catalog.notebooks_folder(chapter.slug))
    meant = _misspelt(source.data, declared)
    problems = [_relative(source.sentence(each)) for each in _entry_problems(source.data, declared, meant, sections)]
    problems += _without_words(judges, {*source.data, *meant.values()}, _told(path))
    return problems or list(_translation_problems(path, source.data))


def _misspelt(entries: Mapping[str, Any], declared: set[str]) -> dict[str, str]:
    """Codes that no judge names, with the one that is missing and looks alike: one fault, not two."""
    meant: dict[str, str] = {}
    for code in entries:
        close = get_close_matches(str(code), declared - set(entries), 1, cutoff=0.8)
        if code not in declared and close:
            meant[code] = close[0]
    return meant


def _entry_problems(
    entries: Mapping[str, Any], declared: set[str], meant: Mapping[str, str], sections: Collection[str]
) -> Iterator[Problem]:
    for code, entry in entries.items():
        if not isinstance(entry, dict):
            yield Problem((code,), f"{code!r} must be a mapping of `says` and `reread`.")
            continue
        if code in meant:
            yield Problem((code,), f"no judge names {code!r}. Did you mean {meant[code]!r}?")
        elif code not in declared:
            yield Problem((code,), f"no judge names {code!r}. Take it out, or add it to a judge's `misconceptions`.")
        yield from _field_problems(code, entry, sections)


def _field_problems(code: str, entry: Mapping[str, Any], sections: Collection[str]) -> Iterator[Problem]:
    """One misconception's sentence and section."""
    for name in entry:
        if name not in _FIELDS:
            yield Problem((code, str(name)), f"{name!r} is no field here. The fields are `says` and `reread`.")
    for name in _FIELDS:
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            yield Problem((code, name), f"{code!r} needs {name!r}, a text. Write it.")
            return
    if fault := no_such_section(entry["reread"], sections):
        yield Problem((code, "reread"), fault)


def no_such_section(heading: str, sections: Collection[str]) -> str:
    """What is wrong with a heading that none of the chapter's notebooks has; '' where one has it, or none is there."""
    if not sections or heading in sections:
        return ""
    close = get_close_matches(heading, sections, 1)
    meant = f"Did you mean {close[0]!r}?" if close else "Give the heading of the section that treats it."
    return f"no notebook of the chapter has a section {heading!r}. {meant}"


def _without_words(judges: Mapping[str, Judge], entries: set[str], place: str) -> Iterator[str]:
    """Judges that can name what no sentence is written for; told at the judge."""
    for judge in judges.values():
        for code in judge.misconceptions:
            if code not in entries:
                yield f"{_place_of(judge)}: {place} has no words for {code!r}. Add them, or mend the code."


def _place_of(judge: Judge) -> str:
    """The file and line of a judge's class."""
    module, line = type(judge).__module__, 1
    with contextlib.suppress(OSError, TypeError):  # a class that was made without a source
        line = inspect.getsourcelines(type(judge))[1]
    return f"{module.replace('.', '/')}.py:{line}"


def _translation_problems(path: Path, entries: Mapping[str, Any]) -> Iterator[str]:
    for translation in sorted(path.parent.glob("misconceptions.*.yml")):
        try:
            source: Source = read_source(translation)
        except SourceError as error:
            yield from map(_relative, error.sentences)
            continue
        for problem in translation_problems(dict(entries), source, path.name):
            yield _relative(source.sentence(problem))


def _told(path: Path) -> str:
    """As course/chapters/…: how messages call a file of the package."""
    return path.relative_to(CHAPTERS.parent.parent).as_posix()


def _relative(sentence: str) -> str:
    return sentence.replace(f"{CHAPTERS.parent.parent}/", "", 1)

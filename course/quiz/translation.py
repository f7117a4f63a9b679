"""Puts a translation's texts into a quiz, by id.

A translation holds texts only, so it can never disagree about what is right. What it leaves out stays English.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from course.quiz.text import code_spans, formulas
from course.storage.yaml_lines import Place, Problem, Source, SourceError

_TEXT_FIELDS = frozenset({"title", "prompt", "explanation", "hint", "text", "says", "unit", "alt"})


def translate(quiz: dict[str, Any], translation: Source) -> dict[str, Any]:
    """The quiz's plain data with the texts that the translation has; SourceError if that is not a mapping."""
    if not isinstance(translation.data, dict):
        raise SourceError([f"{translation.path}:1: a translation is a mapping that begins with 'title:'."])
    result: dict[str, Any] = _translated("", quiz, translation.data)
    return result


def _translated(name: str, value: Any, given: Any) -> Any:
    if isinstance(value, str):
        return given if name in _TEXT_FIELDS and isinstance(given, str) and given else value
    if not isinstance(given, dict):
        return value
    if isinstance(value, dict):
        return {key: _translated(key, entry, given.get(key)) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_translated("", e, given.get(entry_name(e))) if isinstance(e, dict) else e for e in value]
    return value


def entry_name(entry: dict[str, Any]) -> str:
    """By which name a translation calls an entry of a list: its id, a near miss's value, a mistake's pair."""
    if "id" in entry:
        return str(entry["id"])
    if "first" in entry:
        return f"{entry['first']} before {entry['then']}"
    return f"{entry['value']:g}"


def texts_to_translate(name: str, value: Any) -> Any:
    """The quiz as a translation would write it: nested mappings of texts, lists keyed by `entry_name`; else None."""
    if isinstance(value, str):
        return value if name in _TEXT_FIELDS and value else None
    if isinstance(value, dict):
        pairs = [(key, texts_to_translate(key, entry)) for key, entry in value.items()]
    elif isinstance(value, list | tuple):
        pairs = [(entry_name(e), texts_to_translate("", e)) for e in value if isinstance(e, dict)]
    else:
        return None
    return {key: texts for key, texts in pairs if texts is not None} or None


def translation_problems(quiz: dict[str, Any], translation: Source, original: str = "the quiz") -> list[Problem]:
    """Where a translation is out of step: texts missing, entries that the quiz has no longer, other code or maths.

    original: how a message calls what was translated.
    """
    return list(_compare(texts_to_translate("", quiz) or {}, translation.data, (), original))


def _compare(wanted: Any, given: Any, place: Place, original: str) -> Iterator[Problem]:
    name = repr(place[-1]) if place else "the file"
    if isinstance(wanted, str):
        if not isinstance(given, str) or not given:
            yield Problem(place, f"{name} must be text.")
        elif sorted(formulas(wanted)) != sorted(formulas(given)) or sorted(code_spans(wanted)) != sorted(
            code_spans(given)
        ):
            yield Problem(place, f"{name} has other code or maths than the English text, which is: {wanted!r}")
        return
    if not isinstance(given, dict):
        yield Problem(place, f"{name} must be a mapping of texts.")
        return
    for key, texts in wanted.items():
        if key in given:
            yield from _compare(texts, given[key], (*place, key), original)
        else:
            yield Problem(place, f"{key!r} is not translated; add it.")
    for key in given:
        if key not in wanted:
            yield Problem((*place, key), f"{original} has no {key!r} here (any more); take it out.")

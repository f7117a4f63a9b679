"""The cards of "Spot the bug", read from bug_cards.yml and, in another language, from bug_cards.<language>.yml.

Nothing here runs a snippet. Tests run the snippets' claims by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from course.language import SOURCE_LANGUAGE, language
from course.lessons.cards import Card, Guess

FOLDER = Path(__file__).parent


def bug_cards() -> tuple[Card, ...]:
    """The deck in the language in use; a card that is not translated stays in English."""
    translated = _entries(language())
    return tuple(_card(entry, translated.get(name, entry)) for name, entry in _entries(SOURCE_LANGUAGE).items())


@cache
def _entries(lang: str) -> Mapping[str, Mapping[str, Any]]:
    """The cards of one language by id, in the file's order; none where there is no such file."""
    path = FOLDER / ("bug_cards.yml" if lang == SOURCE_LANGUAGE else f"bug_cards.{lang}.yml")
    if not path.is_file():
        return {}
    return {entry["id"]: entry for entry in yaml.safe_load(path.read_text(encoding="utf-8"))}


def _card(entry: Mapping[str, Any], words: Mapping[str, Any]) -> Card:
    """entry: the source, with the code and the right guess's place. words: the same card in the reader's language."""
    wrong = tuple(_guess(guess) for guess in words["wrong"])
    return Card(words["name"], entry["code"], _guess(words["right"]), wrong, entry["place"])


def _guess(words: Mapping[str, str]) -> Guess:
    return Guess(words["guess"], words["reply"])

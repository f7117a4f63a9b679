"""Text from elsewhere, as a terminal or a page can show it."""

from __future__ import annotations

import unicodedata


def printable(text: str, instead: str = "�", lines: bool = True) -> str:
    """The text, with `instead` for each character that a terminal or a page would obey: controls, marks of direction.

    Spaces of every width stay, as in 72 % with a space that does not break. lines: whether line breaks stay as well.
    """
    return "".join(each if _is_shown(each) or (lines and each == "\n") else instead for each in text)


def _is_shown(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == "Zs"

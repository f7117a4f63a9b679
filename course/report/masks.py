"""Takes names, logins, addresses and paths out of texts that learners and graders wrote. Knows no report.

A word is masked however it is written: in small or capital letters, with its accents or without. So somebody called
Mark costs the word mark as well, which is the lesser harm. Who misspells a name on purpose is not masked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from course.grading.gradebook.store import Person

MASK = "…"
Mask = Callable[[str], str]
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]{1,20}://\S+"  # anywhere on the web
    r"|[\w.+%-]{1,64}@[\w.-]{1,255}"  # a mailbox
    r"|(?<![\w/\\.])(?:~|[A-Za-z]:)?[/\\][^\s/\\\"'<>]+[/\\][^\s\"'<>]*"  # a path from the root or from home
)
_CODES = frozenset({"status", "clear", "misconceptions"})


def mask_of_names(people: Sequence[Person]) -> Mask:
    """Masks ids, first and last names, numbers and addresses of these people, also within names of variables."""
    tokens = {token for person in people for token in _tokens(person)}
    words = {_folded(token) for token in tokens if token.isalnum()}
    short = {_folded(token) for person in people for token in _short_names(person)}
    others = sorted((token for token in tokens if not token.isalnum()), key=len, reverse=True)
    pattern = re.compile("|".join(map(_bounded, others)), re.IGNORECASE) if others else None

    def hide(match: re.Match[str]) -> str:
        word = _folded(match[0])
        return MASK if word in words or (word in short and match[0][0].isupper()) else match[0]

    def mask(text: str) -> str:
        composed = unicodedata.normalize("NFC", text)
        return _WORD.sub(hide, pattern.sub(MASK, composed) if pattern else composed)

    return mask


def mask_addresses(text: str) -> str:
    """Masks web addresses, mailboxes and paths, whoever's they are."""
    return _ADDRESS.sub(MASK, text)


def _tokens(person: Person) -> Iterator[str]:
    """What gives a person away, in Unicode's composed form: first the whole, then each part of a name."""
    mailbox = person.email.partition("@")[0]
    wholes = (person.id, person.number, person.email, mailbox if len(mailbox) > 2 else "")
    yield from (unicodedata.normalize("NFC", whole) for whole in wholes if whole)
    for part in _parts(person):
        if len(part) > 2 or not part.isalnum():
            yield part


def _short_names(person: Person) -> Iterator[str]:
    """Names of two letters, which are masked with a capital only: without it, nearly all of them are words."""
    yield from (part for part in _parts(person) if len(part) == 2 and part[0].isupper())


def _parts(person: Person) -> list[str]:
    """The parts of first and last name, but not particles such as `van der`."""
    names = unicodedata.normalize("NFC", f"{person.first} {person.last}")
    return [part for part in re.split(r"[\s,.'’-]+", names) if part and not part[0].islower()]


def _bounded(token: str) -> str:
    """The token where it does not begin or end within a word."""
    before = r"(?<![^\W_])" if token[0].isalnum() else ""
    after = r"(?![^\W_])" if token[-1].isalnum() else ""
    return f"{before}{re.escape(token)}{after}"


def _folded(word: str) -> str:
    """In small letters and without accents."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def masked(value: Any, mask: Mask) -> Any:
    """The same data with every text that is shown masked; names of cells and codes stay."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {key: each if key in _CODES else masked(each, mask) for key, each in value.items()}
    return [masked(each, mask) for each in value] if isinstance(value, list | tuple) else value

"""Brings all catalogs in step with the code; see the package. It changes nothing but catalogs.

A sentence that has moved to another domain takes its translation along: what a domain does not know is looked up in
the catalogs of all others, and in those named by --from, such as one that somebody else has worked on.
"""

from __future__ import annotations

import argparse
import copy
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from course.locale import PACKAGE, Domain, MessageId, domains, languages, used_messages

Words = str | tuple[str, ...]  # of a pair, as many as the language has forms
HEADER = "# Brought in step with the code by: python -m course.locale"


def updated(domain: Domain, lang: str, others: Mapping[MessageId, Words]) -> Catalog:
    """The catalog with exactly the messages in use, translated as far as the old one, or else the others, know them."""
    day = datetime(2026, 1, 1, tzinfo=UTC)  # one for all, so that the same messages make the same file
    new = Catalog(lang, None, HEADER, "course", "1", "the authors", "-", day, day, "the authors", "-", "utf-8", False)
    path = domain.catalog(lang)
    known = {**others, **(translations(read_catalog(path, lang)) if path.is_file() else {})}
    for text, places in sorted(used_messages(domain).items(), key=lambda each: _words_of(each[0])):
        new.add(text, known.get(text, ""), locations=[(place, 0) for place in places])
    return new


def translations(catalog: Catalog) -> dict[MessageId, Words]:
    """What a catalog translates."""
    return {_id_of(each): _string_of(each) for each in catalog if each.id and all(_words_of(_string_of(each)))}


def _id_of(message: Message) -> MessageId:
    return (message.id[0], message.id[1]) if message.pluralizable else str(message.id)


def _string_of(message: Message) -> Words:
    return message.string if isinstance(message.string, str) else tuple(message.string or ())


def _words_of(text: Words) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


def known_elsewhere(lang: str, files: Iterable[Path]) -> dict[MessageId, Words]:
    """What any catalog of the language translates; of several translations, the course's own counts."""
    paths = [*files, *(path for domain in reversed(domains()) if (path := domain.catalog(lang)).is_file())]
    known: dict[MessageId, Words] = {}
    for path in paths:
        known |= translations(read_catalog(path, lang))
    return known


def po_bytes(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, include_lineno=False, omit_header=False)
    return buffer.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """Compiled. A pair without translation is left out, as write_mo itself leaves out single texts."""
    whole, buffer = copy.deepcopy(catalog), io.BytesIO()
    for message in catalog:
        if message.pluralizable and not all(_words_of(_string_of(message))):
            whole.delete(message.id)
    write_mo(buffer, whole)
    return buffer.getvalue()


def read_catalog(path: Path, lang: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=lang)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m course.locale", description=__doc__)
    parser.add_argument("--from", dest="files", type=Path, nargs="*", default=[], help="further catalogs to look into")
    files: list[Path] = parser.parse_args().files
    for lang in languages():
        others = known_elsewhere(lang, files)
        catalogs = {domain: updated(domain, lang, others) for domain in domains()}
        for domain, catalog in catalogs.items():
            path = domain.catalog(lang)
            if not len(catalog):
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(po_bytes(catalog))
            domain.compiled(lang).write_bytes(mo_bytes(catalog))
            translated = translations(catalog)
            missing = [_id_of(each) for each in catalog if each.id and _id_of(each) not in translated]
            print(f"{path.relative_to(PACKAGE.parent)}: messages: {len(catalog)}, not translated: {len(missing)}")
            for text in missing:
                print(f"  {' / '.join(_words_of(text))}")


if __name__ == "__main__":
    main()

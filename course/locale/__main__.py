"""Brings the catalogs in step with the code; see the package. It changes nothing but course/locale."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from course.language import LOCALE_FOLDER

PACKAGE = LOCALE_FOLDER.parent


def used_messages() -> dict[str, list[str]]:
    """Every literal text given to _() under course/, also inside f-strings, and the modules that use it.

    Those of a chapter as `course new` lays it out as well, so that it speaks every language from its first day.
    """
    messages: dict[str, list[str]] = {}
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.py.template")]):
        for text in _messages_in(ast.parse(path.read_text(encoding="utf-8"))):
            places = messages.setdefault(text, [])
            module = path.relative_to(PACKAGE.parent).as_posix()
            if module not in places:
                places.append(module)
    return messages


def _messages_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_" and node.args:
            argument = node.args[0]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def updated(old: Catalog) -> Catalog:
    """The catalog with exactly the messages in use, translated as far as the old one knows them."""
    day = datetime(2026, 1, 1, tzinfo=UTC)  # one for all, so that the same messages make the same file
    header = "# The words of the course's interface. Brought in step with the code by: python -m course.locale"
    new = Catalog(
        old.locale, None, header, "course", "1", "the authors", "-", day, day, "the authors", "-", "utf-8", False
    )
    for text, places in sorted(used_messages().items()):
        known = old.get(text)
        new.add(text, known.string if known else "", locations=[(place, 0) for place in places])
    return new


def po_bytes(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, include_lineno=False, omit_header=False)
    return buffer.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def read_catalog(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def main() -> None:
    for path in sorted(LOCALE_FOLDER.glob("*/LC_MESSAGES/course.po")):
        catalog = updated(read_catalog(path))
        path.write_bytes(po_bytes(catalog))
        path.with_suffix(".mo").write_bytes(mo_bytes(catalog))
        missing = sum(not message.string for message in catalog if message.id)
        print(f"{path.relative_to(PACKAGE.parent)}: {len(catalog)} messages, {missing} not translated")


if __name__ == "__main__":
    main()

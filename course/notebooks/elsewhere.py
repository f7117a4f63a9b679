"""Looks for answers that are not where the notebook asks for them: in other cells, under other names, in other files.

It decides nothing but whether a person should look, and never runs what it reads.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path

from course.storage.regular_files import plain_files

_PYTHON_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")
_OWN_SCOPE = ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_CODE_FILES = {".py", ".ipynb", ".txt", ".md"}
_DOCUMENTS = {".md", ".txt", ".rtf", ".tex", ".doc", ".docx", ".odt", ".pdf", ".jpg", ".jpeg", ".png", ".heic"}
_MOST_READ = 2**20  # bytes of one file
_REMEMBERED = 10_000  # characters of a cell's source; longer ones would fill the memory
# White space in one line. With \s each of a thousand blank lines would be looked at from each line before it: the time
# for a text must grow by its length, as all other grading waits for it.
_INDENT = r"[^\S\n]*"


def defines(source: str, entries: set[str]) -> bool:
    """True if running the code binds one of the names, also within if, try or with, and where it cannot be parsed."""
    return not entries.isdisjoint(bound_names(source))


def bound_names(source: str) -> frozenset[str]:
    """The names that a cell binds on its top level, as far as its text tells."""
    return _known_names(source) if len(source) <= _REMEMBERED else _names_in(source)


@lru_cache(maxsize=20_000)
def _known_names(source: str) -> frozenset[str]:
    return _names_in(source)


def _names_in(source: str) -> frozenset[str]:
    start = source.lstrip()
    if start.startswith("%%") and not start.startswith(_PYTHON_MAGICS):
        return frozenset()  # written to a file, or run by another program
    python = re.sub(rf"^({_INDENT})[%!].*$", r"\1pass", source, flags=re.MULTILINE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return frozenset(_bound(ast.parse(python.lstrip("\n"))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pattern = r"^(?:(?:async\s+)?(?:def|class)\s+(\w+)|(\w+)\s*(?::[^=\n]*)?=(?!=))"
        return frozenset(match[1] or match[2] for match in re.finditer(pattern, source, re.MULTILINE))


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return
    if isinstance(node, _OWN_SCOPE) or (isinstance(node, ast.AnnAssign) and node.value is None):
        return
    if isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    for child in ast.iter_child_nodes(node):
        yield from _bound(child)


def only_prepares(source: str) -> bool:
    """True if the code does nothing but import and assign, as the cells do that others depend on."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(statements) and all(isinstance(each, ast.Import | ast.ImportFrom | ast.Assign) for each in statements)


def seems_to_define(text: str, entry: str) -> bool:
    """True if the text, of whatever kind, may hold a definition of that name, in a way that `defines` cannot see."""
    name = re.escape(entry)
    pattern = rf"\b(?:def|class)\s+{name}\b|\b{name}\s*(?::[^=:\n]*)?=(?!=)|\[['\"]{name}['\"]\]"
    return re.search(pattern, text) is not None or any(map(partial(_imports, name), text.split("\n")))


def _imports(name: str, line: str) -> bool:
    """True where the name stands after the line's first `import`; in two steps, as lines may be long."""
    first = re.search(r"\bimport\b", line)
    return first is not None and re.compile(rf"\b{name}\b").search(line, first.end()) is not None


def functions_in(source: str) -> list[str]:
    """The functions that the text defines, at whatever depth."""
    return re.findall(rf"^{_INDENT}(?:async\s+)?def\s+(\w+)", source, re.MULTILINE)


def files_that_define(folder: Path, entry: str, released: Mapping[str, set[str]]) -> list[str]:
    """Names of handed-in files that may hold a definition of that name.

    released: the cells handed out, without white space, by the notebooks' names; in a copy of one they count as empty.
    """
    known = set().union(*released.values())
    return [
        name for name, path in _others(folder, released, _CODE_FILES) if seems_to_define(_text_of(path, known), entry)
    ]


def documents_in(folder: Path, released: Iterable[str]) -> list[str]:
    """Names of handed-in files, other than the chapter's notebooks, in which an answer in words may stand."""
    return [name for name, _path in _others(folder, released, _DOCUMENTS)]


def _others(folder: Path, released: Iterable[str], suffixes: set[str]) -> Iterator[tuple[str, Path]]:
    chapters = {f"{stem}.ipynb" for stem in released}
    for path in plain_files(folder):
        name = path.relative_to(folder).as_posix()
        if name not in chapters and path.suffix.lower() in suffixes:
            yield name, path


def _text_of(path: Path, known: set[str]) -> str:
    """The file's text; of a notebook that of its cells, without those in known."""
    with path.open("rb") as file:
        text = file.read(_MOST_READ).decode("utf-8", "replace")
    if path.suffix.lower() != ".ipynb":
        return text
    try:
        sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return text
    return "\n".join(source for source in sources if "".join(source.split()) not in known)


def resembles(text: str, released: Iterable[str]) -> bool:
    """True if the text is one of those handed out, or an earlier version of one."""
    words = set(text.split())
    for each in released:
        other = set(each.split())
        shared = len(words & other)
        if words == other or (shared >= 0.8 * len(words) and shared >= 0.5 * len(other)):
            return True
    return False

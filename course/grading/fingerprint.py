"""What a chapter's grades depend on, as one digest: equal on two machines, or before and after an update, the same
submission gets the same grade; so what is graded is not graded again.

Found by following imports, so that nobody has to keep a list. Other chapters, the lesson's pictures, what shows grades
but makes none, and words of other languages than that of grading do not count. Words of that language do: what was
found is stored in words.
"""

from __future__ import annotations

import ast
import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import nbformat

from course.catalog import Catalog
from course.language import language
from course.notebooks.release import grading_template
from course.rules.read import chapter_rules

_VERSIONS = ("tensorflow", "keras", "numpy", "ipykernel", "nbgrader")
_PACKAGE = Path(__file__).resolve().parent.parent
_ENGINE = (
    "grading/run.py",
    "grading/sandbox/template_process.py",
    "grading/sandbox/kernel_app.py",
    "exercises/check.py",
)
_OF_A_CHAPTER = ("exercises*", "judges*", "misconceptions.yml")  # with what lies in them


def course_fingerprint(catalog: Catalog, slug: str) -> str:
    """Digest of the versions, the notebooks as nbgrader's settings make them, the engine, the chapter, and of what
    course.yml sets for it, as far as verdicts depend on it."""
    return _fingerprint(catalog, slug, chapter_rules(catalog, slug).of_verdicts, language())


@cache
def _fingerprint(catalog: Catalog, slug: str, of_verdicts: str, _language: str) -> str:
    digest = hashlib.sha256(f"{platform.python_version()} {of_verdicts}".encode())
    for name in _VERSIONS:
        digest.update(f"{name}={version(name)}".encode())
    for stem, notebook in sorted(grading_template(catalog, slug).items()):
        digest.update(f"{stem}\0{nbformat.writes(notebook)}".encode())
    for name, path in sorted(sources(catalog, slug).items()):
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def fingerprint_parts(catalog: Catalog, slug: str) -> dict[str, str]:
    """Why another version may give other points: digests of the quiz, of the chapter's exercises, and of the grader.

    Translations are in course_fingerprint as well, but words change no points.
    """
    quiz, chapter = f"{catalog.quiz_file(slug).parent.name}/", f"chapters/{catalog.chapter(slug).module}/"
    digests = {part: hashlib.sha256() for part in ("quiz", "exercise", "grader")}
    for name, path in sorted(sources(catalog, slug).items()):
        if not name.endswith((".mo", f".{language()}.yml")):
            part = "exercise" if name.startswith(chapter) else "quiz" if name.startswith(quiz) else "grader"
            digests[part].update(name.encode() + b"\0" + path.read_bytes())
    for stem, notebook in sorted(grading_template(catalog, slug).items()):
        digests["exercise"].update(f"{stem}\0{nbformat.writes(notebook)}".encode())
    versions = [platform.python_version(), *(f"{name}={version(name)}" for name in _VERSIONS)]
    digests["grader"].update(" ".join(versions).encode())
    return {part: digest.hexdigest() for part, digest in digests.items()}


def sources(catalog: Catalog, slug: str) -> dict[str, Path]:
    """The files that decide, by their names in the package or in the course, with the words of the language of now."""
    chapter, lang = _PACKAGE / "chapters" / catalog.chapter(slug).module, language()
    patterns = (*_OF_A_CHAPTER, f"misconceptions.{lang}.yml")
    own = [path for pattern in patterns for place in chapter.glob(pattern) for path in _files(place)]
    own += [path for path in _files(chapter / "data") if path.suffix != ".py"]  # not the scripts that make them
    words = [path for folder in (_PACKAGE, chapter) for path in folder.glob(f"locale/{lang}/*/*.mo")]
    found = {path.relative_to(_PACKAGE).as_posix(): path for path in [*own, *words]}
    seen: set[Path] = set()
    waiting = [*(_PACKAGE / name for name in _ENGINE), *(path for path in own if path.suffix == ".py")]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            found[path.relative_to(_PACKAGE).as_posix()] = path
            waiting += imported_by(path)
    quiz = catalog.quiz_file(slug)
    of_quiz = [quiz, quiz.with_name(f"{slug}.{lang}.yml")]
    return found | {each.relative_to(catalog.root).as_posix(): each for each in of_quiz if each.is_file()}


def _files(place: Path) -> list[Path]:
    """The file itself, or all in the folder, if there is one, but what Python has compiled."""
    if place.is_file():
        return [place]
    return [path for path in sorted(place.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


def imported_by(path: Path) -> tuple[Path, ...]:
    """The modules of the course that a module imports anywhere in it."""
    return _imported_in(path.read_text(encoding="utf-8"))


@cache
def _imported_in(source: str) -> tuple[Path, ...]:
    """Parsing all sources takes a quarter of a second, and a grading run asks twice."""
    found: list[Path] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "course":
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                found += _modules(name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                found += _modules(alias.name)
    return tuple(found)


def _modules(name: str) -> Iterator[Path]:
    """The file of a module of the course, if there is one of that name."""
    first, *rest = name.split(".")
    place = _PACKAGE.joinpath(*rest)
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if first == "course" and rest and path.is_file():
            yield path

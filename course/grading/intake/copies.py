"""Knows a chapter's files again under the names that browsers, systems and platforms give to copies of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

OWN_FILES = {"answers", "feedback"}  # .json, beside the notebooks

_COPY = "(?:copy|copia|cópia|copie|kopie|kopia|checkpoint)"
# x-Copy1 (JupyterLab), x copy 2 (macOS), x - Copy (Windows), x (another copy) (Linux), x (Ada's conflicted copy)
_COPY_MARK = re.compile(rf"(?:(?: - |[ -]){_COPY} ?\d{{0,3}}| ?\([^()]*\b{_COPY}\b[^()]*\))$")
_COPY_BEFORE = re.compile(rf"^{_COPY}(?: \(\d+\))? (?:of|de|von|av) ")  # Copy of x (Colab, Windows of old)
# x (1) (Chrome), x(1) (Firefox), x-1 (Canvas, Safari), x 2 (macOS); Canvas, where that is taken too: x-<uuid>
_NUMBER = re.compile(r"(?:-(\d{1,4})| ?\((\d{1,4})\)| (\d{1,3}))$")
_UUID = re.compile(r"-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_ENDING = re.compile(r"\.(ipynb|json|txt|download)$")  # x.ipynb.txt, x.ipynb.json: systems that do not know notebooks
_SPACE = re.compile(r"(?:%20|[\s_+])+")


@dataclass(frozen=True, order=True)
class Mark:
    """What a name says of its file among copies; the greater counts. original: it does not call itself a copy."""

    original: bool = True
    number: int = 0


def known_file(name: str, notebooks: Collection[str]) -> tuple[str, Mark] | None:
    """The file of the chapter that a name stands for, as 'exercises.ipynb'; None if it is no such file's.

    >>> known_file("Copy of exercises (1)-2.ipynb.txt", {"exercises"})
    ('exercises.ipynb', Mark(original=False, number=3))
    """
    stems = {_plain(stem): stem for stem in (*notebooks, *OWN_FILES)}
    text, endings, mark = _plain(name), set[str](), Mark()
    while not (endings and text in stems):
        ending = _ENDING.search(text)
        if ending:
            endings.add(ending[1])
            text = text[: ending.start()].rstrip()
        elif (shorter := _unmarked(text, mark)) is not None:
            text, mark = shorter
        else:
            return None
    wanted = "json" if text in OWN_FILES else "ipynb"
    if wanted not in endings:
        return None
    if endings != {wanted}:  # one with the right ending alone is to be preferred
        mark = Mark(False, mark.number)
    return f"{stems[text]}.{wanted}", mark


@cache
def chapter_folder(name: str, slug: str) -> Mark | None:
    """What a folder's name says of it if it is the chapter's, or a copy of that; None if it is another."""
    text, mark = _plain(name), Mark()
    while text != slug:
        shorter = _unmarked(text, mark)
        if shorter is None:
            return None
        text, mark = shorter
    return mark


def other_chapter(path: PurePosixPath, slug: str, slugs: Collection[str]) -> PurePosixPath | None:
    """The innermost folder in the path if it is another chapter's: one of slugs, or looking like one."""
    for depth in range(len(path.parts) - 1, 0, -1):
        name = _plain(path.parts[depth - 1])
        if chapter_folder(name, slug) is not None:
            return None
        looks_so = re.match(r"\d{1,2}-\d{1,2}-[a-z][a-z0-9-]*$", name) and not name.startswith(f"{slug}-")
        if looks_so or any(chapter_folder(name, each) is not None for each in slugs if each != slug):
            return PurePosixPath(*path.parts[:depth])
    return None


def _plain(name: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFC", name).casefold()).strip()


def _unmarked(text: str, mark: Mark) -> tuple[str, Mark] | None:
    """The name without the outermost of its marks; None where it has none."""
    number = _NUMBER.search(text)
    if number and number.start():
        count = int(next(group for group in number.groups() if group is not None))
        return text[: number.start()].rstrip(), Mark(mark.original, mark.number + count)
    if _UUID.search(text):
        return _UUID.sub("", text), Mark(mark.original, mark.number + 8)  # after the seventh, Canvas gives these
    for pattern in (_COPY_MARK, _COPY_BEFORE):
        shorter = pattern.sub("", text).strip()
        if shorter and shorter != text:
            return shorter, Mark(False, mark.number)
    return None

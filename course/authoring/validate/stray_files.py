"""What lies beside a chapter's notebooks and belongs elsewhere: code, solutions, unknown files.

Nothing of it is ever released.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from course.catalog import Catalog, Chapter, is_chapter_notebook
from course.notebooks.release import SIDE_FILES, is_personal, is_side_file, looks_like_solution


def stray_file_problems(catalog: Catalog, chapter: Chapter) -> Iterator[str]:
    """One sentence for each file that no release has; none for an author's own answers, and for hidden files."""
    folder = catalog.notebooks_folder(chapter.slug)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") or part == "__pycache__" for part in name.parts)
        if not path.is_file() or hidden or is_personal(path.name):
            continue
        where = f"notebooks/{chapter.slug}/{name.as_posix()}:1:"
        if path.suffix == ".ipynb":
            if len(name.parts) > 1 or not is_chapter_notebook(path.stem):
                yield f"{where} a chapter has lesson, exercises and deeper-<topic>.ipynb. Rename it, or take it away."
        elif not is_side_file(name):
            yield f"{where} {_what_is_wrong(name, chapter)}"


def _what_is_wrong(name: Path, chapter: Chapter) -> str:
    if looks_like_solution(name):
        return f"a solution is no learner's file. Move it to tests/chapters/{chapter.module}/solutions/."
    if name.suffix == ".py":
        return f"code does not lie beside notebooks. Move it to course/chapters/{chapter.module}/, or remove it."
    kinds = ", ".join(sorted(SIDE_FILES))
    return f"this file is never released: beside notebooks lie only {kinds}. Move it, or remove it."

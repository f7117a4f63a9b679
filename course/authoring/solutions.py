"""Solutions that a chapter's tests know, right ones and wrong ones: tests/chapters/<module>/solutions/<exercise>.py.

Each is the source of a learner's whole cell. Needs a clone of the course, which has the tests.
"""

from __future__ import annotations

import ast
import runpy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from course.catalog import Catalog, Chapter
from course.errors import CourseError, UsageError
from course.exercises.registry import chapter_exercises
from course.notebooks.elsewhere import only_prepares
from course.notebooks.release import source_notebooks
from course.notebooks.restore import SOLUTION, grade_id

Kind = Literal["RIGHT", "WRONG", "VARIANTS", "UNNAMED"]  # the tables of a file of solutions
KINDS: tuple[Kind, ...] = ("RIGHT", "WRONG", "VARIANTS", "UNNAMED")


@dataclass(frozen=True)
class Solution:
    """One solution. names: the misconceptions of which the judge has to name one; "" stands for none.

    where: its file and line.
    """

    exercise: str
    name: str
    source: str
    kind: Kind
    names: tuple[str, ...] = ()
    where: str = ""

    @property
    def right(self) -> bool:
        """True if it must get full points."""
        return self.kind == "RIGHT"


def known_solutions(catalog: Catalog, chapter: Chapter) -> dict[str, list[Solution]]:
    """The solutions of each exercise, the notebook's own first. UsageError where an exercise has no file of them."""
    references = reference_cells(catalog, chapter)
    found: dict[str, list[Solution]] = {}
    for exercise in chapter_exercises(chapter):
        path = solutions_folder(catalog, chapter) / f"{exercise}.py"
        if not path.is_file():
            told = f"tests/chapters/{chapter.module}/solutions/{exercise}.py is not there. Write it"
            raise UsageError(f"{told}; docs/authoring-exercises.md says how.")
        own = []
        if source := references.get(f"{exercise}{SOLUTION}"):
            where = f"notebooks/{chapter.slug}/exercises.ipynb:1"
            own = [Solution(exercise, "the notebook's own", source, "RIGHT", where=where)]
        found[exercise] = [*own, *_in_file(exercise, path, catalog.root)]
    return found


def solutions_folder(catalog: Catalog, chapter: Chapter) -> Path:
    return catalog.root / "tests" / "chapters" / chapter.module / "solutions"


def _in_file(exercise: str, path: Path, root: Path) -> list[Solution]:
    """CourseError where the file cannot be read as one of solutions."""
    shown = path.relative_to(root).as_posix()
    try:
        tables = runpy.run_path(str(path))
        lines = _lines_of(path)
        fits: Mapping[str, str] = tables.get("FITS_A_NAME", {})
        found = []
        for kind in KINDS:
            for name, source in dict(tables.get(kind, {})).items():
                names = _names(kind, name, fits)
                where = f"{shown}:{lines.get((kind, name), 1)}"
                found.append(Solution(exercise, name, str(source), kind, names, where))
        return found
    except Exception as error:  # whatever an author's file raises
        raise CourseError(f"{shown}:1: cannot be read ({type(error).__name__}: {error}). Mend it.") from None


def _names(kind: Kind, name: str, fits: Mapping[str, str]) -> tuple[str, ...]:
    """Of a wrong solution: its own name; of one that nobody foresaw none, or the one whose numbers are its own too."""
    if kind == "UNNAMED":
        return ("", fits[name]) if name in fits else ("",)
    return () if kind == "RIGHT" else (name,)


def _lines_of(path: Path) -> dict[tuple[str, str], int]:
    """The line of each entry, by table and name."""
    found: dict[tuple[str, str], int] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and isinstance(node.targets[0], ast.Name):
            for key in node.value.keys:
                if isinstance(key, ast.Constant):
                    found[node.targets[0].id, str(key.value)] = key.lineno
    return found


def reference_cells(catalog: Catalog, chapter: Chapter) -> dict[str, str]:
    """The sources of the solution cells by grade_id, from the chapter's own notebooks."""
    return {
        name: str(cell.source)
        for notebook in source_notebooks(catalog, chapter.slug).values()
        for cell in notebook.cells
        if (name := grade_id(cell)) and cell.metadata.nbgrader.get("solution")
    }


def prepared_namespace(catalog: Catalog, chapter: Chapter) -> dict[str, object]:
    """The names that a learner's cells find: all that other cells of exercises.ipynb import, and what those assign
    that do nothing else.

    A cell that does not run leaves its names out; running the notebook tells why.
    """
    namespace: dict[str, object] = {}
    for cell in source_notebooks(catalog, chapter.slug)["exercises"].cells:
        if cell.cell_type == "code" and grade_id(cell) is None:
            try:
                exec(compile(_preparing(cell.source), "<exercises.ipynb>", "exec"), namespace)
            except Exception:  # told where the notebook is run
                continue
    return namespace


def _preparing(source: str) -> ast.Module:
    """The statements of a cell that others depend on; of one that shows something, its imports alone."""
    module = ast.parse(source)
    if not only_prepares(source):
        module.body = [each for each in module.body if isinstance(each, ast.Import | ast.ImportFrom)]
    return module

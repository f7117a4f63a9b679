"""What is graded: a chapter's notebooks as nbgrader releases them, made in memory from the sources.

Uses nbgrader's own preprocessors with the settings in nbgrader_config.py, so that a learner's workspace, a class's
release and the grader's template cannot drift apart. Touches neither the gradebook nor class/.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.catalog import RELEASED, Catalog
from course.errors import CourseError
from course.language import _
from course.notebooks.breadcrumbs import with_breadcrumb, without_own_breadcrumb
from course.notebooks.rules import require_sound_rules
from course.rules.read import chapter_rules

SETTINGS = "nbgrader_config.py"
SIDE_FILES = frozenset({".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".csv", ".npz", ".txt"})  # that are released


@dataclass(frozen=True)
class Release:
    """The files that a learner receives: notebooks by name (without .ipynb) and side files by file name."""

    notebooks: dict[str, NotebookNode]
    side_files: dict[str, bytes] = field(default_factory=dict)


def nbgrader_settings(root: Path) -> Any:
    """The configuration in root/nbgrader_config.py; CourseError where there is none or it does not load."""
    from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

    if root == RELEASED:
        raise CourseError(
            _("An installed course is for learning. Classes are graded in a clone of the course: run this there.")
        )
    try:
        return PyFileConfigLoader(SETTINGS, path=str(root)).load_config()
    except ConfigFileNotFound:
        told = _("{path} is missing. Run this in a folder of the course.")
        raise CourseError(told.format(path=root / SETTINGS)) from None


def source_notebooks(catalog: Catalog, slug: str) -> dict[str, NotebookNode]:
    """The authors' notebooks of a chapter, with solutions. CourseError names a broken or missing one."""
    catalog.chapter(slug)
    folder = catalog.notebooks_folder(slug)
    stems = catalog.notebooks(slug)
    if not stems:
        raise CourseError(_("{path} has no notebooks. Is this a whole clone of the course?").format(path=folder))
    notebooks = {}
    for stem in stems:
        path = folder / f"{stem}.ipynb"
        try:
            notebooks[stem] = without_own_breadcrumb(nbformat.read(path, as_version=4))
        except Exception as error:  # nbformat raises many kinds for a broken file
            told = _("{path} is not a notebook: {reason}")
            raise CourseError(told.format(path=path, reason=str(error).splitlines()[0])) from None
    return notebooks


def release(catalog: Catalog, slug: str) -> Release:
    """What a learner receives with the whole course around it: no solutions, no hidden tests, no outputs."""
    notebooks, outputs = _prepare(catalog, slug, stop_before=None)
    if not catalog.is_installed:  # nbgrader's breadcrumb is for a chapter alone; an installed course has its own
        notebooks = {stem: with_breadcrumb(each, catalog, slug, stem) for stem, each in notebooks.items()}
    side_files = dict(_side_files(catalog, slug))
    side_files.update(outputs)
    return Release(notebooks, side_files)


def grading_template(catalog: Catalog, slug: str) -> dict[str, NotebookNode]:
    """The released notebooks with hidden tests still in: what a submission is restored from. Yours to change."""
    return deepcopy(_grading_template(catalog, slug, chapter_rules(catalog, slug).points))


@cache
def _grading_template(catalog: Catalog, slug: str, _points: object) -> dict[str, NotebookNode]:
    """_points: those that course.yml sets, which may change while a server lives."""
    return _prepare(catalog, slug, stop_before="ClearHiddenTests")[0]


def _prepare(catalog: Catalog, slug: str, stop_before: str | None) -> tuple[dict[str, NotebookNode], dict[str, bytes]]:
    """Runs nbgrader's release preprocessors up to the one named, without the gradebook.

    An installed course was released when it was packed; its notebooks are taken as they are.
    """
    notebooks = source_notebooks(catalog, slug)
    outputs: dict[str, bytes] = {}
    if catalog.is_installed:
        return notebooks, outputs
    require_sound_rules(catalog)
    from nbgrader.converters import GenerateAssignment
    from nbgrader.preprocessors import SaveCells

    settings = nbgrader_settings(catalog.root)
    converter = GenerateAssignment(config=settings)
    for name, source in notebooks.items():
        notebook = source
        resources: dict[str, Any] = {
            "nbgrader": {"assignment": slug, "notebook": name, "student": "."},
            "metadata": {"path": str(catalog.notebooks_folder(slug))},
            "outputs": outputs,
        }
        for preprocessor in converter.preprocessors:
            if preprocessor.__name__ == stop_before:
                break
            if not issubclass(preprocessor, SaveCells):
                notebook, resources = preprocessor(config=settings).preprocess(notebook, resources)
        notebooks[name] = notebook
    return notebooks, outputs


def _side_files(catalog: Catalog, slug: str) -> Iterator[tuple[str, bytes]]:
    """Files beside the source notebooks (pictures, data), without what belongs to a person and what is stray."""
    folder = catalog.notebooks_folder(slug)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and is_side_file(name):
            yield name.as_posix(), path.read_bytes()


def is_side_file(name: Path) -> bool:
    """True for what is released beside the notebooks: pictures and data, and nothing that may hold a solution.

    name: relative to the chapter's folder.
    """
    hidden = any(part.startswith(".") for part in name.parts)
    return name.suffix.lower() in SIDE_FILES and not hidden and not looks_like_solution(name)


def looks_like_solution(name: Path) -> bool:
    """True for a file whose name, or whose folder's, says that it holds a solution."""
    return "solution" in name.as_posix().lower()


def is_personal(name: str) -> bool:
    """True for files that a learner's work makes beside a notebook."""
    return name.startswith(("answers", "feedback")) and name.endswith((".json", ".html", ".lock"))

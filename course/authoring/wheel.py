"""Builds the wheel that learners and a JupyterHub install: `make wheel`, or `python -m course.authoring.wheel [DIR]`.

The wheel carries the course as it is released, in course/released/: no solution, no hidden test, no key of a quiz that
tells only after grading. It is built in a temporary folder, so the clone stays as it is.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from course.catalog import CONTENTS, RELEASED, Catalog, load_catalog
from course.errors import CourseError
from course.locale import NEW_CHAPTER
from course.notebooks.release import release
from course.quiz.model import keyless_files, languages_of
from course.rules.read import COURSE_FILE

_PROJECT_FILES = ("pyproject.toml", "README.md", "LICENSE", "LICENSE-lessons")


def build_wheel(catalog: Catalog, folder: Path) -> Path:
    """Writes the wheel into folder and returns its path. CourseError where it cannot be built."""
    if catalog.is_installed:
        raise CourseError("The wheel is built in a clone of the course; here it is only installed.")
    with tempfile.TemporaryDirectory(prefix="course-wheel-") as name:
        project, out = Path(name) / "project", Path(name) / "dist"
        package = project / "course"
        shutil.copytree(RELEASED.parent, package, ignore=shutil.ignore_patterns("__pycache__", ".*", NEW_CHAPTER.name))
        for file in _PROJECT_FILES:
            shutil.copy(catalog.root / file, project)
        _write_released(catalog, package / RELEASED.name)
        command = [sys.executable, "-m", "uv", "build", "--wheel", "--quiet", "--out-dir", str(out), str(project)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise CourseError(f"The wheel could not be built: {run.stderr.strip()}")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(next(out.glob("*.whl")), folder))


def _write_released(catalog: Catalog, target: Path) -> None:
    """The folders notebooks/ and quizzes/ of a course, with what a learner may have of them."""
    (target / CONTENTS).parent.mkdir(parents=True)
    for path in (catalog.root / CONTENTS).parent.glob("contents*.yml"):  # and its translations
        shutil.copy(path, (target / CONTENTS).parent)
    if (catalog.root / COURSE_FILE).is_file():  # points and time limits hold for learners' own checks as well
        shutil.copy(catalog.root / COURSE_FILE, target)
    (target / "quizzes").mkdir()
    for chapter in catalog.chapters:
        _write_chapter(catalog, chapter.slug, target / "notebooks" / chapter.slug)
        _write_quiz(catalog, chapter.slug, target / "quizzes")


def _write_chapter(catalog: Catalog, slug: str, folder: Path) -> None:
    released = release(catalog, slug)
    folder.mkdir()
    for stem, notebook in released.notebooks.items():
        nbformat.write(notebook, folder / f"{stem}.ipynb")
    for name, content in released.side_files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _write_quiz(catalog: Catalog, slug: str, folder: Path) -> None:
    """A quiz that tells at once, in each language; of one that tells later the released quiz.json is all there is."""
    if not catalog.quiz_file(slug).is_file() or keyless_files(slug, catalog):
        return
    for lang in languages_of(slug, catalog):
        shutil.copy(catalog.quiz_file(slug, lang), folder)


def main() -> None:
    """Entry point of `python -m course.authoring.wheel [DIR]`; DIR is dist/ unless given."""
    catalog = load_catalog()
    try:
        wheel = build_wheel(catalog, Path(sys.argv[1]) if len(sys.argv) > 1 else catalog.root / "dist")
    except (CourseError, OSError) as error:
        sys.exit(str(error))
    print(wheel)


if __name__ == "__main__":
    main()

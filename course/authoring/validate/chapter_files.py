"""Whether each chapter has its four places, whether each place belongs to a chapter, and whether the contents agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from course.catalog import CONTENTS, Catalog, Chapter
from course.exercises.misconceptions import CHAPTERS

_NOTEBOOKS = ("lesson.ipynb", "exercises.ipynb")
_PACKAGES = ("exercises", "judges")  # or exercises.py and judges.py, in a small chapter


def contents_problems(catalog: Catalog) -> Iterator[str]:
    """Slugs and modules that stand twice, and slugs that disagree with their place in the course."""
    slugs = Counter(chapter.slug for chapter in catalog.chapters)
    modules = Counter(chapter.module for chapter in catalog.chapters)
    slugs.update(old for chapter in catalog.chapters for old in chapter.formerly)
    for number, section in enumerate(catalog.sections, start=1):
        before = 0
        for chapter in section.chapters:
            where = f"{CONTENTS}:{chapter.line}:"
            if slugs[chapter.slug] > 1:
                yield f"{where} the slug {chapter.slug} stands twice. Give each chapter its own."
            elif modules[chapter.module] > 1:
                yield f"{where} the module {chapter.module} belongs to two chapters. Give each its own."
            for old in chapter.formerly:
                if slugs[old] > 1:
                    yield f"{where} {old}, formerly {chapter.slug}, stands twice. A slug is one chapter's for ever."
            named, place = (int(part) for part in chapter.slug.split("-")[:2])
            if named != number:
                yield f"{where} {chapter.slug} stands in section {number}. Move it, or rename it to {number}-…."
            if place <= before:
                yield f"{where} {chapter.slug} stands after chapter {before}. Put the chapters in order."
            before = place


def file_problems(catalog: Catalog, chapter: Chapter) -> Iterator[str]:
    """The files that every chapter has."""
    where = f"{CONTENTS}:{chapter.line}: {chapter.slug} has no"
    for name in _NOTEBOOKS:
        if not (catalog.notebooks_folder(chapter.slug) / name).is_file():
            yield f"{where} notebooks/{chapter.slug}/{name}. Add it."
    if not catalog.quiz_file(chapter.slug).is_file():
        yield f"{where} quizzes/{chapter.slug}.yml. Add it; quizzes/README.md says how."
    folder = CHAPTERS / chapter.module
    if not (folder / "__init__.py").is_file():
        yield f"{where} course/chapters/{chapter.module}/__init__.py. Add it, or mend `module`."
    for name in _PACKAGES:
        if not (folder / name / "__init__.py").is_file() and not (folder / f"{name}.py").is_file():
            yield f"{where} course/chapters/{chapter.module}/{name}/__init__.py. Add it, or mend `module`."
    tests = catalog.root / "tests"
    if tests.is_dir() and not list((tests / "chapters" / chapter.module).glob("test_*.py")):
        yield f"{where} tests in tests/chapters/{chapter.module}/. Add a file test_….py."


def left_over_problems(catalog: Catalog) -> Iterator[str]:
    """Rooms of chapters that the contents do not list: forgotten there, or renamed and left behind."""
    slugs = {chapter.slug for chapter in catalog.chapters}
    modules = {chapter.module for chapter in catalog.chapters}
    listed = f"is of no chapter in {CONTENTS}. List it there, or remove it."
    for folder in sorted({path.parent for path in (catalog.root / "notebooks").glob("*/*.ipynb")}):
        if folder.name not in slugs and not folder.name.startswith("."):
            yield f"notebooks/{folder.name} {listed}"
    for path in sorted((catalog.root / "quizzes").glob("*.yml")):
        if path.name.split(".")[0] not in slugs:
            yield f"quizzes/{path.name} {listed}"
    for name in ("course", "tests"):
        for folder in sorted({path.parent for path in (catalog.root / name / "chapters").glob("*/*.py")}):
            if folder.name not in modules:
                yield f"{name}/chapters/{folder.name} {listed}"

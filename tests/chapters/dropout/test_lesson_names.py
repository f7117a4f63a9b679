"""What the notebooks import from the chapter: neither more nor less than they use."""

from __future__ import annotations

import re

import nbformat

from course.catalog import course_root
from course.chapters.dropout import lesson

NOTEBOOKS = sorted((course_root() / "notebooks" / "2-4-dropout").glob("*.ipynb"))


def code_of_the_notebooks() -> str:
    cells = [cell for path in NOTEBOOKS for cell in nbformat.read(path, as_version=4).cells]
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


def test_notebooks_import_one_module_of_the_chapter_and_the_exercises_small_data():
    imported = re.findall(r"^from (course\.\w+.*) import (.+)$", code_of_the_notebooks(), flags=re.MULTILINE)
    assert set(imported) == {
        ("course.chapters.dropout", "lesson"),
        ("course.chapters.dropout.small_data", "accuracy, example, train"),
    }


def test_every_name_of_the_lesson_is_used_by_a_notebook_and_every_name_used_is_there():
    used = set(re.findall(r"\blesson\.(\w+)", code_of_the_notebooks()))
    assert used == set(lesson.__all__)

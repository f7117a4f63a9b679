"""What a learner receives of a chapter holds no solution, no hidden text and no key of a quiz that tells later."""

import json
from pathlib import Path

from course.authoring.solutions import reference_cells
from course.authoring.validate import course_problems
from course.catalog import Catalog, Chapter
from course.notebooks.release import source_notebooks
from course.notebooks.restore import grade_id
from course.notebooks.workspace import lay_out

MARKS = ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "MARK SCHEME")


def test_the_course_has_no_faults(catalog: Catalog) -> None:
    assert course_problems(catalog) == []


def test_no_solution_line_and_no_mark_of_one_is_released(catalog: Catalog, chapter: Chapter, tmp_path: Path) -> None:
    lay_out(catalog, tmp_path)
    released = sorted((tmp_path / chapter.slug).rglob("*"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in released if path.suffix in (".ipynb", ".json"))
    assert not [mark for mark in MARKS if mark in text]
    solutions = reference_cells(catalog, chapter)
    bodies = [source.split("### BEGIN SOLUTION")[-1] for source in solutions.values()]
    lines = {line.strip() for body in bodies for line in body.split("### END SOLUTION")[0].splitlines()}
    cells = [cell for notebook in source_notebooks(catalog, chapter.slug).values() for cell in notebook.cells]
    shown = "\n".join(cell.source for cell in cells if grade_id(cell) not in solutions)  # by the author, in sight
    telling = [line for line in lines if len(line) > 20 and line not in shown]
    assert telling
    assert [line for line in telling if json.dumps(line, ensure_ascii=False)[1:-1] in text] == []

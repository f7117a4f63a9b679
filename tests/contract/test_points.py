"""Points that an instructor sets are told wherever an author tells points."""

import re

from course.catalog import Catalog
from course.notebooks.points import QUIZ, apply_points, author_points, points_in_all
from course.notebooks.release import source_notebooks
from course.notebooks.restore import grade_id
from course.rules.model import ChapterRules

TOLD = re.compile(r"\b(\d+(?:\.\d+)?) points?\b")


def test_tasks_and_totals_tell_the_points_that_are_set(slug: str, catalog: Catalog) -> None:
    usual = author_points(catalog, slug)
    wanted = {name: points + 0.25 for name, points in usual.items()}
    rules = ChapterRules(points=tuple(wanted.items()))
    total = points_in_all(catalog, slug, rules)
    assert total == sum(points for name, points in wanted.items() if name != QUIZ)
    notebook = apply_points(source_notebooks(catalog, slug)["exercises"], rules, total)
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            heading = cell.source
        name = grade_id(cell) or ""
        if name in wanted:
            assert cell.metadata.nbgrader.points == wanted[name]
            assert {float(points) for points in TOLD.findall(heading)} == {wanted[name]}, heading

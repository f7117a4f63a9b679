"""What the prompts of a chapter's exercises say, beside its notebook's own solutions and its judges."""

from __future__ import annotations

import re
from typing import Any

import nbformat

from course.catalog import load_catalog
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from tests.conftest import ROOT
from tests.contract.chapters import defined, solutions_of


class Prompts:
    """Of one chapter. texts: by the exercise's name."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        notebook = nbformat.read(ROOT / "notebooks" / slug / "exercises.ipynb", as_version=4)
        self.texts = {cell.id.removesuffix("-task").replace("-", "_"): cell.source for cell in notebook.cells}

    def own(self, exercise: str) -> Any:
        """The notebook's own solution."""
        return defined(self.slug, solutions_of(self.slug)[exercise][0].source)[exercise]

    def tells_the_parts(self, exercise: str, total: str) -> None:
        """Parts of the points, under the folded line, are the weights of the judge, as whole numbers."""
        chapter = load_catalog(ROOT).chapter(self.slug)
        verdict = check_candidate(exercise, {exercise: self.own(exercise)}, VISIBLE_SEED, chapter)
        told = self.texts[exercise].split("<details>")[1]
        assert f"of {total}" in told
        weights = {finding.weight for finding in verdict.findings}
        unit = sum(finding.weight for finding in verdict.findings) / int(total)
        parts = {int(number) for number in re.findall(r"(?<![\d.])\d+(?![\d.]*\d)", told)}
        assert {weight / unit for weight in weights} <= parts

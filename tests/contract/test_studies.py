"""Stored studies say what their scripts would write: the same quantities, along the same axes."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import numpy as np

from course.catalog import Chapter
from course.exercises.misconceptions import CHAPTERS
from course.lessons.studies import Plan, Study, read_studies


def test_a_stored_study_has_the_axes_that_its_script_would_write(chapter: Chapter) -> None:
    scripts = sorted((CHAPTERS / chapter.module / "data").glob("make_*.py"))
    modules = [import_module(f"course.chapters.{chapter.module}.data.{script.stem}") for script in scripts]
    planned = {module.__name__: module.PLANS for module in modules if hasattr(module, "PLANS")}
    assert bool(planned) == bool(scripts)
    for name, plans in planned.items():
        file = CHAPTERS / chapter.module / "data" / f"{name.split('make_')[-1]}.npz"
        assert _axes(read_studies(file)) == _axes(plans)


def _axes(found: Mapping[str, Study] | Mapping[str, Plan]) -> dict[str, dict[str, list[object]]]:
    return {
        name: {axis: np.asarray(places).tolist() for axis, places in each.axes.items()} for name, each in found.items()
    }

"""An exercise that has changed keeps its promise over 20 seeds: right solutions pass, wrong ones fail by name."""

import pytest

from course.authoring.run.sweep import sweep_exercise
from course.catalog import load_catalog
from course.exercises.registry import chapter_exercises
from tests.conftest import ROOT

EXERCISES = [(chapter.slug, name) for chapter in load_catalog(ROOT).chapters for name in chapter_exercises(chapter)]


@pytest.mark.parametrize(("slug", "exercise"), EXERCISES)
def test_an_exercise_that_has_changed_passes_a_sweep(slug: str, exercise: str) -> None:
    catalog = load_catalog(ROOT)
    assert sweep_exercise(catalog, catalog.chapter(slug), exercise) == []

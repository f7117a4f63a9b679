"""An exercise that has changed keeps its promise over 20 seeds: right solutions pass, wrong ones fail by name."""

from course.authoring.run.sweep import sweep_exercise
from course.catalog import load_catalog
from course.exercises.registry import chapter_exercises
from tests.conftest import ROOT


def test_exercises_that_have_changed_pass_a_sweep(slug: str) -> None:
    catalog = load_catalog(ROOT)
    chapter = catalog.chapter(slug)
    assert {name: sweep_exercise(catalog, chapter, name) for name in chapter_exercises(chapter)} == {
        name: [] for name in chapter_exercises(chapter)
    }

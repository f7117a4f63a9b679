"""An exercise that has changed keeps its promise over 20 seeds: right solutions pass, wrong ones fail by name."""

from course.authoring.run.sweep import sweep_exercise
from course.catalog import Chapter, load_catalog
from tests.conftest import ROOT


def test_an_exercise_that_has_changed_passes_a_sweep(chapter: Chapter, exercise: str) -> None:
    assert sweep_exercise(load_catalog(ROOT), chapter, exercise) == []

"""The stored runs: they have the axes that the scripts write, and points of them can be made again."""

from __future__ import annotations

import numpy as np
import pytest

from course.chapters.overfitting import borders, studies


def test_the_first_epochs_of_a_stored_run_with_the_patients_can_be_made_again() -> None:
    stored = studies.load_studies().patients.at(seed=2).values
    assert studies.measure_patients(2, epochs=6) == pytest.approx(stored[:6], abs=0.03)


def test_a_stored_run_with_the_digits_can_be_made_again() -> None:
    stored = studies.load_studies().digits.at(wrong_share=0.1, seed=1).values
    assert studies.measure_digits(0.1, 1) == pytest.approx(stored, abs=0.03)


def test_stored_widths_steps_and_long_runs_can_be_made_again() -> None:
    stored = studies.load_studies()
    assert studies.measure_width(0.3, 64, 1) == pytest.approx(
        stored.widths.at(wrong_share=0.3, width=64, seed=1).values, abs=0.03
    )
    assert studies.measure_step(1e-5, 2) == pytest.approx(stored.steps.at(learning_rate=1e-5, seed=2).values, abs=0.02)
    assert studies.measure_long(1)[:100] == pytest.approx(stored.long.at(seed=1).values[:100], abs=0.05)


def test_stored_borders_can_be_made_again() -> None:
    stored = borders.load_borders()
    place = {"rows": 100, "width": 4}
    scores, maps = borders.measure_borders(100, 4, 0)
    assert scores == pytest.approx(stored.scores.at(**place, seed=0).values, abs=0.03)
    assert np.mean(np.abs(maps - stored.maps.at(**place).values)) < 0.03


def test_stored_borders_have_the_axes_that_the_script_would_write() -> None:
    stored = borders.load_borders()
    for study, axes in ((stored.scores, borders.SCORE_AXES), (stored.maps, borders.MAP_AXES)):
        found = {name: places.tolist() for name, places in study.axes.items()}
        assert found == {name: places.tolist() for name, places in axes.items()}

"""The stored runs: they have the axes that the script writes, and points of them can be made again."""

from __future__ import annotations

import pytest

from course.chapters.bias_variance import studies


def test_stored_steps_can_be_made_again() -> None:
    stored = studies.load_studies().steps.at(repeat=3).values
    assert studies.measure_steps(3)[:5] == pytest.approx(stored[:5], abs=0.02)


def test_stored_rows_and_widths_can_be_made_again() -> None:
    stored = studies.load_studies()
    assert studies.measure_rows(120, 1) == pytest.approx(stored.rows.at(rows=120, repeat=1).values, abs=0.01)
    assert studies.measure_width(4, 2) == pytest.approx(stored.widths.at(width=4, repeat=2).values, abs=0.02)


def test_stored_curves_can_be_made_again() -> None:
    stored = studies.load_studies().curves.at(width=8).values
    assert studies.measure_curves(8)[:4] == pytest.approx(stored[:4], abs=0.05)


def test_two_hospitals_of_the_stored_runs_can_be_made_again() -> None:
    stored = studies.load_studies().hospitals.at(seed=1).values
    found = studies.measure_hospitals(1)
    assert found[0] == pytest.approx(stored[0], abs=0.2)
    assert found[:, 2] == pytest.approx(stored[:, 2], abs=1e-6)

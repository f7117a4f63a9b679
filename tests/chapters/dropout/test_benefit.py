"""The stored study of what dropout is worth to the patients."""

from __future__ import annotations

import pytest

from course.chapters.dropout import benefit


@pytest.mark.parametrize(("rate", "seed"), [(0.0, 1), (0.5, 0)])
def test_stored_errors_can_be_made_again(rate, seed):
    stored = benefit.load_benefit().error.at(rate=rate, seed=seed)
    assert benefit.measure_error(rate, seed) == pytest.approx(stored.values, abs=0.03)


def test_stored_absences_can_be_made_again():
    stored = benefit.load_benefit().absences.at(rate=0.5, seed=1)
    assert benefit.measure_absences(0.5, 1) == pytest.approx(stored.values, abs=0.02)

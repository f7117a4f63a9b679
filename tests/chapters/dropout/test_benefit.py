"""The stored study of what dropout is worth to the patients."""

from __future__ import annotations

import numpy as np
import pytest

from course.chapters.dropout import benefit


@pytest.mark.parametrize(("rate", "seed"), [(0.0, 1), (0.5, 0)])
def test_stored_errors_can_be_made_again(rate, seed):
    stored = benefit.load_benefit().error.at(rate=rate, seed=seed)
    assert benefit.measure_error(rate, seed) == pytest.approx(stored.values, abs=0.03)


def test_stored_guesses_can_be_made_again():
    stored = benefit.load_benefit().guesses
    again = benefit.measure_guesses(rate=0.5, draw=3)
    assert np.sqrt(((again - stored.at(rate=0.5, draw=3).values) ** 2).mean()) < 0.05
    between_draws = stored.at(rate=0.5, draw=3).values - stored.at(rate=0.5, draw=4).values
    assert np.sqrt((between_draws**2).mean()) > 0.15  # so another draw would not have passed


def test_stored_absences_can_be_made_again():
    stored = benefit.load_benefit().absences.at(rate=0.5, seed=1)
    assert benefit.measure_absences(0.5, 1) == pytest.approx(stored.values, abs=0.02)

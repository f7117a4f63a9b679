"""The stored runs: they have the axes that the script writes, and points of them can be made again."""

from __future__ import annotations

import pytest

from course.chapters.batch_normalization import lag, studies


@pytest.mark.parametrize(
    ("network", "norm", "seed", "rate"),
    [("8 sigmoid", "batch", 1, 0.1), ("2 relu", "none", 2, 0.1), ("8 relu, He", "none", 0, 0.03)],
)
def test_stored_runs_at_a_learning_rate_can_be_made_again(network: str, norm: str, seed: int, rate: float) -> None:
    stored = studies.load_studies().rates.at(network=network, norm=norm, seed=seed, rate=rate).values
    assert studies.measure_rates(network, norm, seed, rate) == pytest.approx(stored, abs=0.03)


def test_stored_runs_in_two_modes_can_be_made_again() -> None:
    stored = studies.load_studies().modes.at(momentum=0.99, seed=0).values[:3]
    found = studies.measure_modes(0.99, 0, epochs=3)
    assert found[:, :3] == pytest.approx(stored[:, :3], abs=0.06)
    assert found[:, 3:] == pytest.approx(stored[:, 3:], rel=0.1)


def test_other_stored_runs_can_be_made_again() -> None:
    stored = studies.load_studies()
    patients = stored.patients.at(norm="batch", seed=1).values
    assert studies.measure_patients("batch", 1) == pytest.approx(patients, abs=0.06)
    adam = stored.adam.at(norm="batch", seed=0, rate=0.01).values
    assert studies.measure_adam("batch", 0, 0.01) == pytest.approx(adam, abs=0.03)
    longer = stored.longer.at(network="8 relu", seed=0).values
    assert studies.measure_longer("8 relu", 0) == pytest.approx(longer, abs=0.03)
    batches = stored.batches.at(norm="batch", seed=2, batch=50).values
    assert studies.measure_batches("batch", 2, 50) == pytest.approx(batches, abs=0.03)
    digits = stored.digits.at(wrong_share=0.0, norm="batch", seed=0).values
    assert studies.measure_digits(0.0, "batch", 0) == pytest.approx(digits, abs=0.02)


def test_stored_runs_with_averages_put_right_can_be_made_again() -> None:
    stored = studies.load_studies().lag.at(seed=3).values
    found = lag.measure_lag(3)
    assert found[:4] == pytest.approx(stored[:4], abs=0.1)
    assert found[4] == stored[4]
    assert found[5:] == pytest.approx(stored[5:], rel=0.1)

"""The stored runs: they have the axes that the script writes, and points of them can be made again."""

from __future__ import annotations

import numpy as np
import pytest

from course.chapters.norm_penalties import studies
from course.chapters.norm_penalties.sensors import exact_fit, load_sensors, squared_error, true_weights


@pytest.mark.parametrize("kind", studies.KINDS)
def test_stored_weights_can_be_made_again(kind: str) -> None:
    stored = studies.load_studies().weights.at(kind=kind, seed=4).values
    assert studies.measure_weights(kind, 4) == pytest.approx(stored, abs=1e-4)


def test_stored_errors_of_the_model_that_is_told_the_six_can_be_made_again() -> None:
    stored = studies.load_studies().known.at(seed=2).values
    assert studies.measure_known(2) == pytest.approx(stored, rel=1e-5)


def test_a_stored_keras_run_can_be_made_again() -> None:
    stored = studies.load_studies().keras.at(method="l1", seed=2).values
    found = studies.measure_keras("l1", 2)
    assert found[:2] == pytest.approx(stored[:2], abs=0.05)
    assert found[2] == pytest.approx(stored[2], abs=4)


def test_stored_runs_on_patients_and_digits_can_be_made_again() -> None:
    stored = studies.load_studies()
    patients = stored.patients.at(seed=1, strength=0.03).values
    assert studies.measure_patients(1, 0.03) == pytest.approx(patients, abs=0.05)
    digits = stored.digits.at(wrong_share=0.3, seed=0, strength=0.01).values
    assert studies.measure_digits(0.3, 0, 0.01) == pytest.approx(digits, abs=0.02)


def test_stored_runs_that_stopped_early_can_be_made_again() -> None:
    stored = studies.load_studies()
    assert studies.measure_stopped_patients(1) == pytest.approx(stored.stopped_patients.at(seed=1).values, abs=0.05)
    digits = stored.stopped_digits.at(wrong_share=0.3, seed=0).values
    assert studies.measure_stopped_digits(0.3, 0) == pytest.approx(digits, abs=0.02)


@pytest.mark.parametrize("strengths", [{"l1": 0.2}, {"l2": 0.1}, {"l1": 0.1, "l2": 0.05}, {}])
def test_no_step_away_from_an_exact_fit_lowers_the_loss(strengths: dict[str, float]) -> None:
    rows, rng = load_sensors(3), np.random.default_rng(0)

    def loss(weights: studies.Floats, bias: float) -> float:
        price = strengths.get("l1", 0.0) * np.abs(weights).sum() + strengths.get("l2", 0.0) * (weights**2).sum()
        return squared_error(weights, bias, rows.x_train, rows.y_train) + float(price)

    weights, bias = exact_fit(rows.x_train, rows.y_train, **strengths)
    least = loss(weights, bias)
    for size in (0.1, 0.001):
        for _try in range(50):
            assert loss(weights + size * rng.normal(size=40), bias + size * rng.normal()) > least
    for column in range(40):
        for away in (-0.01, 0.01):
            assert loss(weights + away * np.eye(40)[column], bias) > least


def test_the_sensors_follow_the_rule_with_noise_of_variance_1() -> None:
    rows = load_sensors(0)
    misses = rows.y_test - 20 - rows.x_test @ true_weights()
    assert misses.var() == pytest.approx(1.0, abs=0.08)
    assert [len(x) for x in (rows.x_train, rows.x_validation, rows.x_test)] == [60, 60, 2000]

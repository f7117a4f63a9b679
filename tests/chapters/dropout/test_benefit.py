"""The patients, and the stored study of what dropout is worth to them."""

from __future__ import annotations

import numpy as np
import pytest

from course.chapters.dropout import benefit
from course.chapters.dropout.patients import FILE, load_patients


def test_the_patients_are_those_of_the_paper():
    with np.load(FILE, allow_pickle=False) as stored:
        measurements, progression = stored["measurements"], stored["progression"]
    assert measurements.shape == (442, 10)
    assert progression.shape == (442,)
    assert (progression.min(), progression.max()) == (25, 346)
    assert progression.sum() == 67_243
    assert (measurements[:, 0].min(), measurements[:, 0].max()) == (19, 79)  # age
    assert set(np.unique(measurements[:, 1])) == {1, 2}  # sex


def test_a_split_uses_each_patient_once_and_scales_by_the_training_rows():
    patients = load_patients(seed=3)
    parts = (patients.y_train, patients.y_validation, patients.y_test)
    assert [len(part) for part in parts] == [200, 100, 142]
    assert np.concatenate(parts).sum() == pytest.approx(672.43)
    assert patients.x_train.mean(axis=0) == pytest.approx(np.zeros(10), abs=1e-9)
    assert patients.x_train.std(axis=0) == pytest.approx(np.ones(10))
    assert not np.array_equal(patients.y_train, load_patients(seed=4).y_train)
    assert np.array_equal(patients.y_train, load_patients(seed=3).y_train)


def test_the_stored_study_has_the_axes_that_the_script_would_write():
    stored = benefit.load_benefit()
    for study, axes in ((stored.error, benefit.ERROR_AXES), (stored.absences, benefit.ABSENCE_AXES)):
        found = {name: places.tolist() for name, places in study.axes.items()}
        assert found == {name: places.tolist() for name, places in axes.items()}


@pytest.mark.parametrize(("rate", "seed"), [(0.0, 1), (0.5, 0)])
def test_stored_errors_can_be_made_again(rate, seed):
    stored = benefit.load_benefit().error.at(rate=rate, seed=seed)
    assert benefit.measure_error(rate, seed) == pytest.approx(stored.values, abs=0.03)


def test_stored_absences_can_be_made_again():
    stored = benefit.load_benefit().absences.at(rate=0.5, seed=1)
    assert benefit.measure_absences(0.5, 1) == pytest.approx(stored.values, abs=0.02)

"""The patients that travel with the course, and their split."""

from __future__ import annotations

import numpy as np
import pytest

from course.lessons.patients import FILE, load_patients


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

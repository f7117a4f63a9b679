"""The patients that travel with the course, and their split."""

from __future__ import annotations

import numpy as np
import pytest

from course.keras_loading import load_keras
from course.lessons.patients import FILE, load_patients, patient_network


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


def test_an_l2_penalty_of_the_patients_network_is_on_the_weights_of_every_layer() -> None:
    keras = load_keras()
    assert patient_network(keras).losses == []
    model = patient_network(keras, l2=0.01)
    squares = [float((kernel**2).sum()) for kernel in model.get_weights()[::2]]
    assert [float(each) for each in model.losses] == pytest.approx([0.01 * each for each in squares], rel=1e-4)

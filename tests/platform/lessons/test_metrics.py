"""Metrics against values that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.lessons.metrics import accuracy, auc, confidence, entropy, nll, prediction_scores, softmax

PREDICTIONS = np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]])


@given(st.lists(st.floats(-500, 500), min_size=2, max_size=5), st.floats(-100, 100))
def test_softmax_adds_up_to_one_however_large_the_logits_and_ignores_a_shift(logits, shift):
    rows = np.array([logits])
    assert softmax(rows).sum() == pytest.approx(1.0)
    assert softmax(rows + shift) == pytest.approx(softmax(rows), abs=1e-9)


def test_softmax_of_logarithms_gives_the_shares_back():
    assert softmax(np.log(PREDICTIONS)) == pytest.approx(PREDICTIONS)


def test_accuracy_confidence_and_loss_of_two_predictions():
    labels = np.array([1, 1])
    assert accuracy(PREDICTIONS, labels) == 0.5
    assert confidence(PREDICTIONS) == pytest.approx(0.65)
    assert nll(PREDICTIONS, labels) == pytest.approx(-(np.log(0.25) + np.log(0.8)) / 2)
    scores = prediction_scores(PREDICTIONS, labels)
    assert scores == {"accuracy": 0.5, "confidence": confidence(PREDICTIONS), "nll": nll(PREDICTIONS, labels)}


def test_a_label_that_was_given_no_chance_costs_much_and_not_everything():
    assert np.isfinite(nll(np.array([[1.0, 0.0]]), np.array([1])))


def test_entropy_is_nothing_when_certain_and_log_n_when_all_is_alike():
    rows = np.array([[0.0, 1.0, 0.0], [1 / 3] * 3])
    assert entropy(rows) == pytest.approx(np.array([0.0, np.log(3)]), abs=1e-9)


def test_auc_is_one_when_positives_score_higher_and_a_half_when_nobody_does():
    assert auc(np.array([2.0, 3.0]), np.array([0.0, 1.0])) == 1.0
    assert auc(np.array([0.0, 1.0]), np.array([2.0, 3.0])) == 0.0
    assert auc(np.ones(3), np.ones(4)) == 0.5

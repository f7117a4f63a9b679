"""Every number and every claim about Keras in deeper-mechanism.ipynb, which is executed once.

Where a cell computes the number, its own output is compared with the prose; tolerances leave room for other
processors' rounding, never for another story.
"""

from __future__ import annotations

import keras
import numpy as np
import pytest

from course.chapters.dropout import layer, lesson
from course.chapters.dropout.studies import SEEDS, load_studies
from course.chapters.dropout.widgets import STOPS
from tests.lesson_run import LessonRun, assert_runs_clean, caption, near, run_lesson


@pytest.fixture(scope="module")
def mechanism() -> LessonRun:
    return run_lesson("2-4-dropout", "deeper-mechanism")


def test_runs_to_the_end_without_an_error_or_a_warning(mechanism):
    assert_runs_clean(mechanism)


def test_four_masks_and_their_number(mechanism):
    mechanism.states("masks-saw", "8, 8, 7 and 4 neurons, not 6 each")
    assert mechanism.lines("masks-run")[-1] == "neurons kept for each sample: [8 8 7 4]"
    mechanism.states("masks-count-saw", "200 training steps and 20,000 masks", "would be only 40")
    assert [line.split()[-1] for line in mechanism.lines("masks-count")] == ["200", "20000"]


def test_rows_of_a_batch_keep_what_chance_gives(mechanism):
    mechanism.states("masks-lab-saw", "16.8 of 24", "13 to 21", "every row keeps 17")
    own, quota = (layer.batch_kept(way, 0.3).sum(axis=1) for way in ("own", "quota"))
    assert (own.min(), own.max()) == (13, 21)
    assert set(quota) == {17}
    assert not (layer.batch_kept("own", 0.3) == layer.batch_kept("own", 0.3, 2)).all(axis=1).any()
    assert "rate 0.30" in caption(lesson.batch_masks())


def test_noise_shape_shares_one_mask(mechanism):
    mechanism.states("noise-shape-saw", "the rows differ", "one row was drawn and used 12 times")
    default, shared = mechanism.printed("noise-shape-run").split("noise_shape")
    assert "masks differ from sample to sample" in default
    assert "the same mask for every sample" in shared


def test_the_mean_is_kept_and_the_variance_is_not(mechanism):
    mechanism.states("moments-saw", "from 1 to about 1.5, 3 and 9")
    found = np.array(mechanism.decimals("moments-run"))
    assert found[:, 1] == near(np.ones(3), 0.011)
    assert found[:, 2] == near(np.array([1.5, 3.0, 9.0]), 0.06)
    assert found[:, 3].tolist() == [1.5, 3.0, 9.0]


def test_the_running_mean_opens_near_x_and_five_draws_are_all_six(mechanism):
    mechanism.states("moments-lab-saw", "1,000 times", "Every output is 0 or 6", "All five outputs happen to be 6")
    lab = lesson.moments_lab()
    assert "after 1,000 draws the mean of the outputs is 2.89" in caption(lab)
    lab.controls["draws"].value = 5
    assert 5 in STOPS
    assert "after 5 draws the mean of the outputs is 6.00" in caption(lab)


def test_each_convention_agrees_with_itself_and_the_wrong_rule_with_neither(mechanism):
    mechanism.states("conventions-saw", "classic at 2.40, 1.50 and 0.60", "gives 0.60 at rate 0.2 and 2.40 at rate 0.8")
    found = mechanism.decimals("conventions-run")
    for (rate,), inverted, classic, wrong in (found[start : start + 4] for start in (0, 4, 8)):
        assert inverted == near([3.0, 3.0], 0.02)
        assert classic == near([3 * (1 - rate)] * 2, 0.011)
        assert wrong == near([3 * rate], 0.005)


def test_a_wrong_rule_hides_from_accuracy_is_harmless_at_02_times_keep_and_shows_at_05(mechanism):
    mechanism.states("wrong-rule-saw", "from 0.97 to 0.17", "from 0.10 to 1.8", "0.104 instead of 0.103")
    mechanism.states("wrong-rule-saw", "falls to about 0.68", "from 0.09 to 0.44")
    found = np.array([row[-3:] for row in mechanism.decimals("wrong-rule-run")])
    assert np.ptp(found[:, 0]) < 0.012
    assert found[[0, 2], 1] == near([0.974, 0.169], 0.01)
    assert found[[0, 1, 2], 2] == near([0.103, 0.104, 1.785], 0.01)
    assert found[[3, 4], 1:] == near(np.array([[0.974, 0.090], [0.683, 0.438]]), 0.02)
    assert found[4].tolist() == found[5].tolist()


def test_keep_and_rate_coincide_at_one_half_and_hurt_elsewhere(mechanism):
    mechanism.states(
        "conventions-lab-saw", "0.97 to 0.92", "to 0.29", "at 0.66", "0.22", "0.82", "0.95 or above", "0.36"
    )
    scores = {rate: load_studies().rule_scores(rate / 10) for rate in range(1, 9)}
    assert len(SEEDS) == 4
    assert [round(each["confidence"], 2) for each in scores[3].values()] == [0.97, 0.92, 0.29]
    assert [round(each["confidence"], 2) for each in scores[5].values()][1:] == [0.66, 0.66]
    assert [round(each["confidence"], 2) for each in scores[7].values()][1:] == [0.22, 0.82]
    assert min(each["accuracy"] for rate in range(1, 8) for each in scores[rate].values()) >= 0.9495
    assert round(scores[8]["×(1 − rate)"]["accuracy"], 2) == 0.36
    assert "Rate 0.3" in caption(lesson.conventions_lab())


def test_every_neuron_gets_a_gradient_from_some_sample_although_each_sample_misses_some(mechanism):
    mechanism.states("backward-saw", "all five neurons get a gradient", "1 in 2⁶⁴")
    words = mechanism.printed("backward-run").replace("[", " ").replace("]", " ").split()
    numbers = np.array([float(word) for word in words if word[0].isdigit()])
    per_sample, batch = numbers[:20].reshape(4, 5), numbers[20:]
    assert (per_sample == 0).any(axis=0).sum() >= 2
    assert (batch > 0).all()


def test_a_neuron_is_rarely_without_gradient(mechanism):
    mechanism.states("backward-lab-saw", "neuron 3", "0.4⁴, about 0.026", "0.4⁸, about 0.0007", "a batch of 7")
    assert near(0.026, 0.001) == 0.4**4
    assert near(0.0007, 0.00005) == 0.4**8
    assert 0.4**8 < 0.001 < 0.4**7
    assert np.flatnonzero(layer.batch_gradients(0.4, 4).whole == 0).tolist() == [2]


def test_adam_moves_a_weight_whose_gradient_is_zero_and_sgd_does_not(mechanism):
    mechanism.states(
        "adam-saw", "stays at −0.100", "−0.167, −0.219 and −0.261", "SGD with momentum behaves in the same"
    )
    sgd, adam = ([float(n) for n in line.split()[1:]] for line in mechanism.lines("adam-run"))
    assert sgd == near([-0.1] * 4, 1e-6)
    assert adam == near([-0.100, -0.167, -0.219, -0.261], 0.001)
    weight = keras.Variable(np.zeros(1))
    momentum = keras.optimizers.SGD(0.1, momentum=0.9)
    for gradient in (1.0, 0.0):
        momentum.apply([keras.ops.array([gradient])], [weight])
    assert weight.numpy()[0] < -0.15

"""Every number and every claim about Keras in deeper-theory.ipynb, which is executed once.

Where a cell computes the number, its own output is compared with the prose; tolerances leave room for other
processors' rounding, never for another story.
"""

from __future__ import annotations

import re

import numpy as np
import pytest

from course.chapters.dropout import benefit, lesson, uncertainty
from tests.lesson_run import LessonRun, assert_runs_clean, caption, near, run_lesson


@pytest.fixture(scope="module")
def theory() -> LessonRun:
    return run_lesson("2-4-dropout", "deeper-theory")


def test_runs_to_the_end_without_an_error_or_a_warning(theory):
    assert_runs_clean(theory)


def test_masks_are_not_equally_likely(theory):
    theory.states("ensemble-masks-saw", "0.168", "0.000003")
    assert theory.decimals("ensemble-masks") == [[0.2, 0.167772, 0.000003, 1.0], [0.5, 0.003906, 0.003906, 1.0]]


def test_the_weighted_geometric_mean_is_the_scaled_network(theory):
    theory.states("ensemble-saw", "below 10⁻¹⁴", "misses by up to 0.38", "by a third and more")
    weighted, unweighted, arithmetic, weighted_half, unweighted_half, arithmetic_half = (
        row[-1] for row in theory.decimals("ensemble-run")
    )
    assert max(weighted, weighted_half, unweighted_half) < 1e-14
    assert unweighted == near(0.38, 0.006)
    assert min(arithmetic, arithmetic_half) > 0.33


def test_the_test_of_the_claim_is_credited(theory):
    theory.states("ensemble", "Warde-Farley et al. 2013 did this before us")
    theory.states("end", "1312.6197", "1207.0580", "1506.02142", "1411.4280", "1706.02515")


def test_another_relu_makes_it_an_approximation_that_may_fail(theory):
    theory.states("ensemble-depth-saw", "only linear layers", "(0.903 against 0.907 and 0.903)", "0.663 against 0.847")
    rows = [row[1:] for row in theory.decimals("ensemble-depth")]
    assert rows[0][0] == rows[0][2]
    assert rows[1][0] == rows[1][2]
    assert rows[2:] == near(np.array([[0.907, 0.903, 0.903], [0.847, 0.847, 0.663]]), 0.0015)


def test_the_ensemble_caption_tells_the_digit(theory):
    theory.states("ensemble-lab-saw", "give digit 1 the same probabilities")
    assert caption(lesson.ensemble_lab()).startswith("Digit 1 is a 5;")


def test_most_of_what_dropout_gains_is_variance(theory):
    theory.states("ensemble-variance", "200 patients drawn from the 300", "142 test patients", "ten times")
    theory.states("ensemble-variance-saw", "322 instead of 1,031", "from 3,783 to 3,475", "most of what dropout gains")
    rows = [re.findall(r"\d+\.?\d*", line) for line in theory.lines("ensemble-variance-run")[::2]]
    assert rows == [["0", "4814", "1031", "3783"], ["0.2", "4345", "627", "3717"], ["0.5", "3797", "322", "3475"]]
    assert 322 / 1031 < 1 / 3
    assert 1031 - 322 > 2 * (3783 - 3475)
    theory.states("end", "most of the fall in squared error was variance")


def test_one_network_with_dropout_is_worth_the_average_of_ten_without(theory):
    theory.states("ensemble-variance-saw", "with dropout is 47.7 points", "without it, 47.5", "dropout reach 45.5")
    errors = [re.findall(r"\d+\.\d", line) for line in theory.lines("ensemble-variance-run")[1::2]]
    assert errors == [["53.8", "47.5"], ["50.7", "47.1"], ["47.7", "45.5"]]


def test_any_two_draws_of_patients_share_many(theory):
    theory.states("ensemble-variance", "Any two draws share many patients")
    draws = [set(benefit.drawn_rows(draw)) for draw in benefit.GUESS_AXES["draw"].tolist()]
    shared = [len(draws[i] & draws[j]) for i in range(10) for j in range(i)]
    assert min(shared) > 120


def test_monte_carlo_lowers_false_confidence(theory):
    theory.states(
        "mc-saw",
        "about 0.8 confident",
        "about 0.7",
        "hardly changes",
        "99 of 100 cases or more",
        "probabilities can still differ",
    )
    learnt, unseen = theory.decimals("mc-run")
    assert learnt == near([0.99, 0.97, 1.0], 0.015)
    assert learnt[2] >= 0.99
    assert unseen[:2] == near([0.82, 0.70], 0.05)


def test_single_digits(theory):
    theory.states(
        "mc-lab-saw", "Nearly all passes agree", "45 of 50 passes call it a 4", "Nearly every pass calls it a 3"
    )
    theory.states("mc-predict", "`model.predict` would not drop")
    lab = lesson.uncertainty_lab()
    assert lab.controls["digit"].label == "unseen: 8 (1)"
    assert "13 of 50 passes choose it. Entropy of the mean: 1.88" in caption(lab)
    lab.controls["digit"].value = (False, 0)
    assert "49 of 50 passes choose it" in caption(lab)
    lab.controls["degrees"].value = 90
    assert "class 4 a probability of 0.88" in caption(lab)
    assert "45 of 50 passes choose it" in caption(lab)
    known = lesson.seen_and_unseen()
    passes = uncertainty.passes_of(lesson.knows_0_to_7(), known.unseen[1], uncertainty.MOST_PASSES)
    assert known.unseen_labels[1] == 8
    assert (passes.argmax(axis=1) == 3).mean() > 0.97
    assert np.log(8) == near(2.08, 0.005)


def test_monte_carlo_ranks_unseen_classes_no_better_than_the_plain_entropy(theory):
    theory.states("mc-limits-saw", "0.93 to 0.97", "differ by 0.005 at most")
    found = np.array([row for row in theory.decimals("mc-limits-run") if len(row) == 2][:4])
    assert len(found) == 4
    assert found.min() == near(0.93, 0.01)
    assert found.max() == near(0.97, 0.01)
    assert abs(found[:, 0] - found[:, 1]).max() < 0.0065


def test_rotated_digits(theory):
    theory.states("mc-rotated-saw", "12 to 15 of 100", "0.94 or more", "by 0.03 to 0.16")
    right, plain, mean = np.array(theory.decimals("mc-rotated")).T
    assert 0.11 < right.min() <= right.max() < 0.16
    assert plain.min() > 0.935
    assert 0.02 < (plain - mean).min() <= (plain - mean).max() < 0.17


def test_batch_normalization_that_is_not_trainable_stays_in_inference(theory):
    theory.states("mc-batchnorm-saw", "`trainable = False` also means inference mode")
    assert [line.split()[-1] for line in theory.lines("mc-batchnorm-run")] == ["True", "False"]


def test_relatives_differ_in_zeros_channels_and_variance(theory):
    theory.states("relatives-saw", "30 % zeros, scattered", "The variance rises to 1.43", "mean *and* variance stay")
    wanted = [[0.3, 0.0, 1.43], [0.3, 0.3, 1.43], [0.0, 0.0, 1.43], [0.0, 0.0, 1.0]]
    assert theory.decimals("relatives-run") == near(np.array(wanted), 0.03)
    theory.states("relatives-gallery-saw", "63 of 240")
    assert "63 of 240 values are 0" in caption(lesson.variants_gallery())

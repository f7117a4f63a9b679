"""The optional notebook: what its text states is what its cells print."""

from __future__ import annotations

import re

import pytest

from tests.lesson_run import LessonRun, run_lesson


@pytest.fixture(scope="module")
def run() -> LessonRun:
    return run_lesson("2-5-batch-normalization", "deeper-statistics")


def test_nothing_fails(run: LessonRun) -> None:
    assert run.outputs("error") == {}


def test_one_call_repairs_the_averages_and_no_weight_changes(run: LessonRun) -> None:
    run.states("recalibrate-seen", "from 7 % to 94 %, and no weight has changed")
    printed = run.printed("recalibrate")
    before, after = (float(n) for n in re.findall(r": +(\d\.\d+)", printed))
    assert before == pytest.approx(0.074, abs=0.06)
    assert after == pytest.approx(0.94, abs=0.02)
    assert "weights as before: True" in printed


def test_small_batches_are_as_the_text_says(run: LessonRun) -> None:
    run.states(
        "small-seen", "With two rows in a batch, batch normalization costs 20 points; with four it still costs a little"
    )
    run.states("small-seen", "From eight rows on it is no loss")
    rows = [re.findall(r"(0\.\d{3}) ±", line) for line in run.printed("small").splitlines()[1:]]
    gains = [float(normalised) - float(plain) for plain, normalised in rows]
    assert gains[0] == pytest.approx(-0.2, abs=0.005)
    assert -0.03 < gains[1] < 0 < min(gains[2:])
    assert gains[-1] > 0.1


def test_a_last_batch_of_one_halves_the_moving_variance(run: LessonRun) -> None:
    run.states("last-seen", "only about half as large as it should be")
    (full, right), (spoilt, should) = (
        tuple(map(float, pair)) for pair in re.findall(r": (\d\.\d+) instead of (\d\.\d+)", run.printed("last"))
    )
    assert full == right
    assert spoilt == pytest.approx(should / 2, rel=0.1)


def test_frozen_statistics_are_better_on_few_rows(run: LessonRun) -> None:
    run.states("frozen-seen", "Frozen is better for each of the three seeds: 0.89 against 0.79 on average")
    frozen, free = ([float(n) for n in re.findall(r"0\.\d{3}", line)] for line in run.printed("frozen").splitlines())
    assert all(one > other for one, other in zip(frozen, free, strict=True))
    assert (frozen[-1], free[-1]) == pytest.approx((0.89, 0.79), abs=0.02)


def test_a_kernel_ten_times_as_large_has_a_tenth_of_the_gradient(run: LessonRun) -> None:
    run.states(
        "scale-seen", "The loss is the same, and the gradient 10 times smaller", "It has no part along the weights"
    )
    printed = run.printed("scale")
    (loss, gradient), (other_loss, smaller) = (
        tuple(map(float, pair)) for pair in re.findall(r"loss (\d\.\d+), gradient (\d\.\d+)", printed)
    )
    assert loss == pytest.approx(other_loss, abs=1e-3)
    assert gradient == pytest.approx(10 * smaller, rel=0.01)
    assert [abs(float(n)) < 1e-4 for n in re.findall(r"along the weights (-?\d\.\d+)", printed)] == [True, True]


def test_layer_normalization_gives_the_same_in_both_modes(run: LessonRun) -> None:
    by_batch, by_layer = run.printed("layer").split("LayerNormalization")
    first, second = (re.findall(r"row 1: (.+)", part) for part in (by_batch, by_layer))
    assert first[0] != first[1]
    assert second[0] == second[1]

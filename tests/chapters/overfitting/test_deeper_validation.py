"""The optional notebook: what its text states is what its cells print."""

from __future__ import annotations

import re

import pytest

from tests.lesson_run import LessonRun, run_lesson


@pytest.fixture(scope="module")
def run() -> LessonRun:
    return run_lesson("2-1-overfitting", "deeper-validation")


def test_random_labels_are_learnt_and_tell_nothing(run: LessonRun) -> None:
    run.states("noise-seen", "after 35 ± 2 epochs instead of 6 ± 1", "test accuracy is 0.10 ± 0.02 then")
    right, at_random = re.findall(r"(\d+) ± (\d+) ", run.printed("noise-epochs"))
    assert (int(right[0]), int(at_random[0])) == (pytest.approx(6, abs=1), pytest.approx(35, abs=3))
    assert int(right[1]) <= 2
    assert int(at_random[1]) <= 4
    printed = run.numbers("noise-epochs")
    assert printed[0::2] == [pytest.approx(0.95, abs=0.02), pytest.approx(0.10, abs=0.03)]
    assert max(printed[1::2]) < 0.05


def test_the_best_of_many_guesses_is_too_good(run: LessonRun) -> None:
    run.states("winner-seen", "on 74 ± 5 % of the rows; with 1,000 rows, on 53 ± 1 %")
    assert run.numbers("winner") == [0.74, 0.05, 0.65, 0.03, 0.61, 0.02, 0.56, 0.01, 0.53, 0.01]


def test_columns_chosen_in_all_rows_leak(run: LessonRun) -> None:
    run.states("leak-seen", "0.91 ± 0.04", "0.51 ± 0.06")
    assert run.numbers("leak") == [0.91, 0.04, 0.51, 0.06]


def test_copies_leak(run: LessonRun) -> None:
    run.states("copies-seen", "the accuracy is 0.99 ± 0.02", "it is 0.53 ± 0.08")
    assert run.numbers("copies") == [0.99, 0.02, 0.53, 0.08]


def test_five_folds_are_steadier_than_one_split(run: LessonRun) -> None:
    run.states("folds-seen", "the validation error is 45.0 ± 3.0 points; with five folds, 44.7 ± 1.1")
    run.states("folds-seen", "a test error of 44.8 points instead of 45.2")
    assert run.numbers("folds") == [45.0, 3.0, 44.7, 1.1, 45.2, 2.2, 44.8, 2.2]


def test_training_once_more_on_all_rows_helps_a_little(run: LessonRun) -> None:
    run.states("folds-seen", "a smaller one for 134 of 200 seeds")
    assert "300 rows have the smaller test error for 134 of 200 seeds" in run.printed("folds")


def test_the_sources_stand_in_the_order_of_the_sections(run: LessonRun) -> None:
    sources = run.prose("short").split("**Sources**")[1]
    named = ["Zhang", "Cawley", "Ambroise", "Stone"]
    assert sorted(named, key=sources.index) == named

"""The optional notebook: what its text states is what its cells print."""

from __future__ import annotations

import re

import pytest

from tests.lesson_run import LessonRun, run_lesson


@pytest.fixture(scope="module")
def run() -> LessonRun:
    return run_lesson("2-1-overfitting", "deeper-validation")


def test_random_labels_are_learnt_and_tell_nothing(run: LessonRun) -> None:
    assert "after 33 epochs instead of 6" in run.prose("noise-seen")
    assert "Its test accuracy is 0.12 then" in run.prose("noise-seen")
    right, at_random = (int(n) for n in re.findall(r"after +(\d+) epochs", run.printed("noise")))
    assert (right, at_random) == (pytest.approx(6, abs=1), pytest.approx(33, abs=3))
    assert run.numbers("noise") == [pytest.approx(0.95, abs=0.02), pytest.approx(0.12, abs=0.03)]


def test_the_best_of_many_guesses_is_too_good(run: LessonRun) -> None:
    assert "on 74 % of the rows; with 1,000 rows, on 53 %" in " ".join(run.prose("winner-seen").split())
    assert run.numbers("winner") == [0.74, 0.65, 0.61, 0.56, 0.53]


def test_columns_chosen_in_all_rows_leak(run: LessonRun) -> None:
    assert "0.91 ± 0.04" in run.prose("leak-seen")
    assert "0.51 ± 0.06" in run.prose("leak-seen")
    assert run.numbers("leak") == [0.91, 0.04, 0.51, 0.06]


def test_copies_leak(run: LessonRun) -> None:
    assert "the accuracy is 0.99" in run.prose("copies-seen")
    assert "it is 0.53" in run.prose("copies-seen")
    assert run.numbers("copies") == [0.99, 0.53]

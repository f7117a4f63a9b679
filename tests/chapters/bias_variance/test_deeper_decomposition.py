"""The optional notebook: what its text states is what its cells print."""

from __future__ import annotations

import pytest

from tests.lesson_run import LessonRun, run_lesson


@pytest.fixture(scope="module")
def run() -> LessonRun:
    return run_lesson("2-2-bias-variance", "deeper-decomposition")


def test_the_third_term_vanishes(run: LessonRun) -> None:
    assert run.numbers("sum")[-1] == 0.0


def test_few_networks_overstate_bias(run: LessonRun) -> None:
    prose = " ".join(run.prose("few-seen").split())
    assert "From 6 networks bias² comes out as 0.057 on average, from 200 as 0.033" in prose
    assert "all three lie between 0.032 and 0.035" in prose
    assert "about 0.02 of their bias² was scatter" in prose
    assert run.numbers("few") == pytest.approx([0.057, 0.035, 0.036, 0.032, 0.033, 0.032], abs=0.003)


def test_wide_networks_scatter_by_their_rows_and_small_ones_by_their_start(run: LessonRun) -> None:
    assert "from the rows (0.27), hardly any from the start (0.02)" in run.prose("start-seen")
    assert "0.03 and 0.16" in run.prose("start-seen")
    assert "after only 10 steps: 0.04 and 0.11" in run.prose("start-seen")
    assert run.numbers("start") == pytest.approx([0.03, 0.16, 0.27, 0.02, 0.04, 0.11], abs=0.03)


def test_averaging_starts_helps_small_networks(run: LessonRun) -> None:
    assert "lowers the error from 0.44 to 0.24" in run.prose("average-seen")
    assert "from 0.29 to 0.27" in run.prose("average-seen")
    assert run.numbers("average") == pytest.approx([0.44, 0.30, 0.24, 0.29, 0.27, 0.27], abs=0.03)


def test_double_descent_is_a_peak_of_variance(run: LessonRun) -> None:
    prose = " ".join(run.prose("descent-seen").split())
    assert "rises to 0.87 at 100 features, falls to about 0.2 at 200, and rises again, to 0.96 at 2,000" in prose
    assert "variance 0.07" in prose
    assert "0.94 at 200 features" in prose
    lines = [line.split() for line in run.printed("descent").splitlines()[1:]]
    found = {(int(p), int(ridge)): [float(n) for n in rest] for p, ridge, *rest in lines}
    accuracies = [found[place][0] for place in ((100, 0), (2000, 0), (200, 3))]
    assert accuracies == pytest.approx([0.87, 0.96, 0.94], abs=0.01)
    assert found[200, 0][0] < 0.4
    assert found[200, 0][2] > 100 * max(found[place][2] for place in ((50, 0), (100, 0), (400, 0), (2000, 0)))
    assert found[2000, 0][2] == pytest.approx(0.07, abs=0.01)

"""The optional notebook: what its text states is what its cells print."""

from __future__ import annotations

import re

import pytest

from tests.lesson_run import LessonRun, run_lesson


@pytest.fixture(scope="module")
def run() -> LessonRun:
    return run_lesson("2-3-norm-penalties", "deeper-decay")


def test_nothing_fails(run: LessonRun) -> None:
    assert run.outputs("error") == {}


def test_l2_is_weight_decay_in_plain_sgd_alone(run: LessonRun) -> None:
    run.states("decay-seen", "the weights lie up to 0.31 apart", "later it has no effect")
    apart = [float(n) for n in re.findall(r"(\d\.\d+) apart", run.printed("decay"))]
    plain, plain_bias, _shrunk, shrunk_bias, momentum = apart[:5]
    assert (plain, plain_bias) == (0.0, 0.0)
    assert shrunk_bias > 0.1
    assert momentum == pytest.approx(0.31, abs=0.02)


def test_adam_shrinks_the_quiet_weight_and_adamw_both(run: LessonRun) -> None:
    run.states("adam-intro", "to 0.905 after 1,000 steps")
    run.states("adam-seen", "the noisy weight (0.98)", "the quiet one (0.46)", "AdamW shrinks both to about 0.9")
    assert pytest.approx(0.905, abs=0.0005) == 0.9999**1000
    means = [float(n) for n in re.findall(r"(\d\.\d\d) ±", run.printed("adam-run"))]
    assert means == pytest.approx([0.98, 0.46, 0.90, 0.91], abs=0.005)


def test_adamw_shrinks_the_bias(run: LessonRun) -> None:
    run.states("adam-bias-seen", "10 became 9.5")
    assert run.printed("adam-bias") == "weight 0.95, bias 9.50\n"


def test_a_second_fit_helps_where_few_useless_sensors_are_left(run: LessonRun) -> None:
    run.states("shrink-seen", "At 0.2 the second fit is worse: 12 of the 18", "At 0.5 and 0.8 it is better")
    rows = [[float(n) for n in line.split()] for line in run.printed("shrink").splitlines()[1:]]
    assert [[row[0], *row[2:]] for row in rows] == [[0.2, 1.33, 1.68], [0.5, 1.62, 1.28], [0.8, 2.24, 1.31]]
    assert rows[0][1] == pytest.approx(18, abs=0.5)


def test_l2_shares_between_twins_and_l1_mostly_picks_one(run: LessonRun) -> None:
    by_name = {
        line[:10].strip(): [tuple(map(float, pair.split())) for pair in line[10:].split("|")]
        for line in run.printed("twins").splitlines()
    }
    assert any(min(pair) < -1 for pair in by_name["none"])
    assert all(sum(pair) == pytest.approx(2, abs=0.4) for pair in by_name["none"])
    assert all(abs(one - other) < 0.1 for one, other in by_name["L2 of 0.1"])
    assert sum(min(map(abs, pair)) == 0 for pair in by_name["L1 of 0.2"]) >= 3


def test_a_limit_is_no_price(run: LessonRun) -> None:
    run.states("limit-seen", "The weights 3 and −4, of length 5, are now 0.6 and −0.8")
    assert run.printed("limit") == "weights: [ 0.6 -0.8]  bias: [10.]\npenalties in the loss: []\n"

"""What lateness costs: by the day or hour begun, never more than is allowed or earned, nothing within the grace."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.rules.late import LateRule

HOUR, DAY = 3600, 86_400
TEN_A_DAY = LateRule(10, "day", at_most_percent=50, grace_minutes=15)


@pytest.mark.parametrize(
    ("late", "costs"),
    [(0, 0), (1, 0), (15 * 60, 0), (15 * 60 + 1, 1), (DAY, 1), (DAY + 1, 2), (5 * DAY, 5), (100 * DAY, 5)],
)
def test_ten_percent_a_day_of_ten_points_is_half_at_most(late: float, costs: float) -> None:
    assert TEN_A_DAY.penalty(10, late) == costs


def test_hours_count_as_they_begin_also_those_within_the_grace() -> None:
    rule = LateRule(1, "hour", grace_minutes=90)
    assert [rule.penalty(100, late) for late in (HOUR, 1.5 * HOUR, 1.5 * HOUR + 1, 2 * HOUR + 1)] == [0, 0, 2, 3]


def test_points_off_are_cents_and_exact() -> None:
    assert LateRule(10, "day").penalty(22.59, 1) == 2.25
    assert LateRule(30, "day").penalty(0.1, 1) == 0.03
    assert LateRule(100, "day").penalty(6.4, 1) == 6.4


rules = st.builds(
    LateRule, st.floats(0, 100), st.sampled_from(("day", "hour")), st.floats(0, 100), st.floats(0, 10_000)
)


@given(rules, st.integers(0, 5000), st.floats(0, 1e7), st.floats(0, 1e7))
def test_later_never_costs_less_and_no_more_than_is_allowed(
    rule: LateRule, cents: int, late: float, later: float
) -> None:
    score = cents / 100
    less, more = sorted((late, later))
    penalty = rule.penalty(score, more)
    assert 0 <= rule.penalty(score, less) <= penalty <= score
    assert Fraction(penalty) <= Fraction(score) * Fraction(rule.at_most_percent) / 100 + Fraction(1, 10**6)

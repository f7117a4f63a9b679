"""A judge's table: what passes, what is said, which misconception is named, and what a wrong shape costs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from course.exercises.base import Case
from course.exercises.judging import Line, TableJudge, Untouched, criterion
from course.exercises.numerics import fitting
from course.lessons.metrics import softmax
from course.verdict import Finding

X = np.array([[1.0, 2.0], [3.0, 4.0]])
RIGHT = 2 * X
MISTAKES = {"squared": X**2, "tripled": 3 * X}


class DoubleJudge(TableJudge):
    """Twice x, and x as it was; one finding is coded."""

    def lines(self, case: Case, values: Mapping[str, Any]) -> Sequence[Line | Untouched | Finding]:
        return [
            Line(
                "twice x",
                3,
                value="y",
                right=RIGHT,
                mistakes=MISTAKES,
                given="For x = {x}.\n",
                beside={"x": X},
                thought="How much is twice?",
            ),
            Untouched("x is not modified", 1, "x has changed.", before={"x": X}, misconception="writes_into_x"),
            criterion(values.get("n") == 1, "called once", "Called again."),
        ]


def judged(y: object, x_after: object = X, n: int = 1) -> list[Finding]:
    return DoubleJudge().judge(Case("x", {}), {"y": y, "x_after": x_after, "n": n})


def test_a_right_answer_passes_each_line_with_its_weight() -> None:
    findings = judged(RIGHT)
    assert [(finding.passed, finding.label, finding.weight) for finding in findings] == [
        (True, "twice x", 3),
        (True, "x is not modified", 1),
        (True, "called once", 1),
    ]


def test_the_mistake_that_alone_fits_is_named() -> None:
    assert judged(3 * X)[0].misconception == "tripled"
    assert judged(7 * X)[0].misconception is None
    assert fitting(4.0, {"one": np.asarray(4.0), "other": np.asarray(4.0)}, 0, 1e-6) is None
    assert fitting(4.0, {"one": np.asarray(4.0)}, 0, 1e-6, unnamed=[np.asarray(4.0)]) is None


@pytest.mark.parametrize("came", [None, "4", [None], {"a": 4.0}])
def test_what_is_no_number_fits_nothing(came: object) -> None:
    assert fitting(came, {"one": np.asarray(4.0)}, 0, 1e-6) is None


def test_the_message_shows_the_first_wrong_row_beside_what_was_given() -> None:
    y = RIGHT.copy()
    y[1, 0] = 9.0
    assert judged(y)[0].told == "For x = [3, 4].\nCame back:  ✘ 9  8\nExpected:     6  8\nHow much is twice?"


def test_a_line_of_some_places_judges_and_shows_these_alone() -> None:
    line = Line("odd x", 1, "y", RIGHT, "And these?", places=X % 2 == 1)
    wrong_elsewhere = np.array([[2.0, 0.0], [6.0, 0.0]])
    assert line.judged({"y": wrong_elsewhere}).passed
    assert "Came back:  0  0\nExpected:   2  6" in line.judged({"y": 0 * X}).told


@pytest.mark.parametrize("y", [None, "8", X[0], np.array([[1.0, np.nan], [3.0, 4.0]])])
def test_a_value_of_another_kind_costs_its_own_line_alone(y: object) -> None:
    findings = judged(y)
    assert [finding.passed for finding in findings] == [False, True, True]
    assert findings[0].weight == 3
    assert findings[0].told


def test_nan_may_be_a_wrong_number_like_others() -> None:
    line = Line("twice x", 1, "y", RIGHT, "How much is twice?", finite=False)
    assert "Came back:  ✘ nan  4" in line.judged({"y": np.array([[np.nan, 4.0], [6.0, 8.0]])}).told


def test_an_input_that_was_written_into_is_told() -> None:
    assert judged(RIGHT, x_after=X + 1)[1].misconception == "writes_into_x"


def test_half_precision_may_lie_further() -> None:
    third = Line("a third", 1, "y", np.full(3, 1 / 3), "", rtol=1e-5)
    assert third.judged({"y": np.full(3, 1 / 3, np.float16)}).passed
    assert not third.judged({"y": np.full(3, np.float64(np.float16(1 / 3)))}).passed


def test_softmax_sums_to_one_and_does_not_overflow() -> None:
    assert softmax(np.array([[1000.0, 1000.0], [0.0, np.log(3.0)]])) == pytest.approx(
        np.array([[0.5, 0.5], [0.25, 0.75]])
    )

"""What every exercise shares: attempts told apart, points shared out, faults told at the learner's own line."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pytest

from course.errors import CourseError, UsageError
from course.exercises.base import (
    Case,
    ContractBroken,
    Exercise,
    Judge,
    Observation,
    Transcript,
    judge_transcript,
)
from course.exercises.check import check_candidate, check_in_notebook
from course.exercises.judging import refusals
from course.exercises.numerics import array_value, same
from course.exercises.observe import error_raised, is_stub, observe_exercise
from course.exercises.registry import find_exercise
from course.verdict import Finding, Verdict


class Double(Exercise):
    """double(x) -> 2 x, for x of shape (3,)."""

    entry = "double"
    points = 2.0

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for number in range(4):
            yield Case(f"x number {number}", {"x": rng.normal(size=3), "number": number})

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Any]:
        return {"y": candidate(case.inputs["x"].copy())}


class DoubleJudge(Judge):
    def judge(self, case: Case, values: Mapping[str, Any]) -> list[Finding]:
        y = array_value(values, "y", (3,))
        return [
            Finding(bool(np.allclose(y, 2 * case.inputs["x"])), "twice x", "not twice", 3.0, "not_twice"),
            Finding(True, "has the shape of x"),
        ]


def verdict(candidate: object, seed: int = 1) -> Any:
    exercise = Double()
    return judge_transcript(exercise, DoubleJudge(), seed, observe_exercise(exercise, candidate, seed))


def test_a_right_answer_gets_all_points() -> None:
    result = verdict(lambda x: x + x)
    assert (result.status, result.score) == ("passed", 2.0)
    assert repr(result) == "2"


def test_a_wrong_answer_gets_its_share_and_its_name() -> None:
    result = verdict(lambda x: x * 3)
    assert (result.status, result.score) == ("partial", 0.5)
    assert result.misconceptions == ["not_twice"]
    assert "x number 0" in result.findings[0].message


def stub(x: object) -> None:
    """Return twice x."""
    # YOUR CODE HERE


def test_a_stub_is_not_attempted_and_neither_is_a_missing_function() -> None:
    assert is_stub(stub)
    assert verdict(stub).status == "not attempted"
    assert verdict(None).status == "not attempted"
    assert "no function double" in verdict(None).reason


def test_a_forgotten_return_is_wrong_not_unattempted() -> None:
    def forgot(x: np.ndarray) -> None:
        x * 2

    assert verdict(forgot).status == "failed"


def test_an_exception_is_told_with_its_own_line() -> None:
    def broken(x: np.ndarray) -> np.ndarray:
        return x * undefined_name  # noqa: F821

    result = verdict(broken)
    assert result.score == 0
    assert "NameError" in result.findings[-1].message
    assert "return x * undefined_name" in result.findings[-1].message


def test_a_fault_between_two_lines_is_told_without_a_line() -> None:
    def broken(x: np.ndarray) -> np.ndarray:
        raise ValueError("no")

    broken.__code__ = broken.__code__.replace(co_linetable=b"")  # as Python has it where an alarm strikes at times
    result = verdict(broken)
    assert result.score == 0
    assert "double raised ValueError: no" in result.findings[-1].message


def test_raising_in_one_case_of_four_costs_a_quarter() -> None:
    calls = []

    def sometimes(x: np.ndarray) -> np.ndarray:
        calls.append(x)
        if len(calls) == 2:
            raise ValueError("no")
        return x * 2

    assert verdict(sometimes).score == pytest.approx(1.5)


def test_a_wrong_shape_is_told_with_what_was_expected() -> None:
    result = verdict(lambda x: np.append(x, 1))
    assert result.score == 0
    assert "(3,)" in result.findings[-1].message
    assert "(4,)" in result.findings[-1].message


@pytest.mark.parametrize("value", ["text", [1, 2, 3], {"a": 1}, None, np.array([1.0, np.nan, 2.0])])
def test_values_that_are_no_finite_array_break_the_contract(value: object) -> None:
    with pytest.raises(ContractBroken):
        array_value({"y": value}, "y", (3,))  # type: ignore[dict-item]


@pytest.mark.parametrize("raised", [None, [], "ValueError", [np.zeros(0), ""], [None, ""], [["ValueError"], ""]])
def test_what_is_no_list_of_errors_breaks_the_contract(raised: Any) -> None:
    with pytest.raises(ContractBroken):
        refusals("refused", {"raised": raised}, "raised", ["f(0)", "f(1)"])


@pytest.mark.parametrize("value", [2.5, np.float32(2.5), np.array([2.5]), np.array([[2.5]])])
def test_where_a_number_is_asked_an_array_of_one_number_will_do(value: Any) -> None:
    assert array_value({"b": value}, "b", ()).shape == ()
    assert array_value({"b": value}, "b", ()) == 2.5


@pytest.mark.parametrize(
    ("value", "told"),
    [(np.ones(3), "b should be one number, but has shape (3,)."), ([2.5], "b should be one number.")],
)
def test_where_a_number_is_asked_the_message_does_not_speak_of_an_empty_shape(value: Any, told: str) -> None:
    with pytest.raises(ContractBroken) as caught:
        array_value({"b": value}, "b", ())
    assert str(caught.value) == told


def _raising(error: Exception) -> Callable[..., Any]:
    def raises() -> None:
        raise error

    return raises


class _OutOfRange(ValueError):
    """As a learner may define it."""


def test_an_error_made_from_value_error_is_one() -> None:
    assert error_raised(_raising(_OutOfRange())) == error_raised(_raising(np.linalg.LinAlgError())) == "ValueError"
    assert error_raised(_raising(TypeError())) == "TypeError"
    assert error_raised(lambda: 0) == ""


def test_observations_that_do_not_fit_the_cases_are_refused() -> None:
    result = judge_transcript(Double(), DoubleJudge(), 1, Transcript("attempted", (Observation({"y": 1.0}),)))
    assert (result.status, result.score, result.is_open) == ("error", None, True)


def test_answers_for_another_seed_do_not_pass() -> None:
    transcript = observe_exercise(Double(), lambda x: 2 * x, seed=1)
    assert judge_transcript(Double(), DoubleJudge(), 2, transcript).status == "partial"


def test_writing_to_stderr_inside_the_function_stays_off_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    import warnings

    def noisy(x: np.ndarray) -> np.ndarray:
        warnings.warn("careful", stacklevel=1)
        return 2 * x

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert verdict(noisy).status == "passed"
    assert capsys.readouterr().err == ""


def test_an_unknown_exercise_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="standardise"):
        find_exercise("no_such_exercise")
    with pytest.raises(UsageError):
        check_candidate("no_such_exercise", {}, 1)


def test_a_judge_that_trips_is_an_error_in_the_notebook_and_never_points(monkeypatch: pytest.MonkeyPatch) -> None:
    def trip(*_arguments: object) -> None:
        raise ZeroDivisionError("no rows")

    monkeypatch.setattr("course.exercises.check.judge_transcript", trip)
    monkeypatch.setattr("course.exercises.check.notebook_namespace", lambda: {"first_peak": lambda results, tol: 0.5})
    with pytest.raises(CourseError, match=r"first_peak could not be judged.*not of your answer.*no rows"):
        check_in_notebook("first_peak")


def test_the_report_shows_names_as_code() -> None:
    finding = Finding(False, "draws from `rng`", "`a < b` is\n`left` open", 1)
    shown = Verdict("f", 0.0, 1.0, "failed", (finding,))._repr_html_()
    assert "draws from <code>rng</code>" in shown
    assert "<code>a &lt; b</code> is<br><code>left</code> open" in shown


def test_the_report_escapes_what_the_learner_wrote() -> None:
    def hostile(x: np.ndarray) -> np.ndarray:
        raise ValueError("<script>alert(1)</script>")

    shown = verdict(hostile)._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize(
    "came", [[[2, 3], "a"], [[2, 3], "b", None], [[2, np.zeros(2)], "b"], [np.array([2, 3]), "b"], None]
)
def test_plain_values_are_the_same_only_if_nothing_differs(came: object) -> None:
    assert same([[2, 3], "b"], [[2, 3], "b"])
    assert not same(came, [[2, 3], "b"])


@pytest.mark.parametrize("came", [True, 1.0, np.int64(1), np.ones(3), "1", [1]])
def test_a_number_is_the_same_only_in_its_own_type(came: object) -> None:
    assert not same(came, 1)

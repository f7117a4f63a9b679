"""Hints come one at a time, on request, and cost nothing."""

from collections.abc import Iterator

import pytest

import course
from course.errors import UsageError
from course.exercises.hints import Hint, forget_hints, next_hint
from course.exercises.registry import find_exercise


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    forget_hints()
    yield
    forget_hints()


def test_each_request_shows_the_next_hint_and_then_all_of_them() -> None:
    hints = list(find_exercise("first_peak")[1].hints())
    for number, text in enumerate(hints, start=1):
        shown = course.check("first_peak", hint=True)
        assert isinstance(shown, Hint)
        assert shown.texts == (text,)
        assert f"Hint {number} of {len(hints)} for first_peak" in repr(shown)
        assert ("That was the last hint." in repr(shown)) == (number == len(hints))
    again = course.check("first_peak", hint=True)
    assert all(text in repr(again) for text in hints)


def test_exercises_count_their_hints_apart() -> None:
    next_hint("first_peak")
    assert next_hint("running_sum").number == 1


def test_a_hint_is_text_and_escaped_html() -> None:
    page = Hint("f", ("1 < 2 & `x`",), 1, 2)._repr_html_()
    assert "<p>1 &lt; 2 &amp; <code>x</code></p>" in page
    assert Hint("f", ("1 < 2",), 1, 2).__repr__() == "Hint 1 of 2 for f\n1 < 2"


def test_an_exercise_without_hints_says_so() -> None:
    assert repr(Hint("f", (), 1, 0)) == "f has no hints."


def test_an_unknown_exercise_has_no_hint() -> None:
    with pytest.raises(UsageError, match="first_peak"):
        next_hint("no_such_exercise")

"""What answers are accepted and what they are worth, for each kind; and that a keyless quiz holds no key."""

import itertools
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.quiz.model import Quiz, keyless, sheet_of
from course.quiz.questions import MultipleQuestion, Tolerance, read_number
from course.quiz.view import as_kept, fits
from tests.platform.quiz.conftest import SLUG, sample_data

QUIZ = Quiz.model_validate({**sample_data(), "slug": SLUG})
COLOUR, PRIMES, HALF, STEPS = QUIZ.questions
RULES = ("all-or-nothing", "per-option", "per-option-with-penalty")


def responses() -> st.SearchStrategy[str | tuple[str, ...]]:
    names = st.sampled_from(["blue", "green", "two", "three", "four", "nine", "first", "second", "third", "3.75", "x"])
    return st.one_of(st.text(max_size=20), names, st.lists(names, max_size=6).map(tuple))


@given(responses())
def test_what_is_accepted_has_a_credit_and_a_reply(response: str | tuple[str, ...]) -> None:
    for question in QUIZ.questions:
        if question.accepts(response):
            assert 0 <= question.credit(response) <= 1
            assert question.replies(response)
            assert (question.credit(response) == 1) <= all(r.right for r in question.replies(response))


@given(responses())
def test_what_the_key_accepts_fits_the_sheet(response: str | tuple[str, ...]) -> None:
    for question, sheet in zip(QUIZ.questions, sheet_of(QUIZ).questions, strict=True):
        assert question.accepts(response) <= fits(sheet, response)


@pytest.mark.parametrize("rule", RULES)
def test_only_the_exact_choice_gets_all_of_the_credit(rule: str) -> None:
    assert isinstance(PRIMES, MultipleQuestion)
    question = PRIMES.model_copy(update={"rule": rule})
    names = [option.id for option in question.options]
    full = [
        chosen for size in range(1, 5) for chosen in itertools.combinations(names, size) if question.credit(chosen) == 1
    ]
    assert full == [("two", "three")]


@pytest.mark.parametrize(
    ("rule", "chosen", "credit"),
    [
        ("all-or-nothing", ("two",), 0),
        ("per-option", ("two",), 0.75),
        ("per-option", ("four", "nine"), 0),
        ("per-option-with-penalty", ("two",), 0.5),
        ("per-option-with-penalty", ("two", "three", "four"), 0.5),
        ("per-option-with-penalty", ("two", "four", "nine"), 0),
        ("per-option-with-penalty", ("two", "three", "four", "nine"), 0),
    ],
)
def test_partial_credit_follows_the_named_rule(rule: str, chosen: tuple[str, ...], credit: float) -> None:
    assert isinstance(PRIMES, MultipleQuestion)
    assert PRIMES.model_copy(update={"rule": rule}).credit(chosen) == credit


@pytest.mark.parametrize("text", ["3.75", "3,75", " 3.75 ", "+3,75", "3.75 kg", "3,75kg", "375e-2", "3.749"])
def test_a_number_may_be_written_in_many_ways(text: str) -> None:
    assert HALF.accepts(text)
    assert HALF.credit(text) == 1


@pytest.mark.parametrize("text", ["", "abc", "3.7.5", "1,000.5", "nan", "inf", "0x3", "1e999", "3.75 m", "٣", "1 2"])
def test_what_is_no_number_is_not_accepted(text: str) -> None:
    assert not HALF.accepts(text)


@given(st.floats(-1e9, 1e9), st.sampled_from([".", ","]))
def test_numbers_are_read_as_they_are_meant(value: float, mark: str) -> None:
    written = f"{value:.6f}".replace(".", mark)
    assert read_number(written) == pytest.approx(value, abs=1e-5)


@given(st.text())
def test_no_text_reads_as_an_endless_number(text: str) -> None:
    number = read_number(text)
    assert number is None or math.isfinite(number)


def test_a_unit_is_not_kept_as_it_differs_between_languages() -> None:
    sheet = sheet_of(QUIZ).questions[2]
    assert as_kept(sheet, " 3,75 kg ") == "3,75"
    assert as_kept(sheet_of(QUIZ).questions[1], ("two", "three")) == ("three", "two")


def test_a_relative_tolerance_grows_with_the_value() -> None:
    tolerance = Tolerance(relative=0.01)
    assert tolerance.covers(1009, 1000)
    assert not tolerance.covers(10.2, 10)


def test_a_near_miss_names_its_misconception() -> None:
    assert HALF.replies("15")[0].misconception == "swapped"
    assert HALF.replies("99")[0].text == "Divide by two."


def test_order_gives_credit_for_places_and_names_a_mistake() -> None:
    assert STEPS.credit(("first", "second", "third")) == 1
    assert STEPS.credit(("first", "third", "second")) == pytest.approx(1 / 3)
    assert STEPS.replies(("third", "second", "first"))[0].misconception == "swapped"
    assert not STEPS.accepts(("first", "second"))
    assert not STEPS.accepts(("first", "first", "third"))


def test_a_wrong_choice_does_not_give_the_others_away() -> None:
    assert [reply.about for reply in PRIMES.replies(("two", "four"))] == ["two", "four"]
    assert len(PRIMES.replies(("two", "three"))) == 4


def test_a_keyless_quiz_holds_no_key() -> None:
    data = keyless(QUIZ)
    text = json.dumps(data)
    for secret in ("correct", "explanation", "misconception", "hint", "3.75", "swapped", "scatter", "tolerance"):
        assert secret not in text
    kept = [option["id"] for option in data["parts"][0]["questions"][0]["options"]]
    assert sorted(kept) == ["blue", "green", "red"]


@given(st.permutations(["first", "second", "third"]))
def test_a_keyless_order_does_not_depend_on_the_author(names: list[str]) -> None:
    items = {item.id: item for item in STEPS.items}
    shuffled = STEPS.model_copy(update={"items": tuple(items[name] for name in names)})
    part = QUIZ.parts[1].model_copy(update={"questions": (HALF, shuffled)})
    other = QUIZ.model_copy(update={"parts": (QUIZ.parts[0], part)})
    assert keyless(other) == keyless(QUIZ)

"""Points come from the key and from which options were chosen, and from nothing else in the learner's file."""

import json
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.catalog import Catalog
from course.quiz.model import Quiz
from course.quiz.record import (
    ANSWERS_FILE,
    Answer,
    AnswersFile,
    QuizAnswers,
    Recorder,
    Response,
    parse_answers,
    read_answers,
)
from course.quiz.scoring import counting_answer, score_answers, score_quiz
from course.storage.json_file import BrokenFile
from tests.platform.quiz.conftest import SLUG, sample_data

QUIZ = Quiz.model_validate({**sample_data(), "slug": SLUG})
START = datetime(2026, 1, 1, tzinfo=UTC)
TIME = "2026-01-01T00:00:00+00:00"


def record(*responses: Any) -> dict[str, Any]:
    given_answers = [{"response": r, "time": f"2026-01-01T00:00:{i:02}+00:00"} for i, r in enumerate(responses)]
    return {
        "attempts": len(responses),
        "first": given_answers[0],
        "between": given_answers[1:-1],
        "latest": given_answers[-1],
    }


def file(**records: Any) -> dict[str, Any]:
    return {"version": 1, "quizzes": {SLUG: {"answers": records, "predictions": {}}}}


def score(data: Any, quiz: Quiz = QUIZ) -> float:
    return score_answers(quiz, parse_answers(data), 2.0).score or 0.0


def test_honest_answers_get_their_points(tmp_path: Path, sample_catalog: Catalog) -> None:
    recorder = Recorder(tmp_path, SLUG)
    recorder.record("answers", "colour", "blue")
    recorder.record("answers", "primes", ("two",))
    verdict = score_quiz(SLUG, tmp_path, 2.0, sample_catalog)
    assert (verdict.name, verdict.score, verdict.max_score, verdict.status) == ("quiz", 1.5, 2.0, "partial")
    assert [finding.passed for finding in verdict.findings] == [True, False]
    assert "Partly right (50 %)" in verdict.findings[1].message


def test_a_wrong_answer_names_its_misconception(tmp_path: Path, sample_catalog: Catalog) -> None:
    Recorder(tmp_path, SLUG).record("answers", "colour", "green")
    verdict = score_quiz(SLUG, tmp_path, 2.0, sample_catalog)
    assert verdict.status == "failed"
    assert verdict.misconceptions == ["swapped"]
    assert verdict.findings[0].label == "Colour"
    assert verdict.findings[0].message == "That is grass."


def test_no_file_and_no_answer_that_counts_are_not_attempted(tmp_path: Path, sample_catalog: Catalog) -> None:
    assert score_quiz(SLUG, tmp_path, 2.0, sample_catalog).status == "not attempted"
    recorder = Recorder(tmp_path, SLUG)
    recorder.record("answers", "half", "3.75")
    recorder.record("predictions", "colour", "blue")
    verdict = score_quiz(SLUG, tmp_path, 2.0, sample_catalog)
    assert (verdict.status, verdict.score) == ("not attempted", 0.0)


@pytest.mark.parametrize(("counts", "points"), [("first", 0), ("latest", 0), ("best", 1)])
def test_the_answer_that_counts_is_the_one_that_the_quiz_names(counts: str, points: float) -> None:
    quiz = QUIZ.model_copy(update={"counts": counts})
    assert score(file(colour=record("red", "blue", "green")), quiz) == points


def test_answers_beyond_the_attempts_allowed_do_not_count() -> None:
    quiz = QUIZ.model_copy(update={"attempts": 2})
    assert score(file(colour=record("red", "green", "blue")), quiz) == 0
    assert score(file(colour=record("red", "blue", "green")), quiz) == 1


def test_a_changed_key_is_regraded() -> None:
    colour = QUIZ.questions[0]
    options = [option.model_copy(update={"correct": option.id == "green"}) for option in colour.options]
    part = QUIZ.parts[0].model_copy(update={"questions": (colour.model_copy(update={"options": tuple(options)}),)})
    changed = QUIZ.model_copy(update={"parts": (part,)})
    assert score(file(colour=record("green")), changed) == 2
    assert score(file(colour=record("green"))) == 0


def test_a_quiz_edited_after_the_answers_grades_them_by_the_new_key(
    tmp_path: Path, sample_catalog: Catalog, rewrite: Callable[[str, str], None]
) -> None:
    recorder = Recorder(tmp_path, SLUG)
    recorder.record("answers", "colour", "green")
    recorder.record("answers", "primes", ("three", "two"))
    assert score_quiz(SLUG, tmp_path, 2.0, sample_catalog).score == 1
    rewrite("text: Blue, correct: true,", "text: Blue, misconception: swapped,")
    rewrite("text: Green, misconception: swapped,", "text: Green, correct: true,")
    assert score_quiz(SLUG, tmp_path, 2.0, sample_catalog).score == 2
    rewrite("id: green", "id: emerald")
    edited = score_quiz(SLUG, tmp_path, 2.0, sample_catalog)
    assert (edited.score, edited.findings[0].message) == (1, "The answer is none of this question's options.")
    rewrite("id: primes", "id: prime-numbers")
    edited = score_quiz(SLUG, tmp_path, 2.0, sample_catalog)
    assert edited.score == 0
    assert edited.findings[1].message == "Not answered."
    assert edited.findings[-1].message.endswith("were ignored: primes.")
    kept = read_answers(tmp_path).quiz(SLUG).answers
    assert (kept["colour"].latest.response, kept["primes"].latest.response) == ("green", ("three", "two"))


def test_a_removed_question_is_told() -> None:
    verdict = score_answers(QUIZ, parse_answers(file(colour=record("blue"), gone=record("x"))), 2.0)
    assert any("gone" in finding.message and finding.weight == 0 for finding in verdict.findings)
    assert verdict.score == 1


FORGED_RECORDS = {
    "score inside": {**record("red"), "score": 2, "points": 2, "credit": 1.0, "correct": True},
    "weight inside": {**record("red"), "weight": 1000},
    "response of a wrong type": record({"correct": True}),
    "response a number": record(1),
    "response null": record(None),
    "response nested": record([["two", "three"]]),
    "code": record("__import__('os').system('true')"),
    "template": record("{{7*7}}${7*7}"),
    "attempts negative": {**record("blue"), "attempts": -1},
    "attempts true": {**record("blue"), "attempts": True},
    "attempts endless": {**record("blue"), "attempts": 10**30},
    "time without zone": {**record("blue"), "latest": {"response": "blue", "time": "2026-01-01T00:00:00"}},
    "time of a wrong type": {**record("blue"), "latest": {"response": "blue", "time": 5}},
    "no first": {"attempts": 1, "latest": {"response": "blue", "time": TIME}},
    "a list": [],
    "text": "blue",
    "everything ticked": record(["blue", "green", "red"]),
    "right id twice": record(["blue", "blue"]),
    "very many": {**record("red"), "between": [{"response": "blue", "time": TIME}] * 5000},
}


@pytest.mark.parametrize("name", FORGED_RECORDS)
def test_a_forged_record_earns_nothing(name: str) -> None:
    data = file(colour=FORGED_RECORDS[name])
    verdict = score_answers(QUIZ, parse_answers(data), 2.0)
    assert verdict.score == 0
    assert verdict.status in {"failed", "not attempted"}
    assert all(finding.message for finding in verdict.findings)


FORGED_FILES: dict[str, bytes] = {
    "NaN": b'{"version": 1, "quizzes": {"1-1-sample": {"answers": {"colour": {"attempts": NaN}}}}}',
    "Infinity": b'{"version": 1, "score": Infinity, "quizzes": {}}',
    "1e999": b'{"version": 1, "score": 1e999, "quizzes": {}}',
    "large": b'{"version": 1, "quizzes": {}, "x": "' + b"x" * 100_000_000 + b'"}',
    "deep": b'{"version": 1, "quizzes": ' + b"[" * 400_000 + b"]" * 400_000 + b"}",
    "deep within the cap": b'{"a":' * 150_000 + b"1" + b"}" * 150_000,
    "keys twice": json.dumps(file(colour=record("red"))).encode()[:-1] + b', "version": 1}',
    "long number": b'{"version": 1, "quizzes": {}, "n": ' + b"9" * 20_000 + b"}",
    "not text": bytes(range(256)),
    "nothing": b"",
    "a list": b"[1, 2]",
    "null": b"null",
    "slug of a wrong type": b'{"version": 1, "quizzes": {"1-1-sample": [1]}}',
    "quizzes of a wrong type": b'{"version": 1, "quizzes": 5}',
    "very long number": b'{"version": 1, "quizzes": {}, "n": ' + b"9" * 500_000 + b".0}",
    "half a character in a response": json.dumps(file(colour=record("\ud800"))).encode(),
    "half a character": b'{"version": 1, "quizzes": {"1-1-sample": {"answers": {"\\ud800": {}}}}}',
    "pickle": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94.",
}


@pytest.mark.parametrize("name", FORGED_FILES)
def test_a_file_that_cannot_be_read_gets_a_reason_no_points_and_no_zero(
    name: str, tmp_path: Path, sample_catalog: Catalog
) -> None:
    (tmp_path / ANSWERS_FILE).write_bytes(FORGED_FILES[name])
    verdict = score_quiz(SLUG, tmp_path, 2.0, sample_catalog)
    readable = name in {"slug of a wrong type", "null"}  # nothing in it for this quiz
    assert (verdict.score, verdict.status) == ((0.0, "not attempted") if readable else (None, "error"))
    assert 0 < len(verdict.reason) < 300
    (json.dumps(verdict.as_json(), ensure_ascii=False) + verdict._repr_html_()).encode("utf-8")


def test_names_from_the_file_are_told_short_and_harmless() -> None:
    names = {"\x1b[31mred\x07": record("x"), "<script>alert(1)</script>" * 50: record("x"), "two\nlines": {}}
    verdict = score_answers(QUIZ, parse_answers(file(**names)), 2.0)
    told = "".join(finding.message for finding in verdict.findings)
    assert told.isprintable()
    assert len(told) < 500
    assert "<script>" not in verdict._repr_html_()


def _link(path: Path) -> None:
    target = path.with_name("other.json")
    target.write_text(json.dumps(file(colour=record("blue"))))
    path.symlink_to(target)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.mkdir()


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [_link, _pipe, _folder, _device])
def test_only_a_regular_file_is_read(make: Callable[[Path], None], tmp_path: Path, sample_catalog: Catalog) -> None:
    make(tmp_path / ANSWERS_FILE)
    verdict = score_quiz(SLUG, tmp_path, 2.0, sample_catalog)
    assert (verdict.score, verdict.status) == (None, "error")
    assert "not a regular file" in verdict.reason


JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.sampled_from(["blue", "two", TIME])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(st.text(max_size=8), st.sampled_from(["first", "latest", "response", "time"])), inner
        ),
    ),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_any_value_is_judged_without_an_error(value: Any) -> None:
    for data in (value, file(colour=value), {"version": 1, "quizzes": {SLUG: value}}):
        try:
            stored = parse_answers(data)
        except BrokenFile:
            continue
        verdict = score_answers(QUIZ, stored, 2.0)
        assert 0 <= (verdict.score or 0) <= 2


LONG_WAYS: dict[str, list[Response]] = {
    "colour": ["blue", "green", "red"],
    "primes": [("two",), ("three",), ("four", "nine"), ("three", "two"), ("four", "two")],
    "half": ["3,75", "15", "4", "0", "1e1"],
    "steps": [("first", "second", "third"), ("third", "second", "first"), ("second", "first", "third")],
}


@settings(max_examples=30)
@given(st.sampled_from(sorted(LONG_WAYS)), st.integers(0, 2**32), st.integers(1, 300), st.data())
def test_the_best_answer_counts_whenever_it_was_given(name: str, seed: int, often: int, data: st.DataObject) -> None:
    """Any number of other answers before and after it: through the file and back, the best is still found."""
    quiz = QUIZ.model_copy(update={"counts": "best"})
    question = quiz.question(name)
    assert question is not None
    several = data.draw(st.lists(st.sampled_from(LONG_WAYS[name]), min_size=1, max_size=5))
    responses = random.Random(seed).choices(several, k=often)
    answers = QuizAnswers()
    for i, response in enumerate(responses):
        answers = answers.plus("answers", name, Answer(START + timedelta(seconds=i), response))
    stored = parse_answers(json.loads(json.dumps(AnswersFile({SLUG: answers}).as_json())))
    counted = counting_answer(quiz, question, stored.quiz(SLUG).answers[name])
    assert counted is not None
    assert question.credit(counted.response) == max(question.credit(response) for response in responses)


OPTIONS = st.sampled_from(["blue", "green", "red", "two", "three", "four", "nine", "other"])
ANSWER = st.one_of(OPTIONS, st.lists(OPTIONS, min_size=1, max_size=5))


@given(
    st.sampled_from(["first", "latest", "best"]),
    st.lists(ANSWER, min_size=1, max_size=6),
    st.lists(ANSWER, min_size=1, max_size=6),
)
def test_no_file_earns_more_than_the_best_honest_answer(counts: str, colour: list[Any], primes: list[Any]) -> None:
    quiz = QUIZ.model_copy(update={"counts": counts})
    best = 0.0
    for question, responses in zip(quiz.graded, (colour, primes), strict=True):
        kept = [tuple(r) if isinstance(r, list) else r for r in responses]
        best += max((question.credit(r) for r in kept if question.accepts(r)), default=0.0)
    assert score(file(colour=record(*colour), primes=record(*primes)), quiz) <= best + 1e-9

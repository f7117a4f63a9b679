"""The quiz of the Dropout chapter itself, in every language it is written in."""

from collections import Counter

import numpy as np
import pytest

from course.catalog import Catalog
from course.quiz.checks import advice_on, tags_of
from course.quiz.model import languages_of, load_quiz, sheet_of
from course.quiz.questions import MultipleQuestion, NumericQuestion, OrderQuestion, SingleQuestion
from course.quiz.validate import quiz_problems
from course.quiz.view import page

SLUG = "2-4-dropout"


def test_the_bank_has_no_fault(catalog: Catalog) -> None:
    assert quiz_problems(SLUG, catalog) == []


def test_the_two_spine_questions_come_first_and_count(catalog: Catalog) -> None:
    quiz = load_quiz(SLUG, catalog, "en")
    assert [question.id for question in quiz.questions[:2]] == ["during-training", "at-inference"]
    assert quiz.graded == quiz.questions[:2]
    assert len(quiz.questions) == 19


def test_every_kind_occurs(catalog: Catalog) -> None:
    kinds = {type(question) for question in load_quiz(SLUG, catalog, "en").questions}
    assert kinds == {SingleQuestion, MultipleQuestion, NumericQuestion, OrderQuestion}


def test_every_question_can_name_a_misconception(catalog: Catalog) -> None:
    for question in load_quiz(SLUG, catalog, "en").questions:
        assert tags_of(question), question.id


@pytest.mark.parametrize("lang", ["en", "es"])
def test_lengths_do_not_tell_the_answer(catalog: Catalog, lang: str) -> None:
    assert advice_on(load_quiz(SLUG, catalog, lang)) == []


def test_the_right_option_stands_in_every_place_alike(catalog: Catalog) -> None:
    quiz = load_quiz(SLUG, catalog, "en")
    right = {o.id: q.id for q in quiz.questions if isinstance(q, SingleQuestion) for o in q.options if o.correct}
    places: Counter[int] = Counter()
    for learner in range(40):
        for part in page(sheet_of(quiz), None, f"learner-{learner}")["parts"]:
            for question in part["questions"]:
                places.update(i for i, o in enumerate(question["options"]) if right.get(o["id"]) == question["id"])
    total = sum(places.values())
    assert set(places) == {0, 1, 2, 3}
    assert all(0.2 < count / total < 0.3 for count in places.values())


def test_spanish_is_complete_and_different(catalog: Catalog) -> None:
    english, spanish = load_quiz(SLUG, catalog, "en"), load_quiz(SLUG, catalog, "es")
    assert languages_of(SLUG, catalog) == ["en", "es"]
    for one, other in zip(english.questions, spanish.questions, strict=True):
        assert one.prompt != other.prompt
        assert one.id == other.id


def test_the_stated_mean_and_variance_are_right() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(1, 1, 400_000)
    dropped = np.where(rng.random(values.size) < 0.5, 0, values / 0.5)
    assert dropped.mean() == pytest.approx(1, abs=0.02)
    assert dropped.var() == pytest.approx(3, abs=0.05)

"""The quiz of a chapter, in every language that it is written in."""

import subprocess
import sys
from collections import Counter

import pytest

from course.authoring.validate.quiz import quiz_problems
from course.catalog import Catalog
from course.quiz.checks import advice_on, tags_of
from course.quiz.model import languages_of, load_quiz, sheet_of
from course.quiz.questions import SingleQuestion
from course.quiz.view import page
from tests.session import ENGINE

LANGUAGES = ("en", "es")


def test_the_bank_has_no_fault(slug: str, catalog: Catalog) -> None:
    assert quiz_problems(slug, catalog) == []


def test_two_questions_come_first_and_they_alone_count(slug: str, catalog: Catalog) -> None:
    quiz = load_quiz(slug, catalog, "en")
    assert len(quiz.graded) == 2
    assert quiz.graded == quiz.questions[:2]


def test_every_question_can_name_a_misconception(slug: str, catalog: Catalog) -> None:
    assert [question.id for question in load_quiz(slug, catalog, "en").questions if not tags_of(question)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lengths_do_not_tell_the_answer(slug: str, catalog: Catalog, lang: str) -> None:
    assert advice_on(load_quiz(slug, catalog, lang)) == []


def test_the_right_option_stands_in_every_place_alike(slug: str, catalog: Catalog) -> None:
    """Over many learners, of every question with as many options."""
    quiz = load_quiz(slug, catalog, "en")
    right = {o.id: q.id for q in quiz.questions if isinstance(q, SingleQuestion) for o in q.options if o.correct}
    places: dict[int, Counter[int]] = {}
    for learner in range(400):
        for part in page(sheet_of(quiz), None, f"learner-{learner}")["parts"]:
            for question in part["questions"]:
                options = [option["id"] for option in question.get("options", [])]
                found = [place for place, name in enumerate(options) if right.get(name) == question["id"]]
                places.setdefault(len(options), Counter()).update(found)
    for count, counted in places.items():
        if counted:
            assert set(counted) == set(range(count))
            assert all(abs(each / counted.total() - 1 / count) < 0.07 for each in counted.values()), (count, counted)


def test_it_is_whole_in_spanish(slug: str, catalog: Catalog) -> None:
    assert set(LANGUAGES) <= set(languages_of(slug, catalog))
    english, spanish = (load_quiz(slug, catalog, lang) for lang in LANGUAGES)
    assert english.title != spanish.title
    for one, other in zip(english.questions, spanish.questions, strict=True):
        assert one.id == other.id
        assert one.prompt != other.prompt


def test_showing_it_loads_nothing_heavy(slug: str, catalog: Catalog) -> None:
    script = f"import sys; from course.quiz.widget import show_quiz; str(show_quiz({slug!r}).page); print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={"COURSE_ROOT": str(catalog.root), "PYTHONPATH": str(ENGINE), "HOME": "/tmp"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not set(run.stdout.split()) & {"tensorflow", "keras", "matplotlib"}

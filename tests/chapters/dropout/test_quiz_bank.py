"""The quiz of the Dropout chapter itself, in every language it is written in."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from course.catalog import Catalog
from course.chapters.dropout.quiz_figures import one_neuron_in_a_batch
from course.quiz.model import load_quiz, sheet_of
from course.quiz.questions import MultipleQuestion, NumericQuestion, OrderQuestion, SingleQuestion
from course.quiz.view import page
from course.quiz.widget import show_quiz

SLUG = "2-4-dropout"


def test_the_two_spine_questions_come_first_and_count(catalog: Catalog) -> None:
    quiz = load_quiz(SLUG, catalog, "en")
    assert [question.id for question in quiz.questions[:2]] == ["during-training", "at-inference"]
    assert quiz.graded == quiz.questions[:2]
    assert len(quiz.questions) == 19


def test_the_whole_quiz_shows_two_that_count_and_eight_to_go_deeper(catalog: Catalog) -> None:
    parts = page(sheet_of(load_quiz(SLUG, catalog, "en")), None, "somebody")["parts"]
    assert [(part["title"], part["folded"], len(part["questions"])) for part in parts] == [
        ("Two questions that count", False, 2),
        ("Go deeper", True, 8),
    ]


def test_the_predicted_questions_stand_apart_and_are_asked_again_by_name(catalog: Catalog) -> None:
    quiz = load_quiz(SLUG, catalog, "en")
    (part,) = page(sheet_of(quiz), "predicted", "somebody")["parts"]
    assert {question["id"] for question in part["questions"]} == set(quiz.predictions)


def test_no_option_hedges_and_no_question_writes_p_for_the_rate(catalog: Catalog) -> None:
    for question in load_quiz(SLUG, catalog, "en").questions:
        told = question.model_dump_json()
        assert "1-p" not in told
        assert "unless you" not in told


@pytest.mark.parametrize(
    "name", ["at-inference", "masks-in-a-batch", "calls-that-drop", "trainable-false", "layer-seed"]
)
def test_a_question_about_keras_says_so(catalog: Catalog, name: str) -> None:
    for lang in ("en", "es"):
        question = load_quiz(SLUG, catalog, lang).question(name)
        assert question is not None
        assert question.prompt.startswith("In Keras, " if lang == "en" else "En Keras, ")


def test_spanish_speaks_to_a_learner_as_tu_and_writes_decimals_with_a_comma(catalog: Catalog) -> None:
    told = load_quiz(SLUG, catalog, "es").model_dump_json()
    for phrase in ("usted", "por nada", "el momento y", "detrás", "Mire", "Escriba", "Ponga"):
        assert phrase not in told, phrase
    without_code = re.sub(r"`[^`]*`", "", " ".join(re.findall(r'"(?:text|explanation|prompt|hint)":"([^"]*)"', told)))
    assert re.findall(r"\d\.\d", without_code) == []


def test_every_kind_occurs(catalog: Catalog) -> None:
    kinds = {type(question) for question in load_quiz(SLUG, catalog, "en").questions}
    assert kinds == {SingleQuestion, MultipleQuestion, NumericQuestion, OrderQuestion}


def test_the_stated_mean_and_variance_are_right() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(1, 1, 400_000)
    dropped = np.where(rng.random(values.size) < 0.5, 0, values / 0.5)
    assert dropped.mean() == pytest.approx(1, abs=0.02)
    assert dropped.var() == pytest.approx(3, abs=0.05)
    unscaled, survivors = dropped * 0.5, dropped[dropped != 0]
    assert (unscaled.mean(), unscaled.var()) == pytest.approx((0.5, 0.75), abs=0.05)
    assert (survivors.mean(), survivors.var()) == pytest.approx((2, 4), abs=0.05)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_figure_shows_the_situation_in_the_learners_language(
    catalog: Catalog, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_LANG", lang)
    question = load_quiz(SLUG, catalog, lang).question("dropped-for-one-sample")
    assert isinstance(question, SingleQuestion)
    assert question.figure is not None
    assert {"en": "crossed out", "es": "tachada"}[lang] in question.figure.alt
    root = ElementTree.fromstring(one_neuron_in_a_batch())
    words = [node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert [word for word in words if word.isdigit()] == [str(sample) for sample in range(1, 65)]
    assert {"en": "takes part", "es": "participa"}[lang] in words
    said = " ".join([*words, question.figure.alt]).lower()
    assert not [option.text for option in question.options if option.text.lower() in said]
    assert not any(word in said for word in ("gradient", "weight", "peso", "update")), "it is the question, no answer"


def test_showing_the_quiz_with_its_figure_loads_nothing_heavy(catalog: Catalog) -> None:
    program = (
        "import sys; from course.quiz.widget import show_quiz; "
        "text = str(show_quiz('2-4-dropout', part='predicted').page); "
        "assert 'data:image/svg+xml;base64,' in text; print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=catalog.root)
    assert not set(run.stdout.split()) & {"tensorflow", "keras", "matplotlib"}


def test_the_counter_tells_what_counts_apart_from_what_is_optional(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    quiz = show_quiz(SLUG)
    assert "Answered: 0 of 2 that count; 0 of 8 optional." in quiz.summary
    quiz.answer("during-training", "random-each-pass")
    quiz.answer("at-inference", "times-rate")
    quiz.answer("surviving-three", "3.75")
    assert "Answered: 2 of 2 that count; 1 of 8 optional. Right: 2." in quiz.summary


def test_a_prediction_stands_beside_the_later_answer_where_it_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    show_quiz(SLUG, part="predictions").answer("masks-in-a-batch", "the-batch")
    again = show_quiz(SLUG, part="predicted")
    again.answer("masks-in-a-batch", "none")
    assert "Answered: 1 of 2." in again.summary
    row = again.summary.split("<table>")[1]
    assert row.index("✘ All 64 of the batch") < row.index("✔ None of the 64 samples")

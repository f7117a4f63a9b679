"""What an author is told about a faulty quiz: the file, the line, the question, and the mend."""

from collections.abc import Callable

import pytest

from course.authoring.schema import schema_path, schema_text
from course.authoring.validate.quiz import quiz_problems
from course.catalog import Catalog
from course.quiz.model import keyless_files, load_quiz
from course.storage.yaml_lines import SourceError
from tests.conftest import ROOT
from tests.platform.quiz.conftest import SAMPLE, SLUG

Rewrite = Callable[[str, str], None]
FAULTS = {
    "no right option": (
        "Blue, correct: true,",
        "Blue, misconception: swapped,",
        "question 'colour': no option is right",
    ),
    "two right in single": (
        "Green, misconception: swapped",
        "Green, correct: true",
        "question 'colour': 2 options are right",
    ),
    "no explanation": (
        ', explanation: "That is grass."',
        "",
        "question 'colour', option 'green': 'explanation' is missing",
    ),
    "empty explanation": ("explanation: Begins.", 'explanation: ""', "item 'first': 'explanation' is empty"),
    "unknown tag": ("misconception: forgotten, expl", "misconception: forgoten, expl", "the tag 'forgoten' is not"),
    "unused tag": ("predictions:", "  lonely: {says: Nobody uses me.}\npredictions:", "no option has the tag 'lonely'"),
    "wrong without tag": ("Red, misconception: forgotten,", "Red,", "option 'red': a wrong option needs 'misc"),
    "question id twice": ("id: half", "id: colour", "question 'colour': this id is used before"),
    "option id twice": ("id: green", "id: blue", "question 'colour', option 'blue': the id 'blue' is used before"),
    "misspelt field": ("hint: Divide", "hnt: Divide", "question 'half': 'hnt' is not a field here"),
    "unknown kind": ("kind: numeric", "kind: numerical", "there is no kind 'numerical'"),
    "no kind": ("        kind: order\n", "", "question 'steps': 'kind' is missing"),
    "number as text": ("text: Blue", "text: 3.5", "'text' must be text; 3.5 is not: put it in quotes"),
    "yes as text": ("text: Two, correct", "text: yes, correct", "'text' must be text; True is not"),
    "unknown rule": ("rule: per-option\n", "rule: lenient\n", "'rule' must be 'all-or-nothing' or 'per-option'"),
    "both tolerances": ("{absolute: 0.01}", "{absolute: 0.01, relative: 0.1}", "state either 'absolute' or 'relative'"),
    "miss within tolerance": ("{value: 15", "{value: 3.751", "question 'half': 3.751 is within the tolerance"),
    "mistake in right order": ("first: third, then: first", "first: first, then: third", "is the right order"),
    "mistake unknown item": ("first: third, then: first", "first: forth, then: first", "there is no item 'forth'"),
    "unknown prediction": ("[colour]", "[color]", "there is no question 'color' to predict"),
    "bad formula": ("Which are prime?", r"Which of $\frac{1}{$ are prime?", "cannot be read"),
    "key twice": ("title: A sample", "title: A sample\ntitle: B", "'title' stands here twice"),
    "not YAML": ("title: A sample", "title: [A", "not valid YAML"),
    "figure without function": (
        "prompt: What is half of 7.5 kg?",
        "prompt: What?\n        figure: {function: course.quiz.drawing.nothing, alt: A half.}",
        "question 'half': the figure cannot be drawn: The quiz names a figure course.quiz.drawing.nothing",
    ),
    "figure without words": (
        "prompt: What is half of 7.5 kg?",
        "prompt: What?\n        figure: {function: course.quiz.drawing.nothing}",
        "question 'half': 'alt' is missing",
    ),
    "telling length": (
        "text: Blue",
        f"text: {'Blue as everybody knows who has ever looked up on a clear day'}",
        "give the answer away",
    ),
}


def test_the_sample_has_no_fault(sample_catalog: Catalog) -> None:
    assert quiz_problems(SLUG, sample_catalog) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line_and_question(name: str, sample_catalog: Catalog, rewrite: Rewrite) -> None:
    old, new, sentence = FAULTS[name]
    rewrite(old, new)
    problems = quiz_problems(SLUG, sample_catalog)
    told = [problem for problem in problems if sentence in problem]
    assert told, problems
    file, line, _rest = told[0].split(":", 2)
    assert file == str(sample_catalog.quiz_file(SLUG))
    assert abs(int(line) - (SAMPLE[: SAMPLE.index(old)].count("\n") + 1)) <= 4


def test_every_fault_is_told_at_once(sample_catalog: Catalog, rewrite: Rewrite) -> None:
    rewrite("Blue, correct: true,", "Blue, misconception: swapped,")
    rewrite("id: green", "id: red")
    with pytest.raises(SourceError) as caught:
        load_quiz(SLUG, sample_catalog, "en")
    assert len(caught.value.sentences) == 2


def test_a_chapter_without_a_quiz_has_no_fault(sample_catalog: Catalog) -> None:
    sample_catalog.quiz_file(SLUG).unlink()
    assert quiz_problems(SLUG, sample_catalog) == []


TRANSLATION_FAULTS = {
    "missing": ("title: Una muestra", "'parts' is not translated"),
    "extra": ("parts: {core: {questions: {colour: {options: {violet: {text: Violeta}}}}}}", "has no 'violet' here"),
    "other code": ('parts: {core: {questions: {primes: {prompt: "¿`x`?"}}}}', "has other code or maths"),
    "not text": ("title: 3", "'title' must be text"),
}


@pytest.mark.parametrize("name", TRANSLATION_FAULTS)
def test_a_translation_out_of_step_is_told(name: str, sample_catalog: Catalog) -> None:
    text, sentence = TRANSLATION_FAULTS[name]
    sample_catalog.quiz_file(SLUG, "es").write_text(text, encoding="utf-8")
    assert any(sentence in problem for problem in quiz_problems(SLUG, sample_catalog))


def test_what_is_not_translated_stays_english(sample_catalog: Catalog) -> None:
    text = 'parts: {core: {questions: {colour: {prompt: "¿De qué color?", options: {blue: {text: Azul}}}}}}'
    sample_catalog.quiz_file(SLUG, "es").write_text(text, encoding="utf-8")
    question = load_quiz(SLUG, sample_catalog, "es").questions[0]
    assert question.prompt == "¿De qué color?"
    assert [option.text for option in question.options] == ["Azul", "Green", "Red"]
    assert question.title == "Colour"


def test_a_translation_cannot_change_the_key(sample_catalog: Catalog) -> None:
    text = "parts: {core: {questions: {colour: {options: {green: {correct: true}, blue: {correct: false}}}}}}"
    sample_catalog.quiz_file(SLUG, "es").write_text(text, encoding="utf-8")
    assert load_quiz(SLUG, sample_catalog, "es") == load_quiz(SLUG, sample_catalog, "en")


def test_only_an_after_grading_quiz_is_released_without_its_key(sample_catalog: Catalog, rewrite: Rewrite) -> None:
    assert keyless_files(SLUG, sample_catalog) == {}
    rewrite("counts: latest", "counts: latest\nfeedback: after-grading")
    sample_catalog.quiz_file(SLUG, "es").write_text("title: Una muestra", encoding="utf-8")
    files = keyless_files(SLUG, sample_catalog)
    assert {name: data["title"] for name, data in files.items()} == {
        "quiz.json": "A sample",
        "quiz.es.json": "Una muestra",
    }


def test_the_schema_for_editors_is_in_step_with_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(ROOT))
    assert schema_path().read_text(encoding="utf-8") == schema_text(), "run: python -m course.authoring.schema"

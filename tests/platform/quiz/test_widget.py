"""What a learner meets when the quiz is shown: from the front door, in a folder of their own."""

import json
import subprocess
import sys
from pathlib import Path

import matplotlib.figure
import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

import course
from course.errors import CourseError, UsageError
from course.quiz import drawing
from course.quiz.model import keyless, load_quiz
from course.quiz.questions import Figure
from course.quiz.record import Recorder, read_answers
from course.quiz.widget import show_quiz

SLUG = "2-1-tiny"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_LANG", "en")
    return tmp_path


def test_a_wrong_answer_is_explained_at_once() -> None:
    quiz = show_quiz(SLUG)
    assert quiz.answer("what-it-does", "spread-only")
    shown = quiz.states["what-it-does"]
    assert shown["status"] == "wrong"
    assert "Its mean changes as well" in shown["replies"][0]["html"]


def test_the_plain_text_is_the_points_so_far() -> None:
    quiz = show_quiz(SLUG)
    assert repr(quiz) == "0"
    quiz.answer("what-it-does", "mean-and-spread")
    assert repr(quiz) == "1"
    quiz.answer("new-rows", "training-mean")
    assert repr(quiz) == "2"


def test_answers_are_shown_again_after_a_restart(folder: Path) -> None:
    show_quiz(SLUG).answer("new-rows", "new-mean")
    again = show_quiz(SLUG)
    assert again.states["new-rows"]["response"] == "new-mean"
    assert again.states["new-rows"]["status"] == "wrong"
    assert (folder / "answers.json").is_file()


def test_showing_a_quiz_writes_nothing(folder: Path) -> None:
    show_quiz(SLUG)
    assert list(folder.iterdir()) == []


def test_nothing_of_the_key_reaches_the_browser_before_an_answer() -> None:
    quiz = show_quiz(SLUG)
    sent = json.dumps([quiz.page, quiz.states, quiz.summary])
    assert "correct" not in sent
    assert "Its mean changes as well" not in sent
    assert "one-of-two" not in sent


def test_what_is_no_answer_is_refused(folder: Path) -> None:
    quiz = show_quiz(SLUG)
    for response in ("no-such-option", "", ("mean-and-spread",)):
        assert not quiz.answer("what-it-does", response)
    assert not quiz.answer("no-such-question", "training-mean")
    assert not (folder / "answers.json").exists()


def test_options_are_shuffled_the_same_way_for_one_learner(monkeypatch: pytest.MonkeyPatch) -> None:
    def order(learner: str) -> list[str]:
        monkeypatch.setenv("JUPYTERHUB_USER", learner)
        return [option["id"] for option in show_quiz(SLUG).page["parts"][0]["questions"][0]["options"]]

    assert order("ada") == order("ada")
    assert len({tuple(order(name)) for name in ("ada", "alan", "grace", "edsger", "barbara", "donald")}) > 1


def test_an_unknown_part_is_named() -> None:
    with pytest.raises(UsageError, match="no part 'nowhere'"):
        show_quiz(SLUG, part="nowhere")


def test_the_front_door_stays_a_function_after_its_first_use() -> None:
    course.quiz(SLUG)
    assert callable(course.quiz)


def test_a_quiz_needs_no_tensorflow(folder: Path) -> None:
    code = f"import sys, course; course.quiz({SLUG!r}); sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=folder, check=False).returncode == 0


def test_predictions_are_kept_apart_and_shown_again_beside_the_answers() -> None:
    asked = show_quiz(SLUG, part="predictions")
    assert [q["id"] for q in asked.page["parts"][0]["questions"]] == [
        "spread-after",
        "tallest-bar",
    ]
    asked.answer("spread-after", "five")
    assert asked.states["spread-after"]["status"] == "recorded"
    assert asked.states["spread-after"]["replies"] == []
    quiz = show_quiz(SLUG)
    assert quiz.states["spread-after"] == {}
    assert "You predicted" in quiz.summary
    assert "✘" not in quiz.summary
    quiz.answer("spread-after", "one")
    assert "✘ It is still 5." in quiz.summary
    assert "✔ It is 1." in quiz.summary


def test_the_summary_says_what_to_reread() -> None:
    quiz = show_quiz(SLUG)
    quiz.answer("which-change", ("mean", "order"))
    assert 'data-heading="How it works"' in quiz.summary
    quiz.answer("which-change", ("mean", "spread"))
    assert "data-heading" not in quiz.summary


def test_the_page_knows_in_which_notebook_each_section_stands(folder: Path) -> None:
    for name, sections in (("deeper", "## More\n\n## How it *works*"), ("lesson", "# Tiny\n\n## How it works")):
        nbformat.write(new_notebook(cells=[new_markdown_cell(sections)]), folder / f"{name}.ipynb")
    sections = {"Tiny": "lesson.ipynb", "How it works": "lesson.ipynb", "More": "deeper.ipynb"}
    assert show_quiz(SLUG).page["sections"] == sections


def test_what_is_no_number_is_told_kindly() -> None:
    quiz = show_quiz(SLUG)
    said: list[object] = []
    quiz.send = said.append
    quiz._receive(quiz, {"question": "divided", "response": "three"}, [])
    assert said == [{"question": "divided", "refused": "Write a number, such as 3.75."}]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"question": 5, "response": {}},
        {"question": "new-rows", "response": 1},
        {"question": "which-change", "response": [["mean"]]},
    ],
)
def test_odd_messages_change_nothing(content: dict[str, object], folder: Path) -> None:
    quiz = show_quiz(SLUG)
    quiz._receive(quiz, content, [])
    assert not (folder / "answers.json").exists()


def after_grading(folder: Path, **changes: object) -> None:
    data = keyless(load_quiz(SLUG).model_copy(update={"feedback": "after-grading", **changes}))
    (folder / "quiz.json").write_text(json.dumps(data))


def test_without_the_key_an_answer_is_only_kept(folder: Path) -> None:
    after_grading(folder)
    quiz = show_quiz(SLUG)
    assert quiz.answer("new-rows", "new-mean")
    state = quiz.states["new-rows"]
    assert (state["status"], state["replies"]) == ("recorded", [])
    assert "Right:" not in quiz.summary
    assert repr(quiz) == "0"


def test_without_the_key_a_number_is_asked_for_all_the_same(folder: Path) -> None:
    after_grading(folder)
    quiz = show_quiz(SLUG)
    assert not quiz.answer("divided", "three")
    assert not quiz.answer("divided", " " * 500 + "x")
    assert quiz.answer("divided", "   3,75   ")
    assert read_answers(folder).quiz(SLUG).answers["divided"].latest.response == "3,75"


def test_after_the_last_attempt_a_question_is_closed(folder: Path) -> None:
    after_grading(folder, attempts=2)
    quiz = show_quiz(SLUG)
    assert quiz.answer("new-rows", "new-mean")
    assert quiz.states["new-rows"]["left"] == "Attempts left: 1."
    assert quiz.answer("new-rows", "training-mean")
    assert quiz.states["new-rows"]["locked"]
    assert not quiz.answer("new-rows", "each-mean")


def test_a_keyless_quiz_is_shown_in_the_learner_s_language(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after_grading(folder)
    (folder / "quiz.es.json").write_text(json.dumps(keyless(load_quiz(SLUG, lang="es"))))
    assert show_quiz(SLUG).page["title"] == "Quiz: Tiny"
    monkeypatch.setenv("COURSE_LANG", "es")
    assert show_quiz(SLUG).page["title"] == "Cuestionario: Tiny"


def test_a_quiz_json_that_is_none_is_named(folder: Path) -> None:
    (folder / "quiz.json").write_text("{}")
    with pytest.raises(CourseError, match=r"quiz\.json is not a quiz of this course"):
        show_quiz(SLUG)


def test_an_answer_to_a_removed_question_is_kept_and_told(folder: Path) -> None:
    Recorder(folder, SLUG).record("answers", "no-longer-asked", "x")
    quiz = show_quiz(SLUG)
    assert "no longer asked" in quiz.notice
    quiz.answer("new-rows", "training-mean")
    assert "no-longer-asked" in read_answers(folder).quiz(SLUG).answers


def test_an_answer_whose_option_is_gone_is_asked_again(folder: Path) -> None:
    Recorder(folder, SLUG).record("answers", "new-rows", "option-that-was")
    state = show_quiz(SLUG).states["new-rows"]
    assert state["status"] == "changed"
    assert "please answer again" in state["result"]


def test_switching_the_language_needs_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "es")
    quiz = show_quiz(SLUG)
    assert quiz.page["title"] == "Cuestionario: Tiny"
    quiz.answer("what-it-does", "spread-only")
    assert "También cambia su media" in quiz.states["what-it-does"]["replies"][0]["html"]


def test_a_figure_of_the_course_is_drawn_with_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def draw() -> object:
        figure = matplotlib.figure.Figure()
        figure.subplots().plot([0, 1])
        return figure

    monkeypatch.setattr(drawing, "sample", draw, raising=False)
    shown = drawing.figure_html(Figure(function="course.quiz.drawing.sample", alt='A line, "straight"'))
    assert shown.startswith('<img src="data:image/svg+xml;base64,')
    assert 'alt="A line, &quot;straight&quot;"' in shown


def test_a_figure_that_does_not_exist_is_named() -> None:
    with pytest.raises(CourseError, match=r"course\.quiz\.nowhere\.draw"):
        drawing.figure_html(Figure(function="course.quiz.nowhere.draw", alt="x"))

"""What a learner meets when the quiz is shown: from the front door, in a folder of their own."""

import json
import subprocess
import sys
from pathlib import Path

import matplotlib.figure
import pytest

import course
from course.errors import CourseError, UsageError
from course.quiz import drawing
from course.quiz.model import keyless, load_quiz
from course.quiz.questions import Figure
from course.quiz.record import Recorder, read_answers
from course.quiz.widget import show_quiz

SLUG = "2-4-dropout"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_LANG", "en")
    return tmp_path


def test_a_wrong_answer_is_explained_at_once() -> None:
    quiz = show_quiz(SLUG)
    assert quiz.answer("during-training", "removed-for-good")
    shown = quiz.states["during-training"]
    assert shown["status"] == "wrong"
    assert "Nothing is removed" in shown["replies"][0]["html"]


def test_the_plain_text_is_the_points_so_far() -> None:
    quiz = show_quiz(SLUG)
    assert repr(quiz) == "0"
    quiz.answer("during-training", "random-each-pass")
    assert repr(quiz) == "1"
    quiz.answer("at-inference", "unchanged")
    assert repr(quiz) == "2"


def test_answers_are_shown_again_after_a_restart(folder: Path) -> None:
    show_quiz(SLUG).answer("at-inference", "times-rate")
    again = show_quiz(SLUG)
    assert again.states["at-inference"]["response"] == "times-rate"
    assert again.states["at-inference"]["status"] == "wrong"
    assert (folder / "answers.json").is_file()


def test_showing_a_quiz_writes_nothing(folder: Path) -> None:
    show_quiz(SLUG)
    assert list(folder.iterdir()) == []


def test_nothing_of_the_key_reaches_the_browser_before_an_answer() -> None:
    quiz = show_quiz(SLUG)
    sent = json.dumps([quiz.page, quiz.states, quiz.summary])
    assert "correct" not in sent
    assert "Nothing is removed" not in sent
    assert "deterministic-shrink" not in sent


def test_what_is_no_answer_is_refused(folder: Path) -> None:
    quiz = show_quiz(SLUG)
    for response in ("no-such-option", "", ("random-each-pass",)):
        assert not quiz.answer("during-training", response)
    assert not quiz.answer("no-such-question", "unchanged")
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
        "rate-in-predict",
        "masks-in-a-batch",
        "dropped-for-one-sample",
    ]
    asked.answer("rate-in-predict", "times-02")
    assert asked.states["rate-in-predict"]["status"] == "recorded"
    assert asked.states["rate-in-predict"]["replies"] == []
    quiz = show_quiz(SLUG)
    assert quiz.states["rate-in-predict"] == {}
    assert "You predicted" in quiz.summary
    assert "✘" not in quiz.summary
    quiz.answer("rate-in-predict", "nothing")
    assert "✘ They are multiplied by 0.2." in quiz.summary
    assert "✔ They pass through unchanged." in quiz.summary


def test_the_summary_says_what_to_reread() -> None:
    quiz = show_quiz(SLUG)
    quiz.answer("calls-that-drop", ("fit", "predict"))
    assert 'data-heading="Which calls drop?"' in quiz.summary
    quiz.answer("calls-that-drop", ("fit", "training-true"))
    assert "data-heading" not in quiz.summary


def test_what_is_no_number_is_told_kindly() -> None:
    quiz = show_quiz(SLUG)
    said: list[object] = []
    quiz.send = said.append
    quiz._receive(quiz, {"question": "surviving-three", "response": "three"}, [])
    assert said == [{"question": "surviving-three", "refused": "Write a number, such as 3.75."}]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"question": 5, "response": {}},
        {"question": "at-inference", "response": 1},
        {"question": "calls-that-drop", "response": [["fit"]]},
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
    assert quiz.answer("at-inference", "times-rate")
    state = quiz.states["at-inference"]
    assert (state["status"], state["replies"]) == ("recorded", [])
    assert "Right:" not in quiz.summary
    assert repr(quiz) == "0"


def test_without_the_key_a_number_is_asked_for_all_the_same(folder: Path) -> None:
    after_grading(folder)
    quiz = show_quiz(SLUG)
    assert not quiz.answer("surviving-three", "three")
    assert not quiz.answer("surviving-three", " " * 500 + "x")
    assert quiz.answer("surviving-three", "   3,75   ")
    assert read_answers(folder).quiz(SLUG).answers["surviving-three"].latest.response == "3,75"


def test_after_the_last_attempt_a_question_is_closed(folder: Path) -> None:
    after_grading(folder, attempts=2)
    quiz = show_quiz(SLUG)
    assert quiz.answer("at-inference", "times-rate")
    assert quiz.states["at-inference"]["left"] == "Attempts left: 1."
    assert quiz.answer("at-inference", "unchanged")
    assert quiz.states["at-inference"]["locked"]
    assert not quiz.answer("at-inference", "times-keep")


def test_a_keyless_quiz_is_shown_in_the_learner_s_language(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after_grading(folder)
    (folder / "quiz.es.json").write_text(json.dumps(keyless(load_quiz(SLUG, lang="es"))))
    assert show_quiz(SLUG).page["title"] == "Quiz: Dropout"
    monkeypatch.setenv("COURSE_LANG", "es")
    assert show_quiz(SLUG).page["title"] == "Cuestionario: Dropout"


def test_a_quiz_json_that_is_none_is_named(folder: Path) -> None:
    (folder / "quiz.json").write_text("{}")
    with pytest.raises(CourseError, match=r"quiz\.json: not a quiz of this course"):
        show_quiz(SLUG)


def test_an_answer_to_a_removed_question_is_kept_and_told(folder: Path) -> None:
    Recorder(folder, SLUG).record("answers", "no-longer-asked", "x")
    quiz = show_quiz(SLUG)
    assert "no longer asked" in quiz.notice
    quiz.answer("at-inference", "unchanged")
    assert "no-longer-asked" in read_answers(folder).quiz(SLUG).answers


def test_an_answer_whose_option_is_gone_is_asked_again(folder: Path) -> None:
    Recorder(folder, SLUG).record("answers", "at-inference", "option-that-was")
    state = show_quiz(SLUG).states["at-inference"]
    assert state["status"] == "changed"
    assert "please answer again" in state["result"]


def test_switching_the_language_needs_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "es")
    quiz = show_quiz(SLUG)
    assert quiz.page["title"] == "Cuestionario: Dropout"
    quiz.answer("during-training", "removed-for-good")
    assert "No se elimina nada" in quiz.states["during-training"]["replies"][0]["html"]


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

"""What a learner meets when the quiz is shown: from the front door, in a folder of their own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import course
from course.errors import UsageError
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

"""What `nbgrader generate_feedback` hands back: each finding and explanation, and only the learner's own."""

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.catalog import load_catalog
from course.quiz.model import load_quiz
from course.quiz.text import to_words
from tests.platform.test_cli import course
from tests.platform.tiny import SLUG, TINY, WRONG, copy_course, environment, reference_solutions, write_submission

QUESTION = "new-rows"
SECRET = "a secret word of Ada's"


def chosen(option: str) -> dict[str, object]:
    given = {"response": option, "time": "2026-03-01T10:00:00+00:00"}
    record = {"attempts": 1, "first": given, "latest": given}
    return {"version": 1, "quizzes": {SLUG: {"answers": {QUESTION: record}, "predictions": {}}}}


def explanation(option: str) -> str:
    question = load_quiz(SLUG, load_catalog(TINY), "en").question(QUESTION)
    return next(to_words(each.explanation) for each in question.options if each.id == option)  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The text of each learner's feedback, all notebooks together."""
    root = copy_course(tmp_path_factory.mktemp("feedback") / "course")
    work = {
        "ada": ({"standardise": WRONG["standardise"]["no_rescale"] + f"\n# {SECRET}"}, "new-mean"),
        "ben": (
            {"first_peak": WRONG["first_peak"]["last_on_tie"], "explain_scaling": "Nothing is dropped then."},
            "the-first",
        ),
    }
    for student, (solutions, option) in work.items():
        folder = write_submission(root / "class" / "submitted" / student / SLUG, solutions)
        (folder / "answers.json").write_text(json.dumps(chosen(option)))
    graded = course("grade", SLUG, cwd=root)
    assert graded.returncode == 0, graded.stderr
    first = generate_feedback(root)
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as book:
        mark = book.find_grade("explain_scaling", "exercises", SLUG, "ben")
        mark.manual_score, mark.needs_manual_grade = 1.5, False
        book.db.commit()
    return {"ada": first["ada"], "ben, before": first["ben"], "ben": generate_feedback(root)["ben"]}


def generate_feedback(root: Path) -> dict[str, str]:
    """By the command that docs/instructor.md names."""
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", SLUG]
    run = subprocess.run(command, cwd=root, env=environment(), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    folders = (root / "class" / "feedback").glob(f"*/{SLUG}")
    return {folder.parent.name: read(folder) for folder in folders}


def read(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html")))


def test_each_finding_is_there_with_its_misconception(pages: dict[str, str]) -> None:
    assert "The values are centred and keep their spread." in pages["ada"]
    assert "Of several keys with the largest score, the last is taken." in pages["ben"]


def test_the_explanation_of_the_option_chosen_is_there(pages: dict[str, str]) -> None:
    for student, option, other in (("ada", "new-mean", "the-first"), ("ben", "the-first", "new-mean")):
        words = explanation(option).split(".")[0]
        assert words in to_plain(pages[student]), words
        assert explanation(other).split(".")[0] not in to_plain(pages[student])


def test_it_is_the_learners_own_alone(pages: dict[str, str]) -> None:
    assert SECRET in pages["ada"]
    assert SECRET not in pages["ben"]
    assert "Of several keys with the largest score, the last is taken." not in pages["ada"]
    assert "The values are centred and keep their spread." not in pages["ben"]


def test_no_solution_is_in_it(pages: dict[str, str]) -> None:
    lines = reference_solutions()["standardise"].splitlines()
    marked = [line.strip() for line in lines if len(line.strip()) > 25 and not re.search(r"def |#|\"\"\"", line)]
    assert marked
    for line in marked:
        assert line not in pages["ada"]
    assert "BEGIN SOLUTION" not in pages["ada"]


def test_work_waits_for_a_person_until_a_person_has_marked_it(pages: dict[str, str]) -> None:
    assert "waiting for a person: 1" in pages["ben, before"]
    assert "Waits for a person to grade it (of 3)" in pages["ben, before"]
    assert "waiting for a person" not in pages["ben"]
    assert "Score: 1.5 / 3" in pages["ben"]


def to_plain(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", page)))

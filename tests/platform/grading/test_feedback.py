"""What `nbgrader generate_feedback` hands back: one page for the whole chapter, and only the learner's own."""

import html
import json
import re
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.catalog import load_catalog
from course.quiz.model import load_quiz
from course.quiz.text import to_words
from tests.commands import run_module
from tests.platform.test_cli import course
from tests.platform.tiny import SLUG, TINY, WRONG, copy_course, environment, reference_solutions, write_submission

QUESTION = "new-rows"
SECRET = "a secret word of Adas"
WORDS = "Nothing is subtracted then, so $x$ stays."
COMMENT = "Say **which** mean."
MODEL = "so they lose the mean of the training rows"


def chosen(option: str) -> dict[str, object]:
    given = {"response": option, "time": "2026-03-01T10:00:00+00:00"}
    record = {"attempts": 1, "first": given, "latest": given}
    return {"version": 1, "quizzes": {SLUG: {"answers": {QUESTION: record}, "predictions": {}}}}


def explanation(option: str) -> str:
    question = load_quiz(SLUG, load_catalog(TINY), "en").question(QUESTION)
    return next(to_words(each.explanation) for each in question.options if each.id == option)  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Each learner's page; Ben's also as it was before a person had marked his answer."""
    root = copy_course(tmp_path_factory.mktemp("feedback") / "course")
    work = {
        "ada": ({"standardise": WRONG["standardise"]["no_rescale"] + f"\n# {SECRET}"}, "new-mean"),
        "ben": (
            {"first_peak": WRONG["first_peak"]["last_on_tie"], "explain_scaling": WORDS},
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
        book.find_comment("explain_scaling", "exercises", SLUG, "ben").manual_comment = COMMENT
        book.db.commit()
    return {"ada": first["ada"], "ben, before": first["ben"], "ben": generate_feedback(root)["ben"]}


def generate_feedback(root: Path) -> dict[str, str]:
    """By the command that docs/instructor.md names."""
    run = run_module(("nbgrader", "generate_feedback", SLUG), root, environment())
    assert run.returncode == 0, run.stderr
    folders = (root / "class" / "feedback").glob(f"*/{SLUG}")
    return {folder.parent.name: read(folder) for folder in folders}


def read(folder: Path) -> str:
    """The page. Every notebook has it under its own name, as nbgrader hands those out and nothing else."""
    page = (folder / "feedback.html").read_text(encoding="utf-8")
    named = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    assert named == dict.fromkeys(["feedback.html", "lesson.html", "exercises.html"], page)
    return page


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
    before, after = task(pages["ben, before"], "explain_scaling"), task(pages["ben"], "explain_scaling")
    assert "– / 3 points · waits for a person to grade it" in before
    assert re.search(r"[\d.]+ / 13 points so far", to_plain(pages["ben, before"]))
    assert "1.5 / 3 points · points given by a person" in after
    assert "so far" not in to_plain(pages["ben"])
    assert "waits" not in pages["ben"]


def test_the_answer_in_words_is_there_and_after_marking_the_comment_and_a_model_answer(pages: dict[str, str]) -> None:
    for page in (pages["ben, before"], pages["ben"]):
        assert "Nothing is subtracted then, so" in task(page, "explain_scaling")
        assert "<math" in page[page.index("Nothing is subtracted") :]
    assert MODEL in to_plain(reference_solutions()["explain_scaling"])
    assert MODEL not in pages["ben, before"]
    assert "Say which mean." not in to_plain(pages["ben, before"])
    after = task(pages["ben"], "explain_scaling")
    assert "Your instructor's comment Say which mean." in after
    assert "One good answer; yours may differ New rows must be treated as those were" in after
    assert f"that the network was trained on, {MODEL}." in after
    assert "SOLUTION" not in after


def test_who_wrote_nothing_sees_no_model_answer(pages: dict[str, str]) -> None:
    assert "not attempted" in task(pages["ada"], "explain_scaling")
    assert MODEL not in pages["ada"]


def test_what_went_well_and_each_idea_with_the_section_to_reread(pages: dict[str, str]) -> None:
    text = to_plain(pages["ada"])
    assert re.search(r"What went well .*\d of \d checks right: Exercise 1. Standardise the columns", text)
    ideas = text.split("Ideas to look at again")[1].split("Points Task")[0]
    assert (
        "The values are centred and keep their spread. Exercise 1. Standardise the columns Reread: How it works"
        in ideas
    )
    assert "Subtract the mean of each column, then divide by its spread. What we saw. The means are 0 now" in ideas
    assert "Sums and peaks" not in ideas


def test_no_cell_of_the_lesson_is_on_it_and_code_is_folded(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert "Guess first" not in page
        assert "lesson.shift_lab" not in page
        assert not re.search(r"<script|https?://", page.replace("http://www.w3.org/1998/Math/MathML", ""))
    folded = re.findall(r"<details><summary>Your code</summary>(.*?)</details>", pages["ada"], re.DOTALL)
    assert any(SECRET in code for code in folded)
    assert SECRET not in re.sub(r"<details>.*?</details>", "", pages["ada"], flags=re.DOTALL)


def test_the_quiz_tells_what_was_answered(pages: dict[str, str]) -> None:
    assert "You answered: The mean of the new rows. Then a single new row would become all zeros." in task(
        pages["ada"], "quiz"
    )
    assert "Not answered." in task(pages["ada"], "quiz")


def task(page: str, name: str) -> str:
    """What the page says of one task."""
    return to_plain(page.split(f'<article id="{name}">')[1].split("</article>", maxsplit=1)[0])


def to_plain(page: str) -> str:
    """What can be read: blocks apart, and neither the title nor the style."""
    blocks = r"</?(li|p|tr|td|th|h\d|summary|div|br|details|section)\b[^>]*>"
    spaced = re.sub(blocks, " ", page.rsplit("</head>", maxsplit=1)[-1])
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", spaced)))

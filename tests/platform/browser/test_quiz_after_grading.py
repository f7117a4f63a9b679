"""A quiz that tells only after grading, in a real JupyterLab: answers are kept, and the key is nowhere to be found."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.platform.tiny import SLUG, copy_course  # before `course`

# isort: split
from course.catalog import load_catalog
from course.grading.run import grade_folder
from course.quiz.checks import texts_of
from course.quiz.model import languages_of, load_quiz
from course.quiz.text import to_words
from tests.platform.browser.conftest import Lab, open_notebook, run_cell, save, screenshot, start_lab, stop
from tests.platform.browser.test_quiz_kinds import focus_by_tab, question, said

KEPT = "Your answer is kept."


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server on a course whose quiz has the feedback 'after-grading', and on nothing else that is changed."""
    root = copy_course(tmp_path_factory.mktemp("after-grading") / "course")
    source = root / "quizzes" / f"{SLUG}.yml"
    source.write_text(source.read_text().replace("feedback: immediate", "feedback: after-grading"))
    process, running = start_lab(root)
    yield running
    stop(process)


def open_quiz(page: Page, lab: Lab) -> Locator:
    """The lesson's own quiz; of the lesson only what the quiz needs is run."""
    notebook = open_notebook(page, lab, f"{SLUG}/lesson.ipynb")
    run_cell(page, notebook, "from course import feedback, quiz")
    cell = run_cell(page, notebook, f'quiz("{SLUG}")')
    quiz = cell.locator(".course-quiz")
    quiz.locator("summary").wait_for()
    return quiz


def telling_words(lab: Lab) -> dict[str, str]:
    """By language, question and field: the longest run of plain words in what a leak of the key would show."""
    catalog = load_catalog(lab.workspace.parent)
    found = {}
    for lang in languages_of(SLUG, catalog):
        for asked in load_quiz(SLUG, catalog, lang).questions:
            for place, text in texts_of(asked):
                if place[-1] in {"explanation", "hint"}:
                    runs = re.split(r"[^\w ,.;:]", to_words(text))
                    found[f"{lang}/{asked.id}/{place}"] = max(runs, key=len).strip()
    assert len(found) > 50  # 27 in each of two languages
    assert min(map(len, found.values())) > 10  # none is there by chance
    return found


def leaks(lab: Lab, text: str) -> list[str]:
    plain = " ".join(text.split())
    return [name for name, words in telling_words(lab).items() if words in plain]


def test_answers_are_kept_without_a_verdict_and_explained_by_the_grading(page: Page, lab: Lab) -> None:
    quiz = open_quiz(page, lab)
    by_mouse = question(quiz, "what-it-does")
    by_mouse.locator("label", has=page.locator("input[value=mean-and-spread]")).click()
    expect(said(by_mouse)).to_have_text(KEPT)

    focus_by_tab(page, "[data-question='new-rows'] input")
    while page.evaluate("document.activeElement.value") != "new-mean":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(said(question(quiz, "new-rows"))).to_have_text(KEPT)
    focus_by_tab(page, ".course-quiz summary")
    page.keyboard.press("Enter")
    focus_by_tab(page, "[data-question='divided'] input")
    page.keyboard.type("2,4")
    page.keyboard.press("Enter")
    expect(said(question(quiz, "divided"))).to_have_text(KEPT)

    expect(quiz.locator("[data-mark=right], [data-mark=wrong], [data-heading]")).to_have_count(0)
    expect(quiz.locator(".course-summary")).to_have_text("Answered: 2 of 2 that count; 1 of 6 optional.")
    screenshot(page, "quiz-after-grading")
    save(page)
    assert leaks(lab, page.content() + page.inner_text("body")) == []
    expect_no_key_in_the_workspace(lab)

    again = open_quiz(page, lab)
    expect(question(again, "what-it-does").locator("input[value=mean-and-spread]")).to_be_checked()
    expect(question(again, "new-rows").locator("input[value=new-mean]")).to_be_checked()
    expect(said(question(again, "new-rows"))).to_have_text(KEPT)
    expect(question(again, "divided").get_by_role("textbox")).to_have_value("2,4")

    expect_points_and_explanations_after_grading(lab)


def expect_no_key_in_the_workspace(lab: Lab) -> None:
    names = {path.name for path in lab.workspace.rglob("*")}
    assert {"quiz.json", "quiz.es.json", "answers.json"} <= names
    assert not [name for name in names if name.endswith((".yml", ".yaml"))]
    for path in lab.workspace.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            assert leaks(lab, text) == [], path.name
            assert '"correct"' not in text, path.name


def expect_points_and_explanations_after_grading(lab: Lab) -> None:
    catalog = load_catalog(lab.workspace.parent)
    verdict = grade_folder(catalog, SLUG, lab.workspace / SLUG, "sandbox").cells["quiz"]
    assert (verdict.score, verdict.max_score) == (1, 2)
    quiz = load_quiz(SLUG, catalog, "en")
    explanations = {
        option.id: to_words(option.explanation)
        for asked in quiz.graded
        for option in asked.options  # type: ignore[union-attr]
    }
    right, wrong = verdict.findings
    assert (right.passed, right.message) == (True, explanations["mean-and-spread"])
    assert (wrong.passed, wrong.message) == (False, explanations["new-mean"])
    assert verdict.misconceptions == ["own-mean"]

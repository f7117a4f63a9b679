"""A learner's way through the chapter, in a real JupyterLab: read, move, answer, come back, solve, check.

The lesson is one test, as running it takes longer than everything that is looked at.
"""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.chapters.dropout.browser.steps import (
    Moves,
    assert_pictures_follow,
    assert_ran_clean,
    cell_with,
    restart_kernel,
)
from tests.conftest import SLUG, reference_solutions
from tests.platform.browser.conftest import Lab, open_notebook, run_all, run_cell, screenshot, wait_idle

MOVES: Moves = {
    "staffing_simulator": [
        ("slider", "0"),
        ("press", "Next project"),
        ("press", "Next day"),
        ("radio", "Presentation"),
    ],
    "adaptation_lab": [("slider", "0")],
    "network_drawing": [("press", "Next step"), ("choose", "Sample", "3"), ("slider", "0"), ("radio", "Inference")],
}
WRONG = "input[value=removed-for-good]"


def test_the_lesson_runs_its_pictures_follow_and_answers_are_explained_and_kept(page: Page, lab: Lab) -> None:
    notebook = open_notebook(page, lab, f"{SLUG}/lesson.ipynb")
    run_all(page)
    assert_ran_clean(notebook)
    assert_pictures_follow(page, notebook, MOVES)

    page.evaluate("document.body.dataset.jpThemeLight = 'false'")  # as the dark theme sets it
    chooser = cell_with(notebook, "lesson.network_drawing()").get_by_label("Sample", exact=True)
    assert "e0e0e0" in chooser.evaluate("list => getComputedStyle(list).backgroundImage")
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    handle = cell_with(notebook, "lesson.network_drawing()").locator(".noUi-handle").first
    pale = "rgb(217, 217, 217)"  # ipywidgets' own, which is hardly seen on white
    assert handle.evaluate("each => getComputedStyle(each).borderTopColor") != pale

    card = cell_with(notebook, "lesson.keep_card()")
    expect(card.locator("figure img").first).to_be_visible()
    card.locator("figure img").first.scroll_into_view_if_needed()
    screenshot(page, "lab-card")
    assert (lab.workspace / SLUG / "dropout-card.png").is_file()

    predictions = cell_with(notebook, 'part="predictions"')
    predictions.get_by_role("radio").first.check()
    expect(predictions.get_by_text("Your predictions are kept").first).to_be_visible()
    screenshot(page, "predictions")

    quiz = cell_with(notebook, f'quiz("{SLUG}")')
    expect(quiz.get_by_role("heading", name="Quiz: Dropout")).to_have_class("course-unseen")
    quiz.locator("label", has=page.locator(WRONG)).click()
    expect(quiz.locator("[aria-live]", has_text="Not right yet").first).to_be_visible()
    screenshot(page, "quiz-wrong-answer")
    assert "removed-for-good" in json.dumps(json.loads((lab.workspace / SLUG / "answers.json").read_text()))

    page.goto(lab.url(f"{SLUG}/lesson.ipynb"))
    notebook = page.locator(".jp-NotebookPanel:visible")
    notebook.locator(".jp-Cell").first.wait_for()
    restart_kernel(page)
    run_cell(page, notebook, "from course import feedback, quiz")
    expect(run_cell(page, notebook, f'quiz("{SLUG}")').locator(WRONG)).to_be_checked()
    screenshot(page, "quiz-after-restart")
    table = run_cell(page, notebook, 'part="predicted"').locator("table", has_text="You predicted")
    table.scroll_into_view_if_needed()
    expect(table).to_be_visible()
    screenshot(page, "predictions-again")


def test_an_untouched_exercise_says_not_attempted_and_a_typed_solution_passes(page: Page, lab: Lab) -> None:
    notebook = open_notebook(page, lab, f"{SLUG}/exercises.ipynb")
    run_all(page)
    assert_ran_clean(notebook)
    for name in ("inverted_dropout", "build_classifier"):
        checked = cell_with(notebook, f'check("{name}")')
        expect(checked.get_by_text("not attempted")).to_be_visible()
    screenshot(page, "exercise-not-attempted")

    cell = cell_with(notebook, "def inverted_dropout(")
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(reference_solutions()["inverted_dropout"])
    page.keyboard.press("Control+Enter")
    check = cell_with(notebook, 'check("inverted_dropout")')
    check.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    wait_idle(page)
    expect(check.get_by_text("passed")).to_be_visible()
    expect(check.get_by_text("4 / 4")).to_be_visible()
    screenshot(page, "exercise-passed")

"""The quiz in Jupyter Notebook 7, which shows the same widgets with a page of its own."""

import json

from playwright.sync_api import Page, expect

from tests.conftest import SLUG
from tests.platform.browser.conftest import TOKEN, Lab, run_cell, screenshot
from tests.platform.browser.test_quiz_kinds import question, said, texts


def test_the_quiz_answers_explains_and_leads_back_in_notebook_7(page: Page, lab: Lab) -> None:
    page.goto(f"{lab.address}/notebooks/{SLUG}/lesson.ipynb?token={TOKEN}")
    notebook = page.locator(".jp-NotebookPanel")
    notebook.locator(".jp-Cell").first.wait_for()
    run_cell(page, notebook, "from course import feedback, quiz")
    quiz = run_cell(page, notebook, f'quiz("{SLUG}")').locator(".course-quiz")
    quiz.locator("summary").wait_for()
    block = question(quiz, "during-training")
    block.locator("label", has=page.locator("input[value=removed-for-good]")).click()
    expect(said(block)).to_contain_text(texts("en")("during-training", "removed-for-good"))
    screenshot(page, "quiz-notebook-7")
    stored = json.loads((lab.workspace / SLUG / "answers.json").read_text())
    assert stored["quizzes"][SLUG]["answers"]["during-training"]["latest"]["response"] == "removed-for-good"
    block.get_by_role("button", name="Reread: What dropout is").click()
    expect(page.get_by_role("heading", name="What dropout is")).to_be_in_viewport()

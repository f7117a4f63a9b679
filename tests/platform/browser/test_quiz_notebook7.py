"""The quiz in Jupyter Notebook 7, which shows the same widgets with a page of its own."""

import json

from playwright.sync_api import Page, expect

from tests.platform.browser.conftest import TOKEN, Lab, run_cell, screenshot
from tests.platform.browser.test_quiz_kinds import question, said, texts
from tests.platform.tiny import SLUG


def test_the_quiz_answers_explains_and_leads_back_in_notebook_7(page: Page, lab: Lab) -> None:
    page.set_viewport_size({"width": 1400, "height": 500})  # less than what is between the quiz and the section
    page.goto(f"{lab.address}/notebooks/{SLUG}/lesson.ipynb?token={TOKEN}")
    notebook = page.locator(".jp-NotebookPanel")
    notebook.locator(".jp-Cell").first.wait_for()
    run_cell(page, notebook, "from course import feedback, quiz")
    quiz = run_cell(page, notebook, f'quiz("{SLUG}")').locator(".course-quiz")
    quiz.locator("summary").wait_for()
    block = question(quiz, "what-it-does")
    block.locator("label", has=page.locator("input[value=spread-only]")).click()
    expect(said(block)).to_contain_text(texts("en")("what-it-does", "spread-only"))
    screenshot(page, "quiz-notebook-7")
    stored = json.loads((lab.workspace / SLUG / "answers.json").read_text())
    assert stored["quizzes"][SLUG]["answers"]["what-it-does"]["latest"]["response"] == "spread-only"
    heading = page.get_by_role("heading", name="How it works")
    expect(heading).not_to_be_in_viewport()
    block.get_by_role("button", name="Reread: How it works").click()
    expect(heading).to_be_in_viewport()

"""A learner's way through the chapter, in a real JupyterLab: read, move, answer, come back, solve, check."""

import json
import re

from playwright.sync_api import Locator, Page, expect

from tests.conftest import SLUG, reference_solutions
from tests.platform.browser.conftest import Lab, open_notebook, run_all, screenshot, wait_idle

NO_ERROR = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']"
STDERR = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"


def scroll_to(page: Page, notebook: Locator, text: str) -> Locator:
    """The cell whose source or text holds this, scrolled into view (cells out of view may not be in the page)."""
    cell = notebook.locator(".jp-Cell", has_text=text).first
    cell.scroll_into_view_if_needed()
    return cell


def picture(cell: Locator) -> str:
    return str(cell.locator("figure img").first.get_attribute("src"))


def test_lab_opens_on_the_contents_page_and_leads_to_the_lesson(page: Page, lab: Lab) -> None:
    page.goto(f"{lab.address}/?token=browser-tests")
    contents = page.locator(".jp-NotebookPanel:visible")
    expect(contents.get_by_role("heading", name="Neural Networks with TensorFlow")).to_be_visible()
    screenshot(page, "contents")
    contents.get_by_role("link", name="Lesson").click()
    expect(page.locator(".jp-NotebookPanel:visible").get_by_role("heading", name="Dropout").first).to_be_visible()


def test_the_lesson_runs_and_a_wrong_answer_is_explained_and_kept(page: Page, lab: Lab) -> None:
    notebook = open_notebook(page, lab, f"{SLUG}/lesson.ipynb")
    run_all(page)
    assert notebook.locator(NO_ERROR).count() == 0
    assert notebook.locator(STDERR).count() == 0

    company = scroll_to(page, notebook, "lesson.staffing_simulator()")
    expect(company.locator("figure img")).to_be_visible()
    before, read_out = picture(company), company.locator("figcaption").inner_text()
    company.locator(".noUi-handle").first.focus()
    for _press in range(4):
        page.keyboard.press("ArrowRight")
    expect(company.locator("figcaption")).not_to_have_text(read_out)
    assert picture(company) != before
    screenshot(page, "staffing-simulator")
    read_out = company.locator("figcaption").inner_text()
    company.get_by_role("button", name="Next day").click()
    expect(company.locator("figcaption")).not_to_have_text(read_out)

    network = scroll_to(page, notebook, "lesson.network_drawing()")
    before = picture(network)
    network.get_by_role("radio", name="Inference").check()
    expect(network.locator("figure img").first).not_to_have_attribute("src", before)
    screenshot(page, "network-drawing")

    quiz = scroll_to(page, notebook, f'quiz("{SLUG}")')
    quiz.get_by_role("radio", name=re.compile("removed for good|permanently|for good", re.I)).first.check()
    explained = quiz.locator("[aria-live]", has_text=re.compile("not", re.I)).first
    expect(explained).to_be_visible()
    screenshot(page, "quiz-wrong-answer")
    stored = json.loads((lab.workspace / SLUG / "answers.json").read_text())
    assert "permanent" in json.dumps(stored) or "removed" in json.dumps(stored)

    page.goto(lab.url(f"{SLUG}/lesson.ipynb"))
    notebook = page.locator(".jp-NotebookPanel:visible")
    notebook.locator(".jp-Cell").first.wait_for()
    restart_and_run_all(page)
    quiz = scroll_to(page, notebook, f'quiz("{SLUG}")')
    expect(
        quiz.get_by_role("radio", name=re.compile("removed for good|permanently|for good", re.I)).first
    ).to_be_checked()
    screenshot(page, "quiz-after-restart")


def restart_and_run_all(page: Page) -> None:
    wait_idle(page)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Restart Kernel and Run All Cells")).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    page.wait_for_timeout(1500)
    wait_idle(page)


def test_an_untouched_exercise_says_not_attempted_and_a_typed_solution_passes(page: Page, lab: Lab) -> None:
    notebook = open_notebook(page, lab, f"{SLUG}/exercises.ipynb")
    run_all(page)
    assert notebook.locator(NO_ERROR).count() == 0
    for name in ("inverted_dropout", "build_classifier"):
        checked = scroll_to(page, notebook, f'check("{name}")')
        expect(checked.get_by_text("not attempted")).to_be_visible()
    screenshot(page, "exercise-not-attempted")

    cell = scroll_to(page, notebook, "def inverted_dropout(")
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(reference_solutions()["inverted_dropout"])
    page.keyboard.press("Control+Enter")
    check = scroll_to(page, notebook, 'check("inverted_dropout")')
    check.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    wait_idle(page)
    expect(check.get_by_text("passed")).to_be_visible()
    expect(check.get_by_text("4 / 4")).to_be_visible()
    screenshot(page, "exercise-passed")

"""The contents page in JupyterLab: it shows the learner's progress whenever it is opened, with nothing to run."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.platform.tiny import SLUG  # before `course`

# isort: split
from course.quiz.record import Recorder
from tests.platform.browser.accessible import theme_chosen, violations
from tests.platform.browser.conftest import TOKEN, Lab, screenshot

WIDTHS = (1280, 1000)


def open_contents(page: Page, lab: Lab) -> Locator:
    page.goto(lab.url("index.ipynb"))
    panel = page.locator(".jp-NotebookPanel:visible")
    panel.get_by_role("heading", name=re.compile("2.1 Tiny")).wait_for()
    return panel.locator(".jp-MarkdownOutput")


def test_progress_is_there_when_the_page_is_opened(page: Page, lab: Lab) -> None:
    (lab.workspace / SLUG / "answers.json").unlink(missing_ok=True)
    panel = open_contents(page, lab)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        expect(panel.get_by_text("0 of 2 questions answered")).to_be_visible()
        expect(panel.get_by_role("link", name="2.1 Tiny, Lesson")).to_be_visible()
        screenshot(page, f"contents-{width}-begin")
    Recorder(lab.workspace / SLUG, SLUG).record("answers", "what-it-does", "mean-and-spread")
    panel = open_contents(page, lab)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        expect(panel.get_by_text("1 of 2 questions answered")).to_be_visible()
        expect(panel.get_by_text("Continue where you left off:")).to_be_visible()
        screenshot(page, f"contents-{width}-going-on")
    expect(panel.locator("progress").first).to_have_attribute("value", "1")
    assert page.locator(".jp-NotebookPanel:visible .jp-CodeCell").count() == 0
    (lab.workspace / SLUG / "answers.json").unlink()


def test_the_page_is_accessible_and_its_links_lead_on_by_keyboard(page: Page, lab: Lab) -> None:
    with theme_chosen(lab, "JupyterLab Dark"):
        open_contents(page, lab)
        expect(page.locator("body")).to_have_attribute("data-jp-theme-name", "JupyterLab Dark")
        screenshot(page, "contents-dark")
        assert violations(page, ".jp-MarkdownOutput") == []
    panel = open_contents(page, lab)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", "JupyterLab Light")
    assert violations(page, ".jp-MarkdownOutput") == []
    link = panel.get_by_role("link", name="Exercises", exact=True)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name=re.compile("exercises.ipynb"))).to_be_visible()


def test_lab_opens_on_the_contents_page_and_leads_to_the_lesson(page: Page, lab: Lab) -> None:
    page.goto(f"{lab.address}/?token={TOKEN}")
    contents = page.locator(".jp-NotebookPanel:visible")
    expect(contents.get_by_role("heading", name="A tiny course")).to_be_visible()
    screenshot(page, "contents")
    contents.get_by_role("link", name="2.1 Tiny, Lesson").first.click()
    expect(page.locator(".jp-NotebookPanel:visible").get_by_role("heading", name=re.compile("^Tiny"))).to_be_visible()

"""The quiz and the form for everybody: axe finds nothing serious, in both themes and at 200 % zoom."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.platform.browser.conftest import PATIENCE, Lab, screenshot
from tests.platform.browser.test_quiz_kinds import open_all_parts, open_quiz, question, said

AXE = Path(__file__).parent / "axe" / "axe.min.js"
RUN = "async (place) => (await axe.run({include: [place]}, {resultTypes: ['violations']})).violations"


def violations(page: Page, inside: str = ".course-quiz") -> list[Any]:
    """What axe finds in the elements of that selector."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate(RUN, inside)
    return [(v["id"], v["impact"], [node["html"][:200] for node in v["nodes"]]) for v in found]


@contextlib.contextmanager
def theme_chosen(lab: Lab, name: str) -> Iterator[None]:
    """A learner's own choice of theme, as JupyterLab stores it."""
    settings = (
        lab.workspace.parent / ".lab-settings" / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
    )
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"theme": name}))
    yield
    settings.unlink()


def answer_some(quiz: Locator) -> None:
    """Right, wrong and partly right, so that every look is on the page."""
    question(quiz, "during-training").locator("input[value=random-each-pass]").click()
    question(quiz, "at-inference").locator("input[value=times-rate]").click()
    multiple = question(quiz, "calls-that-drop")
    multiple.locator("input[value=fit]").check()
    multiple.get_by_role("button").first.click()
    numeric = question(quiz, "surviving-three")
    numeric.get_by_role("textbox").fill("2.4")
    numeric.get_by_role("textbox").press("Enter")
    expect(said(numeric)).to_contain_text("✘")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing(page: Page, lab: Lab, theme: str) -> None:
    short = theme.removeprefix("JupyterLab ").lower()
    with theme_chosen(lab, theme):
        quiz = open_all_parts(open_quiz(page, lab, f"axe-{short}", "en"))
        expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        answer_some(quiz)
        screenshot(page, f"quiz-{short}")
        page.locator(".course-form summary").click()
        screenshot(page, f"quiz-form-{short}")
        assert violations(page) == []


def test_groups_results_and_options_are_named(page: Page, lab: Lab) -> None:
    quiz = open_all_parts(open_quiz(page, lab, "names", "en"))
    group = quiz.get_by_role("radiogroup", name="During training, how does Dropout affect a network's neurons?")
    assert group.get_by_role("radio").count() == 4
    group.get_by_role("radio", name="A fixed set of them is removed").check()
    status = said(question(quiz, "during-training"))
    expect(status).to_have_attribute("aria-live", "polite")
    expect(status).to_contain_text("Not right yet.")
    order = question(quiz, "order-in-a-block")
    assert order.get_by_role("button", name="Move up: Dense").count() == 1
    assert question(quiz, "surviving-three").get_by_label("Your answer").count() == 1


def test_nothing_is_cut_off_at_200_percent(browser: Browser, lab: Lab) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, device_scale_factor=2)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    quiz = open_all_parts(open_quiz(page, lab, "zoom", "en"))
    page.set_viewport_size({"width": 700, "height": 500})  # what is left of 1400 × 1000 when zoomed to 200 %
    answer_some(quiz)
    screenshot(page, "quiz-zoom")
    too_wide = quiz.evaluate(
        "root => [...root.querySelectorAll('*')].filter(e => !e.closest('pre, math') && "
        "e.getBoundingClientRect().right > root.getBoundingClientRect().right + 1).map(e => e.outerHTML.slice(0, 120))"
    )
    assert too_wide == []
    context.close()

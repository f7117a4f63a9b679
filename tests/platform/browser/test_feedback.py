"""The page that a learner gets back, as it is looked at: wide and narrow, light and dark, on paper, in JupyterLab."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.platform.tiny import SLUG, TINY, WRONG, reference_solutions, write_submission  # before `course`

# isort: split
from course.catalog import load_catalog
from course.grading.feedback.page import page_of
from course.grading.feedback.work import Work
from course.notebooks.reading import read_notebook
from course.verdict import Compared, Finding, Verdict, weighted
from tests.platform.browser.accessible import violations
from tests.platform.browser.conftest import Lab, screenshot

WRITTEN = "explain_scaling"
ANSWER = "Then **every** row is centred, with $\\bar{x}$ of its own.\n\n| a | b |\n|---|---|\n| 1 | 2 |"


def shown(folder: Path) -> str:
    """The page of a learner in whose work there is something of everything."""
    write_submission(
        folder, {"standardise": WRONG["standardise"]["no_rescale"] + f"\n# {'long ' * 60}", WRITTEN: ANSWER}
    )
    numbers = Compared(tuple(f"{n}.25" for n in range(12)), tuple(f"{n}.5" for n in range(12)), is_cut=True)
    exercise = [
        Finding(True, "the shape"),
        Finding(
            False, "the spread", "Tried: `x` of shape (3, 2).", 1.0, "no_rescale", "It stays.", "How it works", numbers
        ),
        Finding(False, "the mean", "no", 1.0, "x", "It goes.", "How it works"),
    ]
    quiz = [
        Finding(True, "What standardising does", "Yes, by $\\frac{x - m}{s}$."),
        Finding(False, "Which mean", "No."),
    ]
    verdicts = [
        weighted("quiz", quiz, 2.0),
        weighted("standardise", exercise, 4.0),
        Verdict("running_sum", 0.0, 2.0, "not attempted", reason="There is no function running_sum."),
        Verdict("first_peak", None, 2.0, "error", reason="The judge failed."),
    ]
    cells = {each.name: each.as_json() for each in verdicts}
    cells[WRITTEN] = {**Verdict(WRITTEN, 2.0, 3.0, "partial").as_json(), "by_hand": 2.0}
    notebooks = {path.stem: read_notebook(path) for path in folder.glob("*.ipynb")}
    row = {"notes": ["1 cell was missing and put back."], "cells": cells, "penalty": 0.5}
    comments = {WRITTEN: "Say *which* mean.", "standardise-solution": "Nearly."}
    return page_of(load_catalog(TINY), SLUG, Work(row, notebooks, folder, "ada", None, 7200.0, comments))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_it_fits_and_has_no_fault_that_axe_finds(page: Page, tmp_path: Path, scheme: str, width: int) -> None:
    path = tmp_path / "feedback.html"
    path.write_text(shown(tmp_path / SLUG))
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(path.as_uri())
    assert violations(page, "html") == []
    folded = page.evaluate("document.documentElement.scrollHeight")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollHeight") > folded
    assert violations(page, "html") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (background == "rgb(255, 255, 255)") == (scheme == "light")
    heading = page.get_by_role("rowheader", name="Came back").first
    one_line = "each => each.getBoundingClientRect().height < 2 * parseFloat(getComputedStyle(each).lineHeight)"
    assert heading.evaluate(one_line)
    screenshot(page, f"feedback-{scheme}-{width}")


def test_on_paper_it_is_black_on_white_and_nothing_is_cut_off(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "feedback.html"
    path.write_text(shown(tmp_path / SLUG))
    page.emulate_media(color_scheme="dark", media="print")
    page.set_viewport_size({"width": 700, "height": 900})
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    wide = "all => all.filter(each => each.scrollWidth > each.clientWidth).length"
    assert page.locator("pre, .box, .found > li").count() > 5
    assert page.eval_on_selector_all("pre, .box, .found > li", wide) == 0


def test_in_jupyterlab_its_links_lead_to_the_place_on_the_page(page: Page, lab: Lab) -> None:
    path = lab.workspace / SLUG / "feedback.html"
    path.write_text(shown(lab.workspace.parent / "handed in" / SLUG))
    page.goto(lab.url(f"{SLUG}/feedback.html"))
    frame = page.locator(".jp-HTMLViewer iframe")
    frame.wait_for()
    opened = frame.content_frame
    link = opened.locator(".points").get_by_role("link", name="Exercise 4. In words")
    heading = opened.get_by_role("heading", name="Exercise 4. In words")
    expect(heading).not_to_be_in_viewport()
    link.click()
    expect(heading).to_be_in_viewport()
    opened.locator("#standardise").get_by_role("link", name="Reread: How it works").first.click()
    opened.get_by_text("Reread: How it works", exact=True).first.click()
    expect(opened.get_by_text("Subtract the mean of each column, then divide by its spread.")).to_be_in_viewport()
    assert reference_solutions()[WRITTEN].splitlines()[1][:30] in opened.locator(f"#{WRITTEN}").inner_text()

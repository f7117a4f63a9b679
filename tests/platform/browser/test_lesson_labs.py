"""Every widget of the lesson in a real JupyterLab: each control is moved by keyboard or click, the picture follows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import SLUG
from tests.platform.browser.conftest import Lab, open_notebook, run_all, screenshot

ERROR = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']"
STDERR = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"
# For each widget: the controls to move, as ("slider", its place), ("choose", label, option), ("radio", name) or
# ("press", button).
MOVES: dict[str, list[tuple[str, ...]]] = {
    "staffing_simulator": [
        ("slider", "0"),
        ("press", "Next project"),
        ("press", "Next day"),
        ("radio", "Presentation"),
    ],
    "adaptation_lab": [("slider", "0")],
    "network_drawing": [("press", "Next pass"), ("choose", "Sample", "3"), ("slider", "0"), ("radio", "Inference")],
}


def cell_with(notebook: Locator, source: str) -> Locator:
    """The code cell that calls this, in view."""
    cell = notebook.locator(".jp-CodeCell", has_text=source).first
    cell.scroll_into_view_if_needed()
    return cell


def move(cell: Locator, kind: str, *target: str) -> None:
    if kind == "slider":
        handle = cell.locator(".noUi-handle").nth(int(target[0]))
        for _step in range(2):
            handle.press("ArrowRight")  # to this handle each time, wherever the focus has gone meanwhile
    elif kind == "choose":
        cell.get_by_label(target[0], exact=True).select_option(target[1])
    elif kind == "radio":
        cell.get_by_role("radio", name=target[0], exact=True).check()
    else:
        cell.get_by_role("button", name=target[0], exact=True).click()


@pytest.fixture(scope="module")
def slug_of_lesson() -> str:
    return f"{SLUG}/lesson.ipynb"


def test_every_picture_follows_every_control(page: Page, lab: Lab, slug_of_lesson: str) -> None:
    notebook = open_notebook(page, lab, slug_of_lesson)
    run_all(page)
    assert notebook.locator(ERROR).count() == 0
    assert notebook.locator(STDERR).count() == 0

    for name, moves in MOVES.items():
        cell = cell_with(notebook, f"lesson.{name}()")
        read_out, image = cell.locator("figcaption").first, cell.locator("figure img").first
        expect(image).to_be_visible()
        for kind, *target in moves:
            told, shown = read_out.inner_text(), str(image.get_attribute("src"))
            move(cell, kind, *target)
            expect(read_out, f"{name}: {kind} {target}").not_to_have_text(told)
            expect(image).not_to_have_attribute("src", shown)
        page.wait_for_timeout(500)  # the second step of a slider may still be on its way
        cell.scroll_into_view_if_needed()  # the picture itself may just be being replaced
        screenshot(page, f"lab-{name}")

    card = cell_with(notebook, "lesson.keep_card()")
    expect(card.locator("figure img").first).to_be_visible()
    card.locator("figure img").first.scroll_into_view_if_needed()
    screenshot(page, "lab-card")
    assert (lab.workspace / SLUG / "dropout-card.png").is_file()


def test_a_prediction_made_at_the_beginning_stands_beside_the_later_answer(
    page: Page, lab: Lab, slug_of_lesson: str
) -> None:
    notebook = open_notebook(page, lab, slug_of_lesson)
    run_all(page)
    first = cell_with(notebook, 'part="predictions"')
    first.get_by_role("radio").first.check()
    expect(first.get_by_text("Your predictions are kept").first).to_be_visible()
    screenshot(page, "predictions")
    page.wait_for_timeout(500)
    run_all(page)
    last = cell_with(notebook, 'part="predicted"')
    table = last.locator("table", has_text="You predicted")
    table.scroll_into_view_if_needed()
    expect(table).to_be_visible()
    screenshot(page, "predictions-again")

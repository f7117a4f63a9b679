"""What a learner does in a notebook, as steps of the browser tests."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.platform.browser.conftest import screenshot, wait_idle

ERROR = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']"
STDERR = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"
# For each widget: the controls to move, as ("slider", its place), ("choose", label, option), ("radio", name) or
# ("press", button).
Moves = dict[str, list[tuple[str, ...]]]


def cell_with(notebook: Locator, source: str) -> Locator:
    """The code cell that holds this, in view (cells out of view may not be in the page)."""
    cell = notebook.locator(".jp-CodeCell", has_text=source).first
    cell.scroll_into_view_if_needed()
    return cell


def assert_ran_clean(notebook: Locator) -> None:
    assert notebook.locator(ERROR).count() == 0
    assert notebook.locator(STDERR).count() == 0


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


def assert_pictures_follow(page: Page, notebook: Locator, moves: Moves) -> None:
    """Each control is moved by keyboard or click, and the picture and the text below it change."""
    for name, steps in moves.items():
        cell = cell_with(notebook, f"lesson.{name}()")
        read_out, image = cell.locator("figcaption").first, cell.locator("figure img").first
        expect(image).to_be_visible()
        for kind, *target in steps:
            told, shown = read_out.inner_text(), str(image.get_attribute("src"))
            move(cell, kind, *target)
            expect(read_out, f"{name}: {kind} {target}").not_to_have_text(told)
            expect(image).not_to_have_attribute("src", shown)
        page.wait_for_timeout(500)  # the second step of a slider may still be on its way
        cell.scroll_into_view_if_needed()  # the picture itself may just be being replaced
        screenshot(page, f"lab-{name}")


def restart_kernel(page: Page) -> None:
    wait_idle(page)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    wait_idle(page)

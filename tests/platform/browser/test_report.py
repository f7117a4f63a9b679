"""A check's report in a real JupyterLab: numbers in a table, a link that opens the lesson, hints by keyboard."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Page, expect

from tests.platform.browser.accessible import theme_chosen, violations
from tests.platform.browser.conftest import Lab, open_notebook, run_cell, screenshot
from tests.platform.tiny import SLUG, WRONG

WRONG_CELL = f"import numpy as np\n\n{WRONG['standardise']['no_rescale']}"


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_a_report_shows_numbers_hints_and_a_link_and_has_no_fault_that_axe_finds(
    page: Page, lab: Lab, theme: str
) -> None:
    cells = [new_code_cell(WRONG_CELL), new_code_cell('from course import check\n\ncheck("standardise")')]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), lab.workspace / SLUG / f"report-{theme}.ipynb")
    with theme_chosen(lab, f"JupyterLab {theme}"):
        notebook = open_notebook(page, lab, f"{SLUG}/report-{theme}.ipynb")
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", f"JupyterLab {theme}")
    run_cell(page, notebook, "def standardise")
    cell = run_cell(page, notebook, 'check("standardise")')
    report = cell.locator(".course-verdict")
    expect(report).to_contain_text("partly right")
    numbers = report.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Came back"))
    expect(numbers.first).to_contain_text(re.compile(r"\d\.\d"))
    expect(report.get_by_role("link", name="Reread: How it works").first).to_be_visible()

    hints = report.locator("summary")
    expect(hints.first).to_have_text("Hint 1 of 2")
    expect(hints.nth(1)).to_be_hidden()
    hints.first.focus()
    page.keyboard.press("Enter")
    expect(report).to_contain_text("What are the mean and the spread of each column?")
    expect(hints.nth(1)).to_be_visible()
    screenshot(page, f"report-{theme}")
    assert violations(page, ".course-verdict") == []

    report.get_by_role("link", name="Reread: How it works").first.click()
    heading = page.locator(".jp-NotebookPanel:visible").get_by_role("heading", name="How it works")
    expect(heading.first).to_be_attached()  # JupyterLab opens the lesson; a notebook not open before is not scrolled

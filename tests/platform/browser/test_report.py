"""A check's report in a real JupyterLab: numbers in a table, a link that opens the lesson, hints by keyboard."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Page, expect

from tests.chapters.dropout.wrong_solutions import WRONG
from tests.conftest import SLUG
from tests.platform.browser.conftest import Lab, open_notebook, run_cell, screenshot
from tests.platform.browser.test_quiz_accessibility import violations

WRONG_CELL = f"import numpy as np\n\n{WRONG['inverted_dropout']['no_rescale']}"


def test_a_report_shows_numbers_hints_and_a_link_and_has_no_fault_that_axe_finds(page: Page, lab: Lab) -> None:
    cells = [new_code_cell(WRONG_CELL), new_code_cell('from course import check\n\ncheck("inverted_dropout")')]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), lab.workspace / SLUG / "report.ipynb")
    notebook = open_notebook(page, lab, f"{SLUG}/report.ipynb")
    run_cell(page, notebook, "def inverted_dropout")
    cell = run_cell(page, notebook, 'check("inverted_dropout")')
    report = cell.locator(".course-verdict")
    expect(report).to_contain_text("partly right")
    numbers = report.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Came back"))
    expect(numbers.first).to_contain_text("1")
    expect(report.get_by_role("link", name="Reread: What dropout is").first).to_be_visible()

    hints = report.locator("summary")
    expect(hints.first).to_have_text("Hint 1 of 3")
    expect(hints.nth(1)).to_be_hidden()
    hints.first.focus()
    page.keyboard.press("Enter")
    expect(report).to_contain_text("Draw one random number for every value")
    expect(hints.nth(1)).to_be_visible()
    screenshot(page, "report")
    assert violations(page, ".course-verdict") == []

    report.get_by_role("link", name="Reread: What dropout is").first.click()
    heading = page.locator(".jp-NotebookPanel:visible").get_by_role("heading", name="What dropout is")
    expect(heading.first).to_be_attached()  # JupyterLab opens the lesson; a notebook not open before is not scrolled

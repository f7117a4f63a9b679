"""An instructor in formgrader, started as nbgrader's docs say: generate, autograde, grade by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TOKEN, formgrader_in, screenshot
from tests.chapters.dropout.wrong_solutions import INVERTED_DROPOUT
from tests.conftest import SLUG, copy_course, reference_solutions, write_submission


@pytest.fixture
def formgrader(tmp_path: Path) -> Iterator[str]:
    """Address of formgrader in a JupyterLab that runs in a course folder with one submission."""
    root = copy_course(tmp_path / "course")
    solutions = {**reference_solutions(), "inverted_dropout": INVERTED_DROPOUT["no_rescale"]}
    write_submission(root / "class" / "submitted" / "ada" / SLUG, solutions)
    with formgrader_in(root) as address:
        yield address


def test_release_autograde_and_manual_grading_by_clicks(page: Page, formgrader: str) -> None:
    page.goto(f"{formgrader}/manage_assignments?token={TOKEN}")
    row = page.locator("tr", has_text=SLUG)
    row.locator("td.assign a").click()
    expect(page.get_by_text(f"Successfully created the student version of '{SLUG}'")).to_be_visible()

    page.goto(f"{formgrader}/manage_submissions/{SLUG}")
    row = page.locator("tr", has_text="ada")
    row.locator("td.autograde a").click()
    expect(page.get_by_text(f"Successfully autograded '{SLUG}' for student 'ada'.")).to_be_visible()

    page.goto(f"{formgrader}/gradebook/{SLUG}/exercises")
    page.get_by_role("link", name="Submission #1").click()
    graded = page.frame_locator("iframe").first if page.locator("iframe").count() else page
    expect(graded.get_by_text("Survivors keep their value, so the mean falls.").first).to_be_visible()
    screenshot(page, "formgrader-submission")

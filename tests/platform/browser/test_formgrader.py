"""An instructor in formgrader, started as nbgrader's docs say: generate, autograde, grade by hand."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from playwright.sync_api import Page, expect

from tests.chapters.dropout.wrong_solutions import INVERTED_DROPOUT
from tests.conftest import SLUG, copy_course, reference_solutions, write_submission
from tests.platform.browser.conftest import TOKEN, formgrader_in, screenshot
from tests.platform.grading.test_pages import DOT, STUDENT, graded_cells, graded_class, write


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


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """A course with a graded answer that holds a picture; its mark by hand was opened again, as its text changed."""
    root = copy_course(tmp_path / "course")
    folder = graded_class(root)
    answer, test = graded_cells("See ![it](attachment:plot.png). $\\frac{1}{2}$ [away](http:evil.html)")
    answer.attachments = {"plot.png": {"image/png": DOT}}
    write(folder, new_notebook(cells=[answer, test]))
    with Gradebook(folder.course.db_url, folder.course.course_id) as book:
        mark = book.find_grade("explain_inference", "exercises", SLUG, STUDENT)
        mark.manual_score, mark.needs_manual_grade = 2.0, True
        book.find_comment("explain_inference", "exercises", SLUG, STUDENT).manual_comment = "Nearly: see the figure."
        book.db.commit()
    return root


@pytest.mark.parametrize("started_in", ["the course", "the folder above"])
def test_a_mark_opened_again_is_shown_with_the_answer_and_its_picture(
    page: Page, marked: Path, started_in: str
) -> None:
    folder, query = (marked, "") if started_in == "the course" else (marked.parent, f"&path={marked}")
    with formgrader_in(folder) as address:
        page.goto(f"{address}?token={TOKEN}{query}")
        page.goto(f"{address}/gradebook/{SLUG}/exercises")
        page.get_by_role("link", name="Submission #1").click()
        mark = page.locator("#explain_inference")
        expect(mark).to_have_class(re.compile("needs_manual_grade"))
        expect(mark).to_have_value("2")
        expect(page.locator("#explain_inference-comment")).to_have_value("Nearly: see the figure.")
        shown = page.locator("#notebook-container").first
        assert shown.locator("img[alt=it]").evaluate("picture => picture.complete && picture.naturalWidth") == 1
        expect(shown.locator("mfrac")).to_be_visible()
        assert shown.locator("a[href]").count() == 0
        if started_in == "the course":
            mark.fill("3")
            mark.press("Tab")
            expect(mark).not_to_have_class(re.compile("needs_manual_grade"))
            screenshot(page, "formgrader-mark")

"""An instructor in formgrader, started as nbgrader's docs say: generate, autograde, grade by hand."""

import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from playwright.sync_api import Page, expect

from tests.platform.tiny import SLUG, WRONG, copy_course, reference_solutions, write_submission  # before `course`

# isort: split
from course.catalog import load_catalog
from course.grading.gradebook.store import ClassFolder
from tests.platform.browser.conftest import LONG, TOKEN, formgrader_in, screenshot
from tests.platform.grading.test_pages import DOT, STUDENT, graded_cells, graded_class, write

ANSWER = "See ![it](attachment:plot.png). $\\frac{1}{2}$ [away](http:evil.html)"
PICTURE = {"plot.png": {"image/png": DOT}}


def test_release_autograde_and_manual_grading_by_clicks(page: Page, tmp_path: Path) -> None:
    root = copy_course(tmp_path / "course")
    hand_in(root / "class" / "submitted" / STUDENT / SLUG)
    with formgrader_in(root) as address:
        page.goto(f"{address}/manage_assignments?token={TOKEN}")
        page.locator("tr", has_text=SLUG).locator("td.assign a").click()
        told = page.get_by_text(f"Successfully created the student version of '{SLUG}'")
        expect(told).to_be_visible(timeout=LONG)

        page.goto(f"{address}/manage_submissions/{SLUG}")
        page.locator("tr", has_text=STUDENT).locator("td.autograde a").click()
        told = page.get_by_text(f"Successfully autograded '{SLUG}' for student '{STUDENT}'.")
        expect(told).to_be_visible(timeout=LONG)

        open_mark_again(ClassFolder(load_catalog(root)))
        grade_again_by_hand(page, address)
        expect(page.get_by_text("The values are centred and keep their spread.").first).to_be_visible()
        screenshot(page, "formgrader-submission")


def test_a_mark_opened_again_is_shown_in_a_server_of_the_folder_above(page: Page, tmp_path: Path) -> None:
    root = copy_course(tmp_path / "course")
    folder = graded_class(root)
    answer, test = graded_cells(ANSWER)
    answer.attachments = PICTURE
    write(folder, new_notebook(cells=[answer, test]))
    open_mark_again(folder)
    with formgrader_in(tmp_path) as address:
        page.goto(f"{address}?token={TOKEN}&path={root}")
        grade_again_by_hand(page, address)


def hand_in(folder: Path) -> None:
    """A submission with a mistake that has a name, and an answer in words that holds a picture."""
    solutions = {"standardise": WRONG["standardise"]["no_rescale"], "explain_scaling": ANSWER}
    write_submission(folder, {**reference_solutions(), **solutions})
    path = folder / "exercises.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.source == ANSWER).attachments = PICTURE
    nbformat.write(notebook, path)


def open_mark_again(folder: ClassFolder) -> None:
    """As where the answer's text changed after somebody had given a mark and a comment."""
    with Gradebook(folder.course.db_url, folder.course.course_id) as book:
        mark = book.find_grade("explain_scaling", "exercises", SLUG, STUDENT)
        mark.manual_score, mark.needs_manual_grade = 2.0, True
        book.find_comment("explain_scaling", "exercises", SLUG, STUDENT).manual_comment = "Nearly: see the figure."
        book.db.commit()


def grade_again_by_hand(page: Page, address: str) -> None:
    """The mark and the comment are there, and the answer with its picture and its formula, without its link."""
    page.goto(f"{address}/gradebook/{SLUG}/exercises")
    page.get_by_role("link", name="Submission #1").click()
    mark = page.locator("#explain_scaling")
    expect(mark).to_have_class(re.compile("needs_manual_grade"))
    expect(mark).to_have_value("2")
    expect(page.locator("#explain_scaling-comment")).to_have_value("Nearly: see the figure.")
    shown = page.locator("#notebook-container").first
    assert shown.locator("img[alt=it]").evaluate("picture => picture.complete && picture.naturalWidth") == 1
    expect(shown.locator("mfrac")).to_be_visible()
    assert shown.locator("a[href*=evil]").count() == 0
    mark.fill("3")
    mark.press("Tab")
    expect(mark).not_to_have_class(re.compile("needs_manual_grade"))
    screenshot(page, "formgrader-mark")

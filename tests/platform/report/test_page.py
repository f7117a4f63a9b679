"""The report in a browser: no fault that axe finds, nothing cut off on a phone, tables folded but not on paper."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from course.catalog import load_catalog
from course.grading.gradebook.store import ClassFolder
from course.quiz.model import load_quiz
from course.report.page import write_report
from course.report.read import read_class
from course.report.sections import Table, sections_of
from course.report.similarity import Pair
from course.report.statistics import ChangedPoints, report_of
from tests.platform.browser.accessible import AXE
from tests.platform.report.test_report import QUESTION, add, answer, cell, options
from tests.platform.tiny import SLUG, TINY

LONG = "w" * 200
OUTSIDE = """() => [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && e.checkVisibility() && (box.right > innerWidth + 1 || box.left < -1);
}).map(e => e.outerHTML.slice(0, 120))"""
CUT = """() => [...document.querySelectorAll('th, td, p, li, summary')].filter(
    e => e.checkVisibility() && (e.closest('thead, caption')?.clientWidth ?? 9) > 1 && e.scrollWidth > e.clientWidth + 1
).map(e => e.outerHTML.slice(0, 120))"""
BEYOND = """() => [...document.querySelectorAll('svg text')].filter(e => {
    const box = e.getBoundingClientRect(), whole = e.closest('svg').getBoundingClientRect();
    return box.left < whole.left - 1 || box.right > whole.right + 1 || box.bottom > whole.bottom + 1;
}).map(e => e.textContent)"""
OPEN = "() => document.querySelectorAll('details').forEach(each => { each.open = true })"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a class of twelve that fills every part of the page."""
    from tests.platform.tiny import copy_course

    root = copy_course(tmp_path_factory.mktemp("class") / "course")
    right, wrong = options()
    other = load_quiz(SLUG, load_catalog(TINY)).questions[0]
    chosen = {option.correct: option.id for option in other.options}  # type: ignore[union-attr]
    draw = random.Random(1)
    for number in range(12):
        first, second = (draw.random() < 0.5 for _question in range(2))
        answers = {
            QUESTION: answer(right if first else wrong, number),
            other.id: answer(chosen[second], number),
        }
        sheets = {"answers": answers, "predictions": {QUESTION: answer(wrong, 1)}}
        said = {"chapter": SLUG, "clear": "mostly", "unclear": f"{LONG} {number}", "improve": "more pictures"}
        status = ("passed", "partial", "failed", "not attempted", "manual")[number % 5]
        work = cell(status, *["no_rescale"][: number % 2], message=f"`mean` is {LONG}")
        files = {"answers": {"quizzes": {SLUG: sheets}}, "feedback": {"entries": [said]}}
        add(root, f"learner-{number:02}", number % 10, {"e1": work}, **files)
    write_report(load_catalog(root), SLUG, anonymous=True)
    return write_report(load_catalog(root), SLUG)


@pytest.fixture(
    params=[
        ("light", 400, ""),
        ("dark", 400, ""),
        ("light", 1280, ""),
        ("dark", 1280, ""),
        ("dark", 400, "-anonymous"),
        ("light", 1280, "-anonymous"),
    ],
    ids=str,
)
def page(request: pytest.FixtureRequest, browser: Browser, report: Path) -> Iterator[Page]:
    scheme, width, kind = request.param
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 850})
    page = context.new_page()
    page.goto((report.parent.with_name(f"{SLUG}{kind}") / report.name).as_uri())
    yield page
    context.close()


def test_axe_finds_nothing_in_a_report_with_all_its_tables_open(page: Page) -> None:
    page.evaluate(OPEN)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    assert [(each["id"], [node["html"][:150] for node in each["nodes"]]) for each in found] == []


def test_nothing_is_cut_off_and_the_page_does_not_scroll_sideways(page: Page) -> None:
    page.evaluate(OPEN)
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(CUT) == []
    assert page.evaluate(BEYOND) == []


def test_on_a_phone_each_cell_says_its_column(browser: Browser, report: Path) -> None:
    page = browser.new_page(viewport={"width": 400, "height": 850})
    page.goto(report.as_uri())
    page.evaluate(OPEN)
    table = page.get_by_role("table", name="Each learner")
    assert table.get_by_role("columnheader").count() == 5  # still a table for those who hear it
    points = table.get_by_role("row").nth(1).get_by_role("cell").first
    assert points.evaluate("e => getComputedStyle(e, '::before').content") == '"Points: "'
    page.close()


def test_a_table_is_opened_on_paper_up_to_forty_rows() -> None:
    def on_paper(count: int, prints: bool = True) -> bool:
        return Table("Each learner", ("Learner", "Points"), [("ada", 1)] * count, "scores.csv", prints=prints).on_paper

    assert on_paper(40)
    assert not on_paper(41)
    assert not on_paper(40, prints=False)


def test_figures_have_text_alternatives_and_their_tables_beneath_folded(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    figures = page.get_by_role("figure")
    assert figures.count() == 3
    told = ["10–20 %: ", "e1: Solved ", "1: "]
    for place, start in enumerate(told):
        drawing = figures.nth(place).get_by_role("img")
        title = drawing.locator("title").first.text_content()
        assert title
        assert start in (drawing.locator("desc").text_content() or "")
        table = figures.nth(place).locator("xpath=following-sibling::details")
        assert table.count() == 1
        assert not table.get_by_role("table").is_visible()
        table.locator("summary").click()
        assert table.get_by_role("table").is_visible()
    page.close()


def test_paper_shows_questions_and_learners_though_they_are_folded(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    shown = "e => e.checkVisibility({contentVisibilityAuto: true})"
    learners, outcomes = (page.locator("table", has_text=name) for name in ("Each learner", "Learners by outcome"))
    assert not learners.evaluate(shown)
    page.emulate_media(media="print")
    assert learners.evaluate(shown)
    assert page.locator("table", has_text="Each question").evaluate(shown)
    assert not outcomes.evaluate(shown)  # its figure says it; the file beside it has the numbers
    assert page.locator("summary", has_text="Learners by outcome").inner_text().endswith("exercises.csv")
    page.close()


def test_every_table_calls_learners_by_name_where_the_gradebook_knows_it(report: Path) -> None:
    catalog = load_catalog(report.parents[3])
    found = replace(
        report_of(read_class(ClassFolder(catalog), SLUG), load_quiz(SLUG, catalog)),
        similar=(Pair("learner-01", "learner-02", 0.9),),
        changed=(ChangedPoints("learner-03", 1.0, 2.0, ()),),
    )
    called = {student.name: f"Kim No. {student.name[-2:]}" for student in found.students}
    tables = [table for section in sections_of(found, called) for table in section.tables]
    cells = [str(cell) for table in tables for row in table.rows for cell in row]
    assert not [text for text in cells if "learner-" in text]
    assert {"Kim No. 01 · Kim No. 02", "Kim No. 03"} <= set(cells)
    assert any(": Kim No. " in text for text in cells)  # whom a wrong answer drew

"""Every kind of question in a real JupyterLab: with the mouse, with the keyboard alone, in English and in Spanish.

And for everybody: axe finds nothing serious in the quiz and the form, in both themes, and nothing is cut off at 200 %.
"""

import json
from collections.abc import Callable, Iterator

import nbformat
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.platform.tiny import SLUG, TINY  # before `course`

# isort: split
from course.catalog import load_catalog
from course.quiz.model import Quiz, load_quiz
from course.quiz.questions import MultipleQuestion
from course.quiz.text import to_words
from tests.platform.browser.accessible import theme_chosen, violations
from tests.platform.browser.conftest import PATIENCE, Lab, new_page, open_notebook, run_all, save, screenshot

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
FIRST = 'import os\nos.environ["COURSE_LANG"] = "{lang}"\nfrom course import feedback, quiz'
NOT_YET = {"en": "Not right yet.", "es": "Aún no es correcto."}
ANSWER = {"en": "Your answer", "es": "Tu respuesta"}
UP = {"en": "Move up: Subtract the mean.", "es": "Subir: Resta la media."}


def open_quiz(page: Page, lab: Lab, folder: str, lang: str) -> Locator:
    """A notebook of its own that shows the quiz and the form, run; returns the quiz."""
    place = lab.workspace / folder
    place.mkdir(exist_ok=True)
    cells = [
        nbformat.v4.new_markdown_cell("# A page\n\n## Sums and peaks\n\n" + "Text.\n\n" * 60),
        nbformat.v4.new_code_cell(FIRST.format(lang=lang)),
        nbformat.v4.new_code_cell(f'quiz("{SLUG}", part="predictions")'),
        nbformat.v4.new_code_cell(f'quiz("{SLUG}")'),
        nbformat.v4.new_code_cell(f'feedback("{SLUG}")'),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), place / "quiz.ipynb")
    return run(page, open_notebook(page, lab, f"{folder}/quiz.ipynb"))


def run(page: Page, notebook: Locator) -> Locator:
    run_all(page)
    quiz = notebook.locator(".course-quiz:not(.course-form)").last
    quiz.locator("summary").wait_for()
    return quiz


def open_all_parts(quiz: Locator) -> Locator:
    """A part that was begun before is open already."""
    if quiz.locator("details").get_attribute("open") is None:
        quiz.locator("summary").click()
    return quiz


def question(quiz: Locator, name: str) -> Locator:
    block = quiz.locator(f"[data-question='{name}']")
    block.scroll_into_view_if_needed()
    return block


def said(block: Locator) -> Locator:
    return block.get_by_role("status")


def loaded(lang: str) -> Quiz:
    return load_quiz(SLUG, load_catalog(TINY), lang)


def texts(lang: str) -> Callable[[str, str], str]:
    """explanation(question, option) in plain words."""
    quiz = loaded(lang)

    def explanation(name: str, option: str) -> str:
        found = quiz.question(name)
        assert found is not None
        return next(to_words(o.explanation) for o in found.options if o.id == option)  # type: ignore[union-attr]

    return explanation


def expect_names(quiz: Locator, lang: str) -> None:
    """Groups, options, buttons and results are named, and a result is told to a screen reader."""
    asked = loaded(lang).question("what-it-does")
    assert asked is not None
    group = quiz.get_by_role("radiogroup", name=to_words(asked.prompt))
    assert group.get_by_role("radio").count() == 4
    wrong = next(to_words(o.text) for o in asked.options if o.id == "mean-only")  # type: ignore[union-attr]
    group.get_by_role("radio", name=wrong).check()
    status = said(question(quiz, "what-it-does"))
    expect(status).to_have_attribute("aria-live", "polite")
    expect(status).to_contain_text(NOT_YET[lang])
    assert question(quiz, "steps").get_by_role("button", name=UP[lang]).count() == 1
    assert question(quiz, "divided").get_by_label(ANSWER[lang]).count() == 1


def answer_some(quiz: Locator) -> None:
    """Right, wrong and partly right, so that every look is on the page."""
    question(quiz, "new-rows").locator("input[value=training-mean]").click()
    question(quiz, "spread-after").locator("input[value=five]").click()
    multiple = question(quiz, "which-change")
    multiple.locator("input[value=mean]").check()
    multiple.get_by_role("button").first.click()
    numeric = question(quiz, "divided")
    numeric.get_by_role("textbox").fill("2.4")
    numeric.get_by_role("textbox").press("Enter")
    expect(said(numeric)).to_contain_text("✘")


def expect_nothing_cut_off_at_200_percent(page: Page, quiz: Locator) -> None:
    """Zoomed to 200 %, half of the width and the height is left, and a pixel of the page is two of the screen."""
    page.set_viewport_size({"width": 700, "height": 500})
    fits = "quiz => devicePixelRatio === 2 && innerWidth === 700 && quiz.getBoundingClientRect().right <= 700"
    page.wait_for_function(fits, arg=quiz.element_handle())  # JupyterLab lays its panels out a moment later
    too_wide = quiz.evaluate(
        "root => [...root.querySelectorAll('*')].filter(e => !e.closest('pre, math') && "
        "e.getBoundingClientRect().right > root.getBoundingClientRect().right + 1).map(e => e.outerHTML.slice(0, 120))"
    )
    assert too_wide == []
    question(quiz, "divided")
    screenshot(page, "quiz-zoom")
    page.set_viewport_size({"width": 1400, "height": 1000})


def answer_by_mouse(quiz: Locator, lang: str) -> None:
    explanation = texts(lang)
    single = question(quiz, "what-it-does")
    single.locator("label", has=single.page.locator("input[value=spread-only]")).click()
    expect(said(single)).to_contain_text(explanation("what-it-does", "spread-only"))
    expect(said(single)).to_contain_text(NOT_YET[lang])
    expect(single.locator("[data-mark=wrong] .course-mark")).to_contain_text("✘")

    multiple = question(quiz, "which-change")
    for option in ("mean", "length"):
        multiple.locator(f"input[value={option}]").check()
    multiple.get_by_role("button").first.click()
    expect(said(multiple)).to_contain_text(explanation("which-change", "length"))

    numeric = question(quiz, "divided")
    numeric.get_by_role("textbox").fill("3,75")
    numeric.get_by_role("button").first.click()
    expect(said(numeric)).to_contain_text("✔")

    order = question(quiz, "steps")
    put_in_order(order, lambda name: order.locator(f"li[data-id={name}] button").first.click())
    order.get_by_role("button").last.click()
    expect(said(order)).to_contain_text("✔")


def put_in_order(order: Locator, press_up: Callable[[str], None]) -> None:
    """Brings the items into the right order with their buttons 'up'."""
    for place, name in enumerate(["subtract", "divide", "add"]):
        for _step in range(3):
            order_now = order.locator("li").evaluate_all("items => items.map(item => item.dataset.id)")
            if order_now.index(name) <= place:
                break
            press_up(name)


def focus_by_tab(page: Page, selector: str) -> None:
    """Presses Tab (or Shift + Tab, for what lies before) until the focus is there."""
    back = page.evaluate(
        "wanted => document.activeElement.compareDocumentPosition(document.querySelector(wanted)) & 2", selector
    )
    for _press in range(60):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def answer_by_keyboard(page: Page, quiz: Locator, lang: str) -> None:
    explanation = texts(lang)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")  # from the last cell to the quiz
    focus_by_tab(page, "[data-question='what-it-does'] input")
    for _step in range(4):
        if page.evaluate("document.activeElement.value") == "spread-only":
            break
        page.keyboard.press("ArrowDown")
    expect(said(quiz.locator("[data-question='what-it-does']"))).to_be_empty()
    page.keyboard.press("Space")
    expect(said(question(quiz, "what-it-does"))).to_contain_text(explanation("what-it-does", "spread-only"))
    assert focus_is_visible(page)

    focus_by_tab(page, ".course-quiz summary")
    page.keyboard.press("Enter")
    for option in ("mean", "length"):
        focus_by_tab(page, f"[data-question='which-change'] input[value={option}]")
        page.keyboard.press("Space")
    focus_by_tab(page, "[data-question='which-change'] button")
    page.keyboard.press("Enter")
    expect(said(question(quiz, "which-change"))).to_contain_text(explanation("which-change", "length"))

    focus_by_tab(page, "[data-question='divided'] input")
    page.keyboard.type("3,75")
    page.keyboard.press("Enter")
    expect(said(question(quiz, "divided"))).to_contain_text("✔")

    order = question(quiz, "steps")
    put_in_order(order, lambda name: press_up(page, name))
    assert page.evaluate("document.activeElement.closest('li') !== null"), "the focus stays with the item"
    focus_by_tab(page, "[data-question='steps'] ol + button")
    page.keyboard.press("Space")
    expect(said(order)).to_contain_text("✔")


def press_up(page: Page, name: str) -> None:
    focus_by_tab(page, f"li[data-id={name}] button")
    page.keyboard.press("Enter")


def focus_is_visible(page: Page) -> bool:
    return bool(page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"))


def expect_answers_shown(quiz: Locator) -> None:
    expect(question(quiz, "what-it-does").locator("input[value=spread-only]")).to_be_checked()
    expect(question(quiz, "which-change").locator("input[value=length]")).to_be_checked()
    expect(question(quiz, "divided").get_by_role("textbox")).to_have_value("3,75")
    first = question(quiz, "steps").locator("li").first
    expect(first).to_have_attribute("data-id", "subtract")


@pytest.fixture
def fine_page(browser: Browser) -> Iterator[Page]:
    """On a screen with two pixels for one, as after zooming to 200 %."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, device_scale_factor=2)
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield new_page(context)
    context.close()


@pytest.mark.parametrize(("lang", "theme"), [("en", "JupyterLab Light"), ("es", "JupyterLab Dark")])
def test_every_kind_with_the_mouse_for_everybody_and_a_reload(fine_page: Page, lab: Lab, lang: str, theme: str) -> None:
    with theme_chosen(lab, theme):
        quiz = open_all_parts(open_quiz(fine_page, lab, f"mouse-{lang}", lang))
        expect(fine_page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        expect_names(quiz, lang)
        answer_some(quiz)
        screenshot(fine_page, f"quiz-{lang}-some")
        fine_page.locator(".course-form summary").click()
        screenshot(fine_page, f"quiz-form-{lang}")
        assert violations(fine_page) == []
        expect_nothing_cut_off_at_200_percent(fine_page, quiz)
        answer_by_mouse(quiz, lang)
        screenshot(fine_page, f"quiz-mouse-{lang}")
        assert violations(fine_page) == []
        stored = json.loads((lab.workspace / f"mouse-{lang}" / "answers.json").read_text())
        assert stored["quizzes"][SLUG]["answers"]["what-it-does"]["latest"]["response"] == "spread-only"
        save(fine_page)
        notebook = open_notebook(fine_page, lab, f"mouse-{lang}/quiz.ipynb")
        expect_answers_shown(run(fine_page, notebook))


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_kind_with_the_keyboard_alone_and_a_reload(page: Page, lab: Lab, lang: str) -> None:
    quiz = open_quiz(page, lab, f"keys-{lang}", lang)
    answer_by_keyboard(page, quiz, lang)
    screenshot(page, f"quiz-keys-{lang}")
    notebook = open_notebook(page, lab, f"keys-{lang}/quiz.ipynb")
    expect_answers_shown(run(page, notebook))


@pytest.fixture(scope="module")
def opened(context: BrowserContext, lab: Lab) -> Iterator[Page]:
    """A page with the quiz and the form, for tests that each use a part of it that no other does."""
    page = new_page(context)
    open_quiz(page, lab, "opened", "en")
    yield page
    page.close()


def test_predictions_are_kept_without_a_verdict_and_shown_beside_the_later_answers(opened: Page) -> None:
    asked = opened.locator(".course-quiz").first.locator("[data-question='spread-after']")
    asked.get_by_role("radio", name="It is still 5.").check()
    expect(said(asked)).to_contain_text("Your answer is kept.")
    expect(asked.locator("[data-mark=wrong]")).to_have_count(0)
    quiz = run(opened, opened.locator(".jp-NotebookPanel:visible"))
    later = question(open_all_parts(quiz), "spread-after")
    later.get_by_role("radio", name="It is 1.").check()
    row = quiz.get_by_role("row", name="The spread afterwards")
    expect(row.get_by_role("cell")).to_have_text(["✘ It is still 5.", "✔ It is 1."])
    row.scroll_into_view_if_needed()
    screenshot(opened, "quiz-predictions")


def test_what_is_said_of_an_answer_goes_once_the_answer_is_another(opened: Page) -> None:
    quiz = open_all_parts(opened.locator(".course-quiz:not(.course-form)").last)
    block = question(quiz, "which-change")
    asked = loaded("en").question("which-change")
    assert isinstance(asked, MultipleQuestion)
    for option in asked.options:
        if option.correct:
            block.locator(f"input[value={option.id}]").check()
    block.get_by_role("button", name="Check").click()
    expect(said(block)).to_contain_text("✔ Right.")
    for option in asked.options:
        row = block.locator("label", has=opened.locator(f"input[value={option.id}]"))
        expect(row.locator(".course-mark")).to_have_text("✔ right" if option.correct else "✔ rightly left out")
        expect(row).to_have_attribute("data-mark", "right" if option.correct else "left")
    screenshot(opened, "quiz-left-out")
    for option in asked.options:
        block.locator(f"input[value={option.id}]").uncheck()
    expect(block.locator("[data-mark=right], [data-mark=left], [data-status]")).to_have_count(0)
    expect(said(block)).to_have_text("Your answer has changed, and is not checked yet.")
    block.get_by_role("button", name="Check").click()
    expect(said(block)).to_have_text("Tick at least one option first.")

    numeric = question(quiz, "divided")
    numeric.get_by_role("textbox").fill("3.75")
    numeric.get_by_role("textbox").press("Enter")
    expect(said(numeric)).to_contain_text("✔")
    numeric.get_by_role("textbox").fill("4")
    expect(said(numeric)).to_have_text("Your answer has changed, and is not checked yet.")


def test_a_link_leads_back_to_the_lessons_section(opened: Page) -> None:
    quiz = open_all_parts(opened.locator(".course-quiz:not(.course-form)").last)
    block = question(quiz, "same-twice")
    block.locator("input[value=other-sums]").click()
    heading = opened.get_by_role("heading", name="Sums and peaks")
    expect(heading).not_to_be_in_viewport()
    block.get_by_role("button", name="Reread: Sums and peaks").click()
    expect(heading).to_be_in_viewport()


def test_a_link_opens_the_notebook_that_has_the_section_in_a_tab_of_its_own(page: Page, lab: Lab) -> None:
    beside = lab.workspace / SLUG / "more.ipynb"  # has a quiz, and not the lesson's sections
    cells = [nbformat.v4.new_code_cell(f'{FIRST.format(lang="en")}\nquiz("{SLUG}")')]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), beside)
    quiz = open_all_parts(run(page, open_notebook(page, lab, f"{SLUG}/{beside.name}")))
    block = question(quiz, "same-twice")
    block.locator("input[value=other-sums]").click()
    with page.context.expect_page() as opened:
        block.get_by_role("button", name="Reread: Sums and peaks").click()
    lesson = opened.value.locator(".jp-NotebookPanel:visible")
    expect(lesson.get_by_role("heading", name="Sums and peaks")).to_be_visible()
    screenshot(opened.value, "quiz-reread-elsewhere")
    opened.value.close()
    (beside.parent / "answers.json").unlink()
    beside.unlink()


def test_the_form_is_kept_and_thanked_for(opened: Page, lab: Lab) -> None:
    form = opened.locator(".course-form")
    form.scroll_into_view_if_needed()
    form.get_by_role("radio", name="Mostly").check()
    form.get_by_label("How can we improve it?").fill("More pictures, please: <b>bold</b>")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_text("Thank you! Your answers are stored in feedback.json.")).to_be_visible()
    form.get_by_text("Something went wrong?").click()
    form.get_by_label("What happened?").fill("A plot stayed empty.")
    form.get_by_role("button", name="Report it").click()
    expect(form.get_by_text("Your report is stored in feedback.json.")).to_be_visible()
    screenshot(opened, "quiz-form")
    entries = json.loads((lab.workspace / "opened" / "feedback.json").read_text())["entries"]
    assert [entry["kind"] for entry in entries] == ["opinion", "problem"]

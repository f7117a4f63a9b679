"""Every kind of question in a real JupyterLab: with the mouse, with the keyboard alone, in English and in Spanish."""

import json
from collections.abc import Callable

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from course.catalog import load_catalog
from course.quiz.model import Quiz, load_quiz
from course.quiz.text import to_words
from tests.conftest import ROOT, SLUG
from tests.platform.browser.conftest import Lab, open_notebook, run_all, screenshot, wait_idle

FIRST = 'import os\nos.environ["COURSE_LANG"] = "{lang}"\nfrom course import feedback, quiz'


def open_quiz(page: Page, lab: Lab, folder: str, lang: str) -> Locator:
    """A notebook of its own that shows the quiz and the form, run; returns the quiz."""
    place = lab.workspace / folder
    place.mkdir(exist_ok=True)
    cells = [
        nbformat.v4.new_markdown_cell("# A page\n\n## Which calls drop?\n\n" + "Text.\n\n" * 60),
        nbformat.v4.new_code_cell(FIRST.format(lang=lang)),
        nbformat.v4.new_code_cell(f'quiz("{SLUG}", part="predictions")'),
        nbformat.v4.new_code_cell(f'quiz("{SLUG}")'),
        nbformat.v4.new_code_cell(f'feedback("{SLUG}")'),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), place / "quiz.ipynb")
    notebook = open_notebook(page, lab, f"{folder}/quiz.ipynb")
    return run(page, notebook)


def run(page: Page, notebook: Locator) -> Locator:
    run_all(page)
    quiz = notebook.locator(".course-quiz:not(.course-form)").last
    quiz.locator("summary").wait_for()
    return quiz


def open_all_parts(quiz: Locator) -> Locator:
    quiz.locator("summary").click()
    return quiz


def question(quiz: Locator, name: str) -> Locator:
    block = quiz.locator(f"[data-question='{name}']")
    block.scroll_into_view_if_needed()
    return block


def said(block: Locator) -> Locator:
    return block.get_by_role("status")


def texts(lang: str) -> Callable[[str, str], str]:
    """explanation(question, option) in plain words."""
    quiz: Quiz = load_quiz(SLUG, load_catalog(ROOT), lang)

    def explanation(name: str, option: str) -> str:
        found = quiz.question(name)
        assert found is not None
        return next(to_words(o.explanation) for o in found.options if o.id == option)  # type: ignore[union-attr]

    return explanation


def answer_by_mouse(quiz: Locator, lang: str) -> None:
    explanation = texts(lang)
    single = question(quiz, "during-training")
    single.locator("label", has=single.page.locator("input[value=removed-for-good]")).click()
    expect(said(single)).to_contain_text(explanation("during-training", "removed-for-good"))
    expect(said(single)).to_contain_text({"en": "Not right yet.", "es": "Aún no es correcto."}[lang])
    expect(single.locator("[data-mark=wrong] .course-mark")).to_contain_text("✘")

    multiple = question(quiz, "calls-that-drop")
    for option in ("fit", "plain-call"):
        multiple.locator(f"input[value={option}]").check()
    multiple.get_by_role("button").first.click()
    expect(said(multiple)).to_contain_text(explanation("calls-that-drop", "plain-call"))

    numeric = question(quiz, "surviving-three")
    numeric.get_by_role("textbox").fill("3,75")
    numeric.get_by_role("button").click()
    expect(said(numeric)).to_contain_text("✔")

    order = question(quiz, "order-in-a-block")
    put_in_order(order, lambda name: order.locator(f"li[data-id={name}] button").first.click())
    order.get_by_role("button").last.click()
    expect(said(order)).to_contain_text("✔")


def put_in_order(order: Locator, press_up: Callable[[str], None]) -> None:
    """Brings the items into the right order with their buttons 'up'."""
    for place, name in enumerate(["dense", "batch-norm", "relu", "dropout"]):
        for _step in range(3):
            order_now = order.locator("li").evaluate_all("items => items.map(item => item.dataset.id)")
            if order_now.index(name) <= place:
                break
            press_up(name)


def test_predictions_are_kept_without_a_verdict_and_shown_beside_the_later_answers(page: Page, lab: Lab) -> None:
    quiz = open_quiz(page, lab, "predictions", "en")
    asked = page.locator(".course-quiz").first.locator("[data-question='masks-in-a-batch']")
    asked.get_by_role("radio", name="All 64 of the batch").check()
    expect(said(asked)).to_contain_text("Your answer is kept.")
    expect(asked.locator("[data-mark=wrong]")).to_have_count(0)
    run(page, page.locator(".jp-NotebookPanel:visible"))
    later = question(open_all_parts(quiz), "masks-in-a-batch")
    later.get_by_role("radio", name="None, unless you ask for it").check()
    row = quiz.get_by_role("row", name="Who shares a mask")
    expect(row.get_by_role("cell")).to_have_text(["✘ All 64 of the batch", "✔ None, unless you ask for it"])
    row.scroll_into_view_if_needed()
    screenshot(page, "quiz-predictions")


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
    focus_by_tab(page, "[data-question='during-training'] input")
    for _step in range(4):
        if page.evaluate("document.activeElement.value") == "removed-for-good":
            break
        page.keyboard.press("ArrowDown")
    expect(said(quiz.locator("[data-question='during-training']"))).to_be_empty()
    page.keyboard.press("Space")
    expect(said(question(quiz, "during-training"))).to_contain_text(explanation("during-training", "removed-for-good"))
    assert focus_is_visible(page)

    focus_by_tab(page, ".course-quiz summary")
    page.keyboard.press("Enter")
    for option in ("fit", "plain-call"):
        focus_by_tab(page, f"[data-question='calls-that-drop'] input[value={option}]")
        page.keyboard.press("Space")
    focus_by_tab(page, "[data-question='calls-that-drop'] button")
    page.keyboard.press("Enter")
    expect(said(question(quiz, "calls-that-drop"))).to_contain_text(explanation("calls-that-drop", "plain-call"))

    focus_by_tab(page, "[data-question='surviving-three'] input")
    page.keyboard.type("3,75")
    page.keyboard.press("Enter")
    expect(said(question(quiz, "surviving-three"))).to_contain_text("✔")

    order = question(quiz, "order-in-a-block")
    put_in_order(order, lambda name: press_up(page, name))
    assert page.evaluate("document.activeElement.closest('li') !== null"), "the focus stays with the item"
    focus_by_tab(page, "[data-question='order-in-a-block'] ol + button")
    page.keyboard.press("Space")
    expect(said(order)).to_contain_text("✔")


def press_up(page: Page, name: str) -> None:
    focus_by_tab(page, f"li[data-id={name}] button")
    page.keyboard.press("Enter")


def focus_is_visible(page: Page) -> bool:
    return bool(page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"))


def expect_answers_shown(quiz: Locator) -> None:
    expect(question(quiz, "during-training").locator("input[value=removed-for-good]")).to_be_checked()
    expect(question(quiz, "calls-that-drop").locator("input[value=plain-call]")).to_be_checked()
    expect(question(quiz, "surviving-three").get_by_role("textbox")).to_have_value("3,75")
    first = question(quiz, "order-in-a-block").locator("li").first
    expect(first).to_have_attribute("data-id", "dense")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_kind_with_the_mouse_and_a_reload(page: Page, lab: Lab, lang: str) -> None:
    quiz = open_quiz(page, lab, f"mouse-{lang}", lang)
    answer_by_mouse(open_all_parts(quiz), lang)
    screenshot(page, f"quiz-mouse-{lang}")
    stored = json.loads((lab.workspace / f"mouse-{lang}" / "answers.json").read_text())
    assert stored["quizzes"][SLUG]["answers"]["during-training"]["latest"]["response"] == "removed-for-good"
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1000)
    page.goto(lab.url(f"mouse-{lang}/quiz.ipynb"))
    notebook = page.locator(".jp-NotebookPanel:visible")
    notebook.locator(".jp-Cell").first.wait_for()
    wait_idle(page)
    expect_answers_shown(run(page, notebook))


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_kind_with_the_keyboard_alone_and_a_reload(page: Page, lab: Lab, lang: str) -> None:
    quiz = open_quiz(page, lab, f"keys-{lang}", lang)
    answer_by_keyboard(page, quiz, lang)
    screenshot(page, f"quiz-keys-{lang}")
    page.goto(lab.url(f"keys-{lang}/quiz.ipynb"))
    notebook = page.locator(".jp-NotebookPanel:visible")
    notebook.locator(".jp-Cell").first.wait_for()
    wait_idle(page)
    expect_answers_shown(run(page, notebook))


def test_a_link_leads_back_to_the_lessons_section(page: Page, lab: Lab) -> None:
    quiz = open_quiz(page, lab, "reread", "en")
    block = question(open_all_parts(quiz), "trainable-false")
    block.locator("input[value=mask-frozen]").click()
    block.get_by_role("button", name="Reread: Which calls drop?").click()
    expect(page.get_by_role("heading", name="Which calls drop?")).to_be_in_viewport()


def test_the_form_is_kept_and_thanked_for(page: Page, lab: Lab) -> None:
    open_quiz(page, lab, "form", "en")
    form = page.locator(".course-form")
    form.scroll_into_view_if_needed()
    form.get_by_role("radio", name="Mostly").check()
    form.get_by_label("How can we improve it?").fill("More pictures, please: <b>bold</b>")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_text("Thank you! Your answers are stored in feedback.json.")).to_be_visible()
    form.get_by_text("Something went wrong?").click()
    form.get_by_label("What happened?").fill("A plot stayed empty.")
    form.get_by_role("button", name="Report it").click()
    expect(form.get_by_text("Your report is stored in feedback.json.")).to_be_visible()
    screenshot(page, "quiz-form")
    entries = json.loads((lab.workspace / "form" / "feedback.json").read_text())["entries"]
    assert [entry["kind"] for entry in entries] == ["opinion", "problem"]

"""A class on a real JupyterHub, set up as deploy/README.md says: two graders and two learners, each in a browser of
their own, from the release to the feedback. What people click is clicked."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from course.authoring.solutions import known_solutions
from course.catalog import load_catalog
from course.exercises.misconceptions import misconception_text
from course.quiz.model import load_quiz
from tests.conftest import ROOT
from tests.platform.browser.conftest import LONG, Lab, free_port, new_page, open_notebook, run_cell, screenshot
from tests.platform.deploy.hub import ADA, BEN, GRACE, OMAR, SHARED, Hub, as_tested, readme_blocks, running_hub
from tests.system import HUB_HINT, can_run_a_hub

pytestmark = pytest.mark.browser

CATALOG = load_catalog(ROOT)
CHAPTER = CATALOG.chapters[0]
SLUG = CHAPTER.slug
QUIZ = load_quiz(SLUG, CATALOG, "en")
QUESTION = next(each.id for each in QUIZ.questions if each.kind == "single" and each.id not in QUIZ.predictions)
NAMED = next(each for known in known_solutions(CATALOG, CHAPTER).values() for each in known if any(each.names))
ADAS_WORDS = "It has learnt single rows by heart, which new rows can tell."
COMMENT = "Well put, Ada."
UNIT = ROOT / "deploy" / "jupyterhub" / "jupyterhub.service"


@dataclass(frozen=True)
class Desk:
    """A person at their own server on the hub: address and a page of a browser that only they use."""

    name: str
    lab: Lab
    page: Page


class OwnServer(Lab):
    """A lab on the hub: no token in its addresses, as the person has logged in."""

    def url(self, path: str) -> str:
        return f"{self.address}/lab/tree/{path}?reset"


@pytest.fixture(scope="module")
def hub(installed: Path) -> Iterator[Hub]:
    if not can_run_a_hub():
        pytest.fail(HUB_HINT)
    with running_hub(installed) as running:
        yield running


def log_in(browser: Browser, hub: Hub, name: str) -> Desk:
    page = own_page(browser)
    page.goto(f"{hub.address}/hub/login")
    give_password(page, hub, name)
    page.locator("#jp-main-dock-panel").wait_for()
    return Desk(name, OwnServer(f"{hub.address}/user/{name}", hub.home(name)), page)


def log_in_to_grade(browser: Browser, hub: Hub, name: str, *, launch: bool) -> Desk:
    """A grader at the shared server, which the first of them launches; each allows it to know who they are."""
    page = own_page(browser)
    page.goto(f"{hub.address}/user/{SHARED}/formgrader")
    give_password(page, hub, name)
    if launch:
        page.get_by_role("button", name="Launch Server").click()
    page.get_by_role("button", name="Authorize").click()
    page.get_by_text("Manage Assignments").first.wait_for()
    return Desk(name, OwnServer(f"{hub.address}/user/{SHARED}", hub.home(SHARED)), page)


def own_page(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, ignore_https_errors=True)
    context.set_default_timeout(LONG)
    return new_page(context)


def give_password(page: Page, hub: Hub, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(hub.passwords[name])
    page.get_by_role("button", name="Sign in").click()


def formgrader(desk: Desk, path: str) -> Locator:
    """That page of formgrader; returns the rows of its table."""
    desk.page.goto(f"{desk.lab.address}/formgrader/{path}")
    return desk.page.locator("tbody tr")


def click_and_read(desk: Desk, row: Locator, action: str, told: str) -> None:
    """Clicks the action in a row of formgrader's table, waits for what it tells, and closes that."""
    row.locator(f"td.{action} a").click()
    expect(desk.page.get_by_text(told)).to_be_visible()
    desk.page.locator(".modal.in .modal-footer button").first.click()
    expect(desk.page.locator(".modal-backdrop")).to_have_count(0)


def assignment_list(desk: Desk) -> Locator:
    """nbgrader's Assignment List, opened by the menu."""
    desk.page.goto(f"{desk.lab.address}/lab?reset")
    desk.page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    desk.page.get_by_role("menuitem", name="Assignment List").click()
    return desk.page.locator("#nbgrader-assignment-list, .assignment-list, [id*=assignment-list]").last


def release(desk: Desk) -> None:
    row = formgrader(desk, "manage_assignments").filter(has_text=SLUG)
    click_and_read(desk, row, "assign", "Successfully created the student version")
    click_and_read(desk, row, "release", "Successfully released")


def fetch(desk: Desk) -> None:
    assignment_list(desk)
    desk.page.locator("#released_assignments_list").get_by_role("button", name="Fetch").click()
    expect(desk.page.locator("#fetched_assignments_list")).to_contain_text(SLUG)


def submit(desk: Desk) -> None:
    assignment_list(desk)
    desk.page.locator("#fetched_assignments_list").get_by_role("button", name="Submit").click()
    expect(desk.page.locator("#submitted_assignments_list")).to_contain_text(SLUG)
    screenshot(desk.page, f"hub-submitted-{desk.name}")


def write(desk: Desk, cell: Locator, text: str) -> None:
    """Replaces what stands in a cell, as by pasting."""
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    desk.page.keyboard.press("Control+A")
    desk.page.keyboard.insert_text(text)


def save(desk: Desk) -> None:
    desk.page.get_by_role("menuitem", name="File", exact=True).click()
    desk.page.get_by_role("menuitem", name=re.compile("^Save Notebook(?! As)")).first.click()
    expect(desk.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)


def answer_the_quiz(desk: Desk) -> None:
    notebook = open_notebook(desk.page, desk.lab, f"{SLUG}/lesson.ipynb")
    run_cell(desk.page, notebook, "from course import feedback, quiz")
    quiz = run_cell(desk.page, notebook, f'quiz("{SLUG}")').locator(".course-quiz")
    question = quiz.locator(f"[data-question='{QUESTION}']")
    question.locator("input").first.click()
    expect(question.locator(".course-result [data-status]")).to_be_visible()
    screenshot(desk.page, f"hub-quiz-{desk.name}")
    save(desk)


def solve_an_exercise(desk: Desk) -> None:
    notebook = open_notebook(desk.page, desk.lab, f"{SLUG}/exercises.ipynb")
    run_cell(desk.page, notebook, "from course import check")
    write(desk, notebook.locator(".jp-CodeCell", has_text=f"def {NAMED.exercise}("), NAMED.source)
    desk.page.keyboard.press("Control+Enter")
    checked = run_cell(desk.page, notebook, f'check("{NAMED.exercise}")')
    expect(checked.locator(".course-verdict")).to_contain_text(what_is_said())
    screenshot(desk.page, f"hub-exercise-{desk.name}")
    answer = notebook.locator(".jp-MarkdownCell", has_text="Write your answer here")
    answer.scroll_into_view_if_needed()
    answer.dblclick()
    write(desk, answer, ADAS_WORDS)
    save(desk)


def what_is_said() -> str:
    """Of what Ada does wrong: her function's misconception, as learners read it."""
    says, _section = misconception_text(CHAPTER, NAMED.names[0])
    assert says
    return says


def collect_and_autograde(desk: Desk, name: str, in_the_list: str) -> None:
    """in_the_list: how formgrader calls a student whose name the class list has told."""
    row = formgrader(desk, "manage_assignments").filter(has_text=SLUG)
    click_and_read(desk, row, "collect", f"Successfully collected submissions of '{SLUG}'")
    row = formgrader(desk, f"manage_submissions/{SLUG}").filter(has_text=in_the_list)
    click_and_read(desk, row, "autograde", f"Successfully autograded '{SLUG}' for student '{name}'.")


def grade_by_hand(desk: Desk) -> str:
    """Gives Ada's written answer two points and a comment, and returns the page's address. Submissions have numbers
    here: hers is the one with her words."""
    rows = formgrader(desk, f"gradebook/{SLUG}/exercises")
    rows.locator("a", has_text="Submission #").first.wait_for()
    for address in [link.get_attribute("href") for link in rows.locator("a", has_text="Submission #").all()]:
        page = f"{desk.lab.address.split('/user/')[0]}{address}"
        desk.page.goto(page, wait_until="networkidle")  # before it has read the scores it keeps none
        if desk.page.get_by_text(ADAS_WORDS).count():
            break
    answer = desk.page.locator(".nbgrader_cell", has_text=ADAS_WORDS)
    screenshot(desk.page, "hub-formgrader-submission")
    for field, text, saved in (("input.score", "2", "grade"), ("textarea.comment", COMMENT, "comment")):
        with desk.page.expect_response(lambda r, saved=saved: f"/api/{saved}/" in r.url and r.request.method == "PUT"):
            answer.locator(field).fill(text)
            answer.locator(field).press("Tab")
    return page


def see_the_mark(desk: Desk, page: str) -> None:
    """What another grader has given stands on the page."""
    desk.page.goto(page)
    answer = desk.page.locator(".nbgrader_cell", has_text=ADAS_WORDS)
    expect(answer.locator("input.score")).to_have_value("2")
    expect(answer.locator("textarea.comment")).to_have_value(COMMENT)
    screenshot(desk.page, "hub-formgrader-other-grader")


def hand_back(desk: Desk) -> None:
    row = formgrader(desk, "manage_assignments").filter(has_text=SLUG)
    click_and_read(desk, row, "generate-feedback", f"Successfully generated feedback of '{SLUG}'")
    click_and_read(desk, row, "release-feedback", f"Successfully released feedback of '{SLUG}'")


def read_feedback(desk: Desk) -> FrameLocator:
    """Fetches the feedback in the Assignment List and opens that on the exercises."""
    assignment_list(desk)
    submitted = desk.page.locator("#submitted_assignments_list")
    submitted.get_by_role("button", name="Fetch Feedback").click()
    submitted.get_by_text("view feedback").click()
    desk.page.get_by_text("exercises.html").dblclick()
    shown = desk.page.locator(".jp-HTMLViewer iframe")
    shown.wait_for()
    return shown.content_frame


def grade_on_a_dask_cluster(hub: Hub) -> str:
    """Starts a scheduler and workers and grades on them, by the commands that deploy/README.md has for it."""
    block = readme_blocks("A term")[1]
    [chapter] = re.findall(r"course grade (\S+)", block)
    replaced = {"8786": str(free_port()), "--nworkers 2": "--nworkers 1", chapter: SLUG}
    with_scheduler = as_tested(block, replaced)
    script = f"trap 'kill $(jobs -p)' EXIT\n{with_scheduler}"
    run = hub.run_as(SHARED, "bash", "-euc", script, COURSE_GRADEBOOK=hub.gradebook)
    return run.stdout + run.stderr


def why_not(hub: Hub, *command: str) -> str:
    """What Ada is told when she runs a command that she must not be able to run."""
    run = hub.run_as(ADA, *command)
    assert run.returncode != 0, f"{command} worked: {run.stdout[:500]}"
    return run.stderr


def assert_links_lead_somewhere(desk: Desk) -> None:
    """In the notebooks as fetched: the learner has this chapter's folder, and no contents page above it."""
    folder = desk.lab.workspace / SLUG
    sources = [cell.source for path in folder.glob("*.ipynb") for cell in nbformat.read(path, as_version=4).cells]
    links = [link for source in sources for link in re.findall(r"\]\((?!https?:)([^)#]+\.ipynb)", source)]
    assert "exercises.ipynb" in links
    assert not [link for link in links if not (folder / link).is_file()]


def assert_systemd_reads_the_unit(hub: Hub) -> None:
    """Where systemd is installed: it need not run."""
    if program := shutil.which("systemd-analyze"):
        unit = hub.folder / "jupyterhub.service"
        unit.write_text(as_tested(UNIT.read_text(), hub.replaced))
        verified = subprocess.run([program, "verify", unit], capture_output=True, text=True, check=False)
        assert verified.returncode == 0, verified.stderr
        assert unit.name not in verified.stderr


def assert_nobody_logs_in_as_the_shared_user() -> None:
    told = subprocess.run(["passwd", "--status", SHARED], capture_output=True, text=True, check=True).stdout
    assert told.split()[1] == "L", told


def test_a_class_from_the_release_to_the_feedback(hub: Hub, browser: Browser) -> None:
    expect.set_options(timeout=LONG)
    grace = log_in_to_grade(browser, hub, GRACE, launch=True)
    ada, ben = (log_in(browser, hub, name) for name in (ADA, BEN))
    release(grace)
    for learner in (ada, ben):
        fetch(learner)
    assert_links_lead_somewhere(ada)
    answer_the_quiz(ada)
    solve_an_exercise(ada)
    for learner in (ada, ben):
        submit(learner)

    collect_and_autograde(grace, ADA, "Lovelace, Ada")
    told = grade_on_a_dask_cluster(hub)
    assert "2 submissions (graded: 2;" in told, told
    omar = log_in_to_grade(browser, hub, OMAR, launch=False)
    page = grade_by_hand(omar)
    see_the_mark(grace, page)
    hand_back(grace)

    feedback = read_feedback(ada)
    expect(feedback.get_by_text(what_is_said()).first).to_be_visible()
    by_hand = feedback.locator("article", has_text=ADAS_WORDS)
    expect(by_hand).to_contain_text("2 / 3 points")
    expect(by_hand).to_contain_text(COMMENT)
    by_hand.scroll_into_view_if_needed()
    screenshot(ada.page, "hub-feedback-ada")
    feedback = read_feedback(ben)
    expect(feedback.get_by_text("not attempted").first).to_be_visible()
    assert feedback.get_by_text(COMMENT).count() == 0

    exchange = hub.folder / "nbgrader" / "exchange" / "neural-networks"
    for private in (
        hub.home(BEN) / SLUG / "exercises.ipynb",
        hub.home(SHARED) / "neural-networks" / "notebooks" / SLUG / "exercises.ipynb",
        hub.home(SHARED) / ".config" / "dask" / "key.pem",
        hub.folder / "jupyterhub" / "jupyterhub_cookie_secret",
    ):
        assert private.is_file()
        assert "Permission denied" in why_not(hub, "cat", str(private))
    for folder in (exchange / "inbound", exchange / "feedback", hub.folder / "jupyterhub"):
        assert "Permission denied" in why_not(hub, "ls", str(folder))
    connect = f"import psycopg; psycopg.connect('{hub.gradebook}', user='{SHARED}')"
    assert "Peer authentication failed" in why_not(hub, str(hub.environment / "bin" / "python"), "-c", connect)
    for path in (f"{grace.lab.address}/lab", f"{grace.lab.address}/formgrader", f"{ben.lab.address}/lab"):
        answer = ada.page.goto(path)
        assert answer is not None
        assert answer.status == 403
    assert_nobody_logs_in_as_the_shared_user()
    assert_systemd_reads_the_unit(hub)

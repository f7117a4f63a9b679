"""What a learner wrote or displayed, in the pages that others open: it is shown, and it never acts.

Every payload calls pwned(name), which the browser hands to the test, and asks evil.invalid for something. The first
test shows that they bite where nothing stops them, in stock nbconvert's page.
"""

import json
import shutil
import urllib.request
from pathlib import Path
from textwrap import dedent

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from playwright.sync_api import Page, expect

from tests.platform.tiny import SLUG, copy_course, write_submission  # before `course`

# isort: split
from course.catalog import load_catalog
from course.grading import run
from course.grading.feedback.page import write_feedback
from course.grading.gradebook.store import ClassFolder
from course.grading.run import grade_folder
from course.grading.schedule import Plan, grade_class
from course.notebooks.restore import grade_id
from course.report.page import write_report
from tests.platform.browser.conftest import TOKEN, formgrader_in, screenshot
from tests.session import once

STUDENT = "mallory"
AUTOGRADED = f"class/autograded/{STUDENT}/{SLUG}"


def bait(name: str) -> str:
    return f"<img src='http://evil.invalid/{name}' onerror='pwned(\"{name}\")'>"


CODE = f"""
    from IPython.display import HTML, Javascript, display
    script = "<script>pwned('script')</script>"
    display(HTML(script + {bait("html")!r} + "<style>.course-verdict, .score {{display: none}}</style>"))
    display(HTML("<iframe srcdoc=\\"<script>parent.pwned('frame')</script>\\"></iframe>"))
    display(HTML("<form action='http://evil.invalid/form'><button>Full credit</button></form>"))
    display(Javascript("pwned('javascript')"))
    display({{"text/markdown": {bait("markdown")!r}}}, raw=True)
    display({{"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='pwned()'/>"}}, raw=True)
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    display({{"image/png": dot}}, raw=True, metadata={{"image/png": {{"width": "1 onload=pwned('size')"}}}})
    print(script, {bait("printed")!r})
    kernel = get_ipython().kernel
    kernel.language_info = {{"name": "python", "pygments_lexer": {bait("lexer")!r}}}
    def standardise(x, shift):
        raise ValueError({bait("raised")!r})
    """
ENDS = f"""
    import os, time
    kernel = get_ipython().kernel
    count = {{"code": "1", "execution_count": {bait("number")!r}}}
    kernel.session.send(kernel.iopub_socket, "execute_input", count, parent=kernel.get_parent())
    time.sleep(0.5)
    os._exit(0)
    """
SCRIPT = "<script>(window.opener || window).pwned('beside'); fetch('/api/terminals', {method: 'POST'})</script>"
SVG = f"<svg xmlns='http://www.w3.org/2000/svg'>{SCRIPT}</svg>"
EVIL_FILES = {"evil.html": SCRIPT, "evil.HTM": SCRIPT, "evil.svg": SVG, "evil.xhtml": SVG, "evil.xml": SVG}
MARKDOWN = f"""
{bait("written")} <script>pwned("inline")</script> <meta http-equiv="refresh" content="0;url=http://evil.invalid/">

[click](javascript:pwned("link")) [beside](evil.html) [api](/api/shutdown) ![picture](http://evil.invalid/picture)
[no host](http:evil.html) [one slash](http:/tree) <a href="HTTP:evil.html">one word</a>

$\\href{{http:evil.html}}{{formula}}$ $\\href{{javascript:pwned("formula")}}{{y}}$ $\\url{{http:/tree}}$
$\\class{{a}}{{\\style{{color:red}}{{z}}}}$ $\\require{{html}}\\cssId{{evil}}{{x}}\\unicode{{x41}}$

$$
\\href{{http:evil.html}}{{alone}}
$$

In words: p < 1 and **q** > 2. ![lost](attachment:nothing.png)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose class has one submission that is hostile wherever it can be, and graded; a copy of one's own."""
    root = tmp_path_factory.mktemp("hostile") / "course"
    shutil.copytree(once("hostile", graded_course), root)
    return root


def graded_course(root: Path) -> None:
    copy_course(root)
    folder = root / "class" / "submitted" / STUDENT / SLUG
    write_submission(folder, {"standardise": dedent(CODE), "explain_scaling": MARKDOWN})
    path = folder / "exercises.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(MARKDOWN.replace("lost", "kept").split("In words")[0]))
    notebook.cells.append(nbformat.v4.new_code_cell(dedent(ENDS), metadata={"tags": [f'"></div>{bait("tag")}']}))
    nbformat.write(notebook, path)
    for name, text in EVIL_FILES.items():
        (folder / name).write_text(text)
    (folder / "answers.json").write_text(json.dumps({"version": 1, "quizzes": {SLUG: {"answers": {bait("id"): {}}}}}))
    entry = {"kind": "opinion", "chapter": SLUG, "clear": "no", "unclear": bait("form")}
    (folder / "feedback.json").write_text(json.dumps({"version": 1, "entries": [entry]}))
    catalog = load_catalog(root)
    class_folder = ClassFolder(catalog)
    for _row in grade_class(catalog, class_folder, Plan(SLUG, class_folder.submitted(SLUG), "sandbox")):
        pass


@pytest.fixture
def caught(page: Page) -> list[str]:
    """What the payloads did in the page: names given to pwned, and requests to elsewhere."""
    events: list[str] = []
    page.set_default_timeout(20_000)
    page.expose_function("pwned", lambda name="": events.append(name))
    page.on("request", lambda request: events.append(request.url) if "evil" in request.url else None)
    return events


def terminals(address: str) -> object:
    """The terminals that are open in the instructor's JupyterLab."""
    with urllib.request.urlopen(f"{address.removesuffix('/formgrader')}/api/terminals?token={TOKEN}") as answer:
        return json.load(answer)


def settle(page: Page) -> None:
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)


def shows_them_as_text(page: Page) -> None:
    """Formgrader's page: the printed payload and the answer can be read, our verdict is seen, no link is a trap."""
    body = page.locator("#notebook-container").first
    expect(body.locator(".output_stdout", has_text="<script>pwned('script')</script>").first).to_be_visible()
    expect(body.get_by_text("In words: p < 1").first).to_be_visible()
    expect(body.locator(".course-verdict", has_text="standardise").first).to_be_visible()
    expect(body.locator(".course-verdict td", has_text="ValueError: <img").first).to_be_visible()
    targets = body.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert not [target for target in targets if not target.startswith(("#", "https://"))]
    assert body.locator("script, iframe, form, meta, style, [onerror], [onload]").count() == 0


def test_the_payloads_bite_where_nothing_stops_them(
    root: Path, page: Page, caught: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "keep_text_and_pictures", lambda notebook: None)
    catalog = load_catalog(root)
    folder = tmp_path / SLUG
    shutil.copytree(ClassFolder(catalog).submitted(SLUG)[STUDENT], folder)
    leave_out_what_ends_the_kernel(folder / "exercises.ipynb")
    notebook = grade_folder(catalog, SLUG, folder, "sandbox").notebooks["exercises"]
    for cell in notebook.cells:
        if grade_id(cell) == "explain_scaling":
            cell.source = cell.source.split("In words")[0]  # a lost attachment would stop all of it
    path = tmp_path / "stock.html"
    path.write_text(HTMLExporter(template_name="classic").from_notebook_node(notebook)[0])
    page.route("http://evil.invalid/**", lambda route: route.abort())
    page.goto(path.as_uri())
    settle(page)
    # All but `size`: the metadata that it needs are dropped as they come from the kernel as well.
    assert {"html", "script", "frame", "markdown", "written"} <= set(caught)


def leave_out_what_ends_the_kernel(path: Path) -> None:
    """It gives a cell text for a number as well, and at that stock nbconvert gives up."""
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells.pop().source == dedent(ENDS)
    nbformat.write(notebook, path)


def test_formgrader_shows_a_hostile_submission_as_text(root: Path, page: Page, caught: list[str]) -> None:
    with formgrader_in(root) as address:
        page.goto(f"{address}/manage_assignments?token={TOKEN}")
        page.goto(f"{address}/gradebook/{SLUG}/exercises")
        page.get_by_role("link", name="Submission #1").click()
        page.locator("#notebook-container").first.wait_for()
        settle(page)
        screenshot(page, "formgrader-hostile")
        shows_them_as_text(page)
        assert page.locator("#notebook-container math").count() > 0
        assert page.locator("script[src*=athjax], mjx-container, .MathJax").count() == 0
        beside = page.url
        for name in EVIL_FILES:
            open_handed_in(page, f"{beside}{name}", f"{address.removesuffix('/formgrader')}/files/{AUTOGRADED}/{name}")
        assert terminals(address) == []
    assert caught == []


def open_handed_in(page: Page, in_formgrader: str, in_jupyterlab: str) -> None:
    """As somebody opens a file that was handed in: formgrader gives it as a download, JupyterLab without its rights."""
    with page.expect_download() as download:
        page.evaluate("address => void window.open(address)", in_formgrader)
    assert download.value.url == in_formgrader
    answer = page.request.get(in_formgrader)
    assert answer.headers["content-disposition"] == "attachment"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    opened = page.context.new_page()
    answer = opened.goto(f"{in_jupyterlab}?token={TOKEN}")
    assert answer is not None
    assert answer.ok
    assert opened.evaluate("self.origin") == "null"  # an origin of its own, without the instructor's cookies
    opened.close()


def test_feedback_shows_a_hostile_submission_as_text(root: Path, page: Page, caught: list[str]) -> None:
    from nbgrader.converters import GenerateFeedback

    class_folder = ClassFolder(load_catalog(root))
    class_folder.course.assignment_id = SLUG
    GenerateFeedback(coursedir=class_folder.course, config=class_folder.settings).start()
    page.goto((root / "class" / "feedback" / STUDENT / SLUG / "feedback.html").as_uri())
    settle(page)
    screenshot(page, "feedback-hostile")
    expect(page.get_by_text("In words: p < 1").first).to_be_visible()
    task = page.locator("#standardise")
    expect(task.get_by_text("ValueError: <img").first).to_be_visible()
    task.get_by_text("Your code").click()
    expect(task.get_by_text("script = \"<script>pwned('script')</script>\"").first).to_be_visible()
    targets = page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert not [target for target in targets if not target.startswith(("#", "https://"))]
    assert page.locator("script, iframe, form, main style, [onerror], [onload]").count() == 0
    assert page.locator("math").count() > 0
    assert caught == []


def test_our_own_pages_show_a_hostile_submission_as_text(
    root: Path, page: Page, caught: list[str], tmp_path: Path
) -> None:
    catalog = load_catalog(root)
    named = root / "class" / "submitted" / bait("name").replace("/", "") / SLUG
    named.mkdir(parents=True)
    result = grade_folder(catalog, SLUG, ClassFolder(catalog).submitted(SLUG)[STUDENT], "sandbox")
    for path in (write_feedback(catalog, result, tmp_path), write_report(catalog, SLUG)):
        page.goto(path.as_uri())
        settle(page)
        assert page.locator("script, iframe, form, img[src], [onerror]").count() == 0
        expect(page.get_by_text("<img src=").first).to_be_visible()
    assert caught == []

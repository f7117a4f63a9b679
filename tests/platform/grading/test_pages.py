"""What formgrader shows of a graded notebook, and feedback of the answers in it, whatever stands there."""

import base64
import copy
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback

from course.catalog import load_catalog
from course.grading.feedback.page import page_of
from course.grading.feedback.work import Work
from course.grading.gradebook.markdown import draw, is_link
from course.grading.gradebook.pages import TEMPLATES
from course.grading.gradebook.store import ClassFolder
from course.maths import MATHML_TAGS
from course.notebooks.sanitise import TAGS, safe_attachments
from course.verdict import Finding, Verdict, weighted
from tests.platform.tiny import SLUG, copy_course

STUDENT = "ada"
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
GRADED = {"task": False, "locked": False, "schema_version": 3}
ANSWER = {**GRADED, "grade": True, "solution": True, "points": 3.0, "grade_id": "explain_scaling"}
TEST = {**GRADED, "grade": True, "solution": False, "points": 4.0, "grade_id": "standardise"}


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory: pytest.TempPathFactory) -> ClassFolder:
    return graded_class(copy_course(tmp_path_factory.mktemp("pages") / "course"))


def graded_class(root: Path) -> ClassFolder:
    """A gradebook in which Ada's exercise is judged and her answer waits for a person."""
    folder = ClassFolder(load_catalog(root))
    folder.course.assignment_id = SLUG
    with Gradebook(folder.course.db_url, folder.course.course_id) as book:
        book.add_assignment(SLUG)
        book.add_notebook("exercises", SLUG)
        book.add_grade_cell("standardise", "exercises", SLUG, max_score=4.0, cell_type="code")
        book.add_grade_cell("explain_scaling", "exercises", SLUG, max_score=3.0, cell_type="markdown")
        book.add_solution_cell("explain_scaling", "exercises", SLUG)
        book.add_student(STUDENT)
        book.add_submission(SLUG, STUDENT)
    grade(folder, "standardise", auto_score=2.5, needs_manual_grade=False)
    return folder


def grade(folder: ClassFolder, name: str, **values: Any) -> None:
    with Gradebook(folder.course.db_url, folder.course.course_id) as book:
        row = book.find_grade(name, "exercises", SLUG, STUDENT)
        for key, value in values.items():
            setattr(row, key, value)
        book.db.commit()


def graded_cells(answer: str = "Because.") -> list[NotebookNode]:
    verdict = weighted("standardise", [Finding(True, "shape"), Finding(False, "scale <b>", "3 < 4")], 4.0)
    shown = new_output("execute_result", {"text/plain": "2", "text/html": verdict._repr_html_()}, execution_count=1)
    return [
        new_markdown_cell(answer, metadata={"nbgrader": {**ANSWER, "cell_type": "markdown"}}),
        new_code_cell("check(standardise)", metadata={"nbgrader": TEST}, outputs=[shown], execution_count=1),
    ]


def write(folder: ClassFolder, notebook: NotebookNode) -> Path:
    target = Path(folder.course.format_path(folder.course.autograded_directory, STUDENT, SLUG)) / "exercises.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(notebook))
    return target


def feedback(folder: ClassFolder, notebook: NotebookNode) -> str:
    """The page that `nbgrader generate_feedback` makes: what it says, without its style."""
    write(folder, notebook)
    GenerateFeedback(coursedir=folder.course, config=folder.settings).start()
    page = Path(folder.course.format_path(folder.course.feedback_directory, STUDENT, SLUG)) / "exercises.html"
    return page.read_text(encoding="utf-8").split("</head>")[1]


def formgrader(folder: ClassFolder, notebook: NotebookNode) -> str:
    """The page that formgrader makes, with the settings that nbgrader's extension adds to ours."""
    config = copy.deepcopy(folder.settings)
    config.HTMLExporter.template_name = "formgrade"
    resources = {"base_url": "", "submission_id": "1", "notebook_id": "exercises", "assignment_id": SLUG, "index": 0}
    resources |= {"total": 1, "student": STUDENT, "notebook_path": "exercises.ipynb"}
    return str(HTMLExporter(config=config).from_filename(str(write(folder, notebook)), resources=resources)[0])


def both(folder: ClassFolder, cells: list[NotebookNode]) -> list[str]:
    notebook = new_notebook()
    notebook.cells = cells  # as they are, valid or not
    return [feedback(folder, notebook), formgrader(folder, notebook)]


def of_formgrader(folder: ClassFolder, cells: list[NotebookNode]) -> str:
    notebook = new_notebook()
    notebook.cells = cells
    return formgrader(folder, notebook)


def inner(page: str) -> str:
    """What stands in a page, without formgrader's frame."""
    return page.rsplit('id="notebook-container"', maxsplit=1)[-1]


def test_an_answer_that_waits_for_a_person_is_told_as_open_and_the_sum_as_what_it_is_so_far(
    class_folder: ClassFolder,
) -> None:
    notebook = new_notebook(cells=graded_cells())
    grade(class_folder, "explain_scaling", manual_score=None, needs_manual_grade=True)
    page = feedback(class_folder, notebook)
    assert "<strong>2.5 / 7 points</strong> so far" in page
    assert page.count("waits for a person to grade it") == 2
    assert "– / 3" in page
    assert "0 / 3" not in page
    grade(class_folder, "explain_scaling", manual_score=1.0, needs_manual_grade=True)  # opened again
    page = feedback(class_folder, notebook)
    assert "<strong>3.5 / 7 points</strong> so far" in page  # as the gradebook and formgrader count
    assert page.count("waits for a person to grade it") == 2
    assert "The answer has changed since a person gave points for it." in page
    grade(class_folder, "explain_scaling", manual_score=2.0, needs_manual_grade=False)
    page = feedback(class_folder, notebook)  # made anew, though the page is there
    assert "<strong>4.5 / 7 points</strong></p>" in page
    assert "waits" not in page
    assert "so far" not in page


def test_both_pages_show_the_answer_and_formgrader_verdict_and_code(class_folder: ClassFolder) -> None:
    cells = [*graded_cells("**So** it is."), new_code_cell("x = 1  # y", id="a")]
    for page in both(class_folder, cells):
        assert "<strong>So</strong> it is." in page
    page = of_formgrader(class_folder, cells)
    assert '<div class="course-verdict">' in page
    assert "scale &lt;b&gt;" in page
    assert '<span class="c1"># y</span>' in page


FORMULAS = [
    r"$\href{javascript:pwned()}{x}$",
    r"$\href{https:/tree}{x}$",
    r"$$\href{http:terminals/1}{x}$$",
    r"$\url{https:tree}$",
    r"$\require{html}\class{a}{\style{color:red}{\cssId{b}{x}}}$",
    r"$\unicode{x41}\bbox[url(https:tree)]{x}\mmlToken{mi}[href='https:tree']{x}$",
    "$$\n\\href{https:tree}{x}\n$$",
    "\\begin{align}\n\\href{https:tree}{x}\n\\end{align}",
    r"$\text{<a href='https:tree'>x</a>}$",
    r"\\(\href{https:tree}{x}\\)",
]


@pytest.mark.parametrize("kind", ["answer", "output", "raw", "printed"])
def test_a_formula_leads_nowhere(class_folder: ClassFolder, kind: str) -> None:
    text = "\n\n".join(FORMULAS)
    cell = {
        "answer": new_markdown_cell(""),
        "output": new_code_cell("", outputs=[new_output("display_data", {"text/latex": text, "text/plain": text})]),
        "raw": new_raw_cell(text + "<a href='evil.html'>x</a>"),
        "printed": new_code_cell("", outputs=[new_output("stream", text=text)]),
    }[kind]
    cells = graded_cells(text) if kind == "answer" else [*graded_cells(), cell]
    for page in both(class_folder, cells):
        shown = inner(page)
        leads = re.findall(r'href="([^"]*)"', shown)
        assert not [target for target in leads if not target.startswith("#")]
        assert not re.search("<script[^>]*mathjax|cdnjs", page, re.IGNORECASE)  # nothing makes links of TeX


@pytest.mark.parametrize(
    "address",
    [
        *("https:tree", "https:/tree", "https:///tree", "HTTP:terminals/1", "//evil.example", "/tree", "evil.html"),
        *("#top", "javascript:alert(1)", "data:text/html,x", "https:\\\\x", "https://\\x", " https:tree", "mailto:"),
        *("https://", "", "https://a b", "file:///etc/passwd", "attachment:x.png", "vbscript:x", "java\nscript:x"),
        *("https://\tx", "blob:x"),
    ],
)
def test_no_link_that_a_browser_takes_for_a_place_on_this_server(address: str) -> None:
    assert not is_link(address)
    shown = draw(f"[x](<{address}>) <a href='{address}'>x</a>", {})
    assert "href=" not in shown.replace("&lt;", "<").split("<a href='")[0]
    assert re.findall(r"<a [^>]*href", shown) == []


@pytest.mark.parametrize(
    "address", ["https://example.org/a?b=c#d", "http://localhost:8888/x", "mailto:ada@example.org"]
)
def test_links_to_the_web_stay(address: str) -> None:
    assert is_link(address)
    assert f'<a href="{address}"' in draw(f"[x]({address})", {})


def test_formulas_are_drawn_without_a_script(class_folder: ClassFolder) -> None:
    text = "Take $\\frac{1}{p}$ and\n\n$$\na\n= b\n$$\n\nit costs $5 or $6.\n\n\\begin{aligned} a &= b \\end{aligned}"
    for page in both(class_folder, [*graded_cells(text)]):
        assert page.count("<math") == 3
        assert "<mfrac>" in page
        assert "it costs $5 or $6" in page


def test_html_around_a_formula_cannot_take_it_into_an_attribute() -> None:
    shown = draw('<a title="\n\n$x" onmouseover="pwned()$\n\n">x</a>\n\n<abbr title="$y$">z</abbr>', {})
    assert not re.search(r"<[^>]*\sonmouseover", shown)
    assert "pwned" not in re.sub(r">[^<]*<", "><", shown)


class _Page(HTMLParser):
    """Tags and attributes, as a browser would find them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


HTML = ["<script>pwned()</script>", "<img src=x onerror=pwned()>", "<a href='", "'>", '<td title="', '"', "</p>", "<"]
HTML += ["<math>", "<mtext>", "<style>", "</style>", "<svg onload=pwned()>", "<!--", "-->", "<iframe srcdoc='"]
HTML += ['" onmouseover="pwned()', "<base href='", "<form action='/api'>", "<annotation-xml encoding='text/html'>"]
MARKS = ["[x](", ")", "![x](attachment:a.png)", "`", "|", "|-|\n", "> ", "- ", "\n", "\n\n", "x "]
MARKS += ["https:tree", "javascript:pwned()", "&#106;avascript:x"]
TEX = ["$", "$$", r"\href{http:tree}{x}", r"\begin{align}", r"\end{align}", r"\text{<b onclick=x>}", r"\\(", r"\\)"]


@given(st.lists(st.sampled_from(HTML + MARKS + TEX), max_size=25).map("".join))
@settings(max_examples=200)
def test_whatever_is_written_nothing_acts_and_nothing_leads_to_this_server(text: str) -> None:
    page = _Page()
    page.feed(draw(text, {"a.png": {"image/png": DOT}}))
    assert page.tags <= TAGS | MATHML_TAGS | {"semantics", "annotation"}
    for tag, name, value in page.attributes:
        assert not name.startswith("on")
        if name in {"href", "src"}:
            assert (tag == "a" and is_link(value)) or value == f"data:image/png;base64,{DOT}"


def test_a_picture_pasted_into_an_answer_is_shown(class_folder: ClassFolder) -> None:
    answer, test = graded_cells("See ![it](attachment:my%20plot.png), ![gone](attachment:gone.png) and text.")
    answer.attachments = {"my plot.png": {"image/png": DOT}, "evil.svg": {"image/svg+xml": "<svg/>"}}
    for page in both(class_folder, [answer, test]):
        assert f'src="data:image/png;base64,{DOT}"' in page
        assert 'alt="gone"' in page
        assert "and text." in page


def test_of_attachments_pictures_with_plain_names_are_kept() -> None:
    jpeg = base64.b64encode(b"\xff\xd8\xff\xe0 rest").decode()
    attachments = {
        "a.png": {"image/png": DOT[:20] + "\n" + DOT[20:], "text/html": "<script>"},
        "b.jpg": {"image/jpeg": [jpeg]},
        "c.png": {"image/png": base64.b64encode(b"<svg/>").decode()},
        "d.png": {"image/png": "not base64"},
        "e.svg": {"image/svg+xml": "<svg/>"},
        '"><script>.png': {"image/png": DOT},
        "../f.png": {"image/png": DOT},
        "g.png": "no bundle",
    }
    cell = NotebookNode(cell_type="markdown", source="", attachments=attachments)
    assert safe_attachments(cell) == {"a.png": {"image/png": DOT}, "b.jpg": {"image/jpeg": jpeg}}
    big = DOT[:-2].ljust(5_000_000, "A")
    cell.attachments = {"one.png": {"image/png": big}, "two.png": {"image/png": big}, "three.png": {"image/png": DOT}}
    assert list(safe_attachments(cell)) == ["one.png", "three.png"]
    for odd in (None, [], "x", {"a": None}):
        assert safe_attachments(NotebookNode(cell_type="markdown", attachments=odd)) == {}
    assert safe_attachments(NotebookNode(cell_type="markdown")) == {}


PATHOLOGICAL = {
    "blank lines": "x" + "\n" * 50_000,
    "blanks in lines": "x\n" + " \n" * 10_000,
    "one long line": "x" * 2_000_000,
    "stars": "**a" * 2_500,
    "brackets": "[" * 8_000,
    "pictures": "![" * 3_000,
    "links": "[a](" * 3_500,
    "quotes": ">" * 7_500 + "a",
    "lists": "".join("  " * depth + "- a\n" for depth in range(100)),
    "tables": "|a" * 1_000 + "\n" + "|-" * 1_000 + "\n" + "|\n" * 1_000,
    "html": "<b>" * 2_500,
    "open html": "<div title='" * 1_200,
    "dollars": "$" * 15_000,
    "formulas": "$\\frac{" * 2_000,
    "deep formula": "$" + "{" * 900 + "}" * 90 + "$",
    "environments": "\\begin{align}\n" * 1_000,
    "backticks": "`a" * 4_000,
    "escapes": "\x1b[1m" * 5_000 + "\x1b[" + "9" * 10_000,
    "nothing": "",
    "no characters": "\x00\x01\ufffe\u202e",
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_any_text_in_any_place_is_shown_and_the_verdict_with_it(class_folder: ClassFolder, name: str) -> None:
    text = PATHOLOGICAL[name]
    outputs = [
        new_output("stream", text=text),
        new_output("display_data", {"text/plain": text}),
        new_output("error", ename=text[:100], evalue=text, traceback=[text]),
    ]
    cells = [new_code_cell(text, outputs=outputs), new_markdown_cell(text), new_raw_cell(text)]
    notebook = new_notebook()
    notebook.cells = [*cells, *graded_cells(text)]
    page = formgrader(class_folder, notebook)
    assert '<div class="course-verdict">' in page
    assert len(page) < 1_500_000
    assert len(text) < 60_000 or "the rest is in the notebook" in page


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_any_answer_code_and_finding_is_handed_back(class_folder: ClassFolder, name: str) -> None:
    text = PATHOLOGICAL[name]
    solution = {**GRADED, "grade": False, "solution": True, "grade_id": "standardise-solution"}
    code = new_code_cell(text, metadata={"nbgrader": solution})
    answer, _test = graded_cells(text)
    verdict = weighted("standardise", [Finding(False, text[:5000], text, says=text[:5000])], 4.0)
    written = Verdict("explain_scaling", 1.0, 3.0, "partial")
    cells = {each.name: each.as_json() for each in (verdict, written)}
    comments = {"explain_scaling": text, "standardise-solution": text[:5000]}
    notebooks = {"exercises": new_notebook(cells=[code, answer])}
    work = Work({"notes": [text], "cells": cells}, notebooks, Path("nowhere"), text[:5000], comments=comments)
    page = page_of(class_folder.catalog, SLUG, work)
    assert '<article id="standardise">' in page
    assert '<article id="explain_scaling">' in page
    assert len(page) < 10 * 2_000_000
    assert len(text) < 60_000 or page.count("the rest is in the notebook") >= 2


def test_of_work_that_another_grader_marked_feedback_tells_the_points(class_folder: ClassFolder) -> None:
    grade(class_folder, "explain_scaling", manual_score=2.0, needs_manual_grade=False)
    page = feedback(class_folder, new_notebook(cells=graded_cells()))
    assert "<strong>2.5 / 4</strong> points · partly right" in page
    assert "<strong>2 / 3</strong> points · points given by a person" in page


@pytest.mark.parametrize("odd", ['"><script>pwned()</script>', "", "a b", "x" * 500, 7, None, "-"])
def test_odd_cell_ids_are_replaced(class_folder: ClassFolder, odd: object) -> None:
    cells = [*graded_cells(), new_code_cell("x = 1"), new_markdown_cell("y")]
    for cell in cells:
        cell["id"] = odd
        cell.metadata["tags"] = ['"><script>pwned()</script>']
    page = of_formgrader(class_folder, cells)
    assert "pwned" not in page
    assert '<div class="course-verdict">' in page


def test_of_very_many_cells_the_graded_and_the_first_are_shown(class_folder: ClassFolder) -> None:
    many = [new_code_cell(f"x = {number}") for number in range(2_000)]
    page = of_formgrader(class_folder, [*many, *graded_cells()])
    assert "1700 cells of the notebook are not shown here." in page
    assert '<div class="course-verdict">' in page
    assert page.count('class="input_area"') == 301


def test_what_is_displayed_as_html_is_cleaned_again(class_folder: ClassFolder) -> None:
    bait = "<script>pwned()</script><img src=x onerror='pwned()'><a href='/tree'>x</a><svg onload='pwned()'></svg>"
    data = {"text/html": bait, "image/svg+xml": bait, "application/javascript": "pwned()", "text/markdown": bait}
    page = of_formgrader(class_folder, [*graded_cells(), new_code_cell("", outputs=[new_output("display_data", data)])])
    assert "pwned" not in page
    assert 'href="/tree"' not in page


def test_our_templates_are_where_the_settings_say() -> None:
    assert all(Path(folder).is_dir() for folder in TEMPLATES)


def test_a_graded_notebook_is_read_as_nbformat_writes_it(class_folder: ClassFolder) -> None:
    path = write(class_folder, new_notebook(cells=graded_cells()))
    nbformat.validate(nbformat.read(path, as_version=4))

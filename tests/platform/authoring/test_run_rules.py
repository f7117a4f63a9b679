"""`course validate --run`: how a notebook's lengths are counted, and which numbers in prose are told.

tests/docs/test_authoring.py runs a whole chapter by the command.
"""

from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course.authoring.run.budgets import measured
from course.authoring.run.notebooks import NotebookRun
from course.authoring.run.numbers import numbers_to_look_at
from course.authoring.run.solutions import as_it_must_be
from course.authoring.solutions import Kind, Solution
from course.authoring.validate.notebooks import PlacedCell
from course.verdict import Finding, Verdict

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def ran(*cells: Any, stem: str = "lesson", seconds: float = 1.0, state: Any = None) -> NotebookRun:
    notebook = new_notebook(cells=list(cells))
    if state:
        notebook.metadata["widgets"] = nbformat.from_dict({STATE: {"state": state}})
    placed = tuple(PlacedCell(f"{stem}.ipynb:{number}", cell) for number, cell in enumerate(cells, start=1))
    return NotebookRun(f"{stem}.ipynb", stem, notebook, placed, seconds)


def printed(text: str) -> Any:
    return new_code_cell("run()", outputs=[new_output("stream", text=text)])


def shown(**data: Any) -> Any:
    return new_code_cell("run()", outputs=[new_output("display_data", data=data)])


def looked_at(*cells: Any, state: Any = None) -> list[str]:
    return [told.text.split(" says ")[1].split(",")[0] for told in numbers_to_look_at(ran(*cells, state=state))]


@pytest.mark.parametrize(
    ("output", "prose", "told"),
    [
        ("accuracy 0.93127", "It is 0.93.", []),
        ("accuracy 0.93127", "It is 0.94, not 0.931.", ["0.94"]),
        ("accuracy 0.93127", "It is 93.1 % of them.", []),
        ("93.1 %", "It is 0.931.", []),
        ("1,234.5 steps", "After 1234.5 steps.", []),
        ("loss 2.5e-3", "It is 0.0025.", []),
        ("-1.25", "It falls to −1.25.", []),
        ("nothing", "Set `rate=0.35`, or $p = 0.45$, as in version 2.4.1, see [there](a0.85.md).", []),
        ("nothing", "They found 1.25 % <!-- cited: Srivastava et al. 2014 -->", []),
        ("nothing", "It is 1.25 <!-- tested -->\nand 1.35.", ["1.35"]),
        ("nothing", "There are 12 of 30, 4 × as many.", []),
    ],
)
def test_a_decimal_number_must_have_been_seen(output: str, prose: str, told: list[str]) -> None:
    assert looked_at(printed(output), new_markdown_cell(f"**What we saw.** {prose}")) == told


def test_only_what_stands_above_counts_and_only_what_we_saw_is_asked() -> None:
    prose = new_markdown_cell("It is 0.5 here. **What we saw.** It is 0.25.")
    assert looked_at(prose, printed("0.25")) == ["0.25"]
    assert looked_at(new_markdown_cell("It is 0.75.")) == []


def test_numbers_in_code_pictures_and_widgets_are_seen() -> None:
    saw = new_markdown_cell("**What we saw.** 0.15, 0.25, 0.35 and 0.45.")
    html = '<figure><img alt="A bar of 0.25" src="data:0.45"><figcaption>And 0.35.</figcaption></figure>'
    inside = {"top": {"state": {"children": ["IPY_MODEL_in"]}}, "in": {"state": {"value": "<p>0.45</p>"}}}
    cells = [new_code_cell("rate = 0.15"), shown(**{"text/html": html}), shown(**{VIEW: {"model_id": "top"}}), saw]
    assert looked_at(*cells, state=inside) == []
    assert looked_at(*cells, state=None) == ["0.45"]


def test_a_lesson_over_its_budget_is_told_by_what_is_too_much() -> None:
    cells = [new_markdown_cell("word " * 2300), *(shown(**{VIEW: {"model_id": "x"}}) for _ in range(4)), printed("")]
    told = [(each.kind, each.text) for each in measured(ran(*cells, seconds=70))]
    assert told == [
        ("measured", "lesson.ipynb: 70 s of 60 s, 6 of 45 cells, 2,300 of 2,200 words, 4 of 3 interactive figures."),
        ("fault", "lesson.ipynb:1: 2,300 words; at most 2,200 fit its time. Shorten it."),
        ("fault", "lesson.ipynb:1: 4 interactive figures; at most 3 fit its time. Shorten it."),
        ("look", "lesson.ipynb:1: Run All took 70 s; its budget is 60 s."),
    ]
    (only,) = measured(ran(*cells, stem="exercises", seconds=70))
    assert only.text == "exercises.ipynb: 70 s, 6 cells, 2,300 words, 4 interactive figures."
    assert [each.kind for each in measured(ran(*cells, stem="deeper-masks", seconds=70))] == ["measured", "look"]


def test_quiz_and_form_are_no_figures_and_marks_are_no_words() -> None:
    quiz = shown(**{VIEW: {"model_id": "x"}})
    quiz.source = 'quiz("2-4-dropout")'
    text = new_markdown_cell("## A [link](https://example.org/a/b)\n\n- one <!-- not this -->\n")
    (told,) = measured(ran(quiz, text))
    assert "3 of 2,200 words, 0 of 3 interactive figures" in told.text


def verdict(status: Any, *codes: str) -> Verdict:
    return Verdict("f", 1.0, 2.0, status, tuple(Finding(False, "line", "told", 1.0, code) for code in codes))


@pytest.mark.parametrize(
    ("kind", "names", "came", "right"),
    [
        ("RIGHT", (), verdict("passed"), True),
        ("RIGHT", (), verdict("partial"), False),
        ("WRONG", ("a",), verdict("failed", "a"), True),
        ("WRONG", ("a",), verdict("failed", "b"), False),
        ("WRONG", ("a",), verdict("failed", "a", "b"), False),
        ("WRONG", ("a",), verdict("failed"), False),
        ("WRONG", ("a",), verdict("passed"), False),
        ("WRONG", ("a",), verdict("not attempted"), False),
        ("UNNAMED", ("",), verdict("failed"), True),
        ("UNNAMED", ("",), verdict("failed", "a"), False),
        ("UNNAMED", ("", "a"), verdict("partial", "a"), True),
    ],
)
def test_what_a_judge_has_to_say_of_a_solution(kind: Kind, names: tuple[str, ...], came: Verdict, right: bool) -> None:
    assert as_it_must_be(Solution("f", "x", "", kind, names), came) is right

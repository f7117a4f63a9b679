"""Points are worked out exactly: what an author's weights and points say in decimals, nothing lost to floats."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from course.notebooks.sanitise import clean_verdict
from course.verdict import (
    Compared,
    Finding,
    Verdict,
    compared_lines,
    in_words,
    marked,
    share_points,
    status_text,
    total_points,
    verdict_html,
    weighted,
)

HUNDREDTHS = st.integers(1, 1000).map(lambda n: n / 100)
THIRDS = st.integers(1, 30).map(lambda n: n / 3)
CREDITS = st.integers(1, 12).flatmap(lambda n: st.integers(0, n).map(lambda k: Fraction(k, n)))
PARTS = st.lists(st.tuples(HUNDREDTHS, CREDITS), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("parts", "max_score", "points"),
    [
        ([(0.6, 1.0), (0.4, 0.0)], 3.0, 1.8),  # 1.7999999999999998 in floats, which was 1.79
        ([(0.1, 1.0), (0.2, 1.0), (0.7, 0.0)], 1.0, 0.3),
        ([(1.0, 1 / 3)], 3.0, 1.0),
        ([(1.0, 1 / 3)] * 3, 1.0, 0.33),
        ([(1 / 3, 1.0)] * 3, 0.7, 0.7),
        ([(1.0, 1.0), (4 / 3, 0.0), (3.0, 1.0)], 2.0, 1.5),  # a case of four that broke down: base._broken
        ([(1.0, 0.29)], 100.0, 29.0),
        ([], 2.0, 0.0),
        ([(0.0, 1.0)], 2.0, 0.0),
        ([(1.0, 0.999)], 1.0, 0.99),
    ],
)
def test_a_share_of_the_points_is_what_paper_and_pencil_give(
    parts: list[tuple[float, float]], max_score: float, points: float
) -> None:
    assert share_points(parts, max_score) == points


@given(PARTS, st.integers(0, 10_000).map(lambda n: n / 100))
def test_points_are_the_exact_share_rounded_down_to_cents(parts: list[tuple[float, Fraction]], most: float) -> None:
    points = share_points([(weight, float(credit)) for weight, credit in parts], most)
    weights = [Fraction(str(weight)) for weight, _credit in parts]
    earned = sum(weight * credit for weight, (_w, credit) in zip(weights, parts, strict=True))
    share = earned / sum(weights) * Fraction(str(most))
    assert Fraction(str(points)) <= share < Fraction(str(points)) + Fraction(1, 100)
    assert points == round(points, 2)
    assert 0 <= points <= most


@given(st.lists(HUNDREDTHS | THIRDS, min_size=1, max_size=12), st.floats(0, 100))
def test_all_is_full_and_nothing_is_zero_whatever_the_weights(weights: list[float], most: float) -> None:
    assert share_points([(weight, 1.0) for weight in weights], most) == most
    assert share_points([(weight, 0.0) for weight in weights], most) == 0


@given(st.lists(st.integers(0, 10_000), max_size=40))
def test_a_total_is_exact_in_cents(cents: list[int]) -> None:
    assert total_points(n / 100 for n in cents) == sum(cents) / 100


def test_a_total_prints_as_it_would_on_paper() -> None:
    assert str(total_points([5.65, 5.65, 5.65, 5.64])) == "22.59"
    assert str(total_points([22.590000000000003])) == "22.59"


def test_a_cell_without_points_is_passed_only_if_right() -> None:
    assert weighted("f", [Finding(True, "a")], 0.0).status == "passed"
    assert weighted("f", [Finding(False, "a")], 0.0).status == "failed"


NUMBERS = Compared(("0.5", "1", "-2.25"), ("0.5", "1.5", "-2.25"), is_cut=True)


def test_numbers_stand_aligned_below_each_other_and_places_that_differ_are_marked() -> None:
    assert compared_lines(NUMBERS) == ["Came back:  0.5  ✘ 1  -2.25  …", "Expected:   0.5  1.5  -2.25  …"]
    assert compared_lines(Compared(("1", "20"), ("3", "4"))) == ["Came back:  1  20", "Expected:   3   4"]
    assert compared_lines(Compared(("None",), ("1", "2")))[0] == "Came back:  None"


def test_the_report_is_the_same_after_it_was_cleaned_for_pages_without_our_style_sheet() -> None:
    failed = Finding(False, "b", "Tried: x.", compared=NUMBERS, thought="Why $\\frac{1}{2}$?")
    shown = verdict_html(weighted("f", [Finding(True, "a"), failed], 1.0))
    cleaned = clean_verdict(shown)
    for part in ('scope="row"', "✘ 1", "padding", "<mfrac>", "Came back", "Expected"):
        assert part in shown
        assert part in cleaned
    assert "frac{" not in re.sub("<annotation.*?</annotation>", "", shown)
    assert "annotation" not in cleaned
    assert "right" in cleaned
    assert "<script" not in clean_verdict(shown.replace("<mfrac>", "<mtext><script>x()</script></mtext><mfrac>"))


def numbers_by_row(compared: Compared) -> list[list[str]]:
    shown = verdict_html(weighted("f", [Finding(False, "a", compared=compared)], 1.0))
    rows = re.findall(r'<tr><th scope="row".*?</tr>', shown)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]


def test_many_numbers_go_on_in_more_rows_so_that_a_report_is_no_wider_than_the_page() -> None:
    came, expected = [f"-{place}.123" for place in range(9)], ["0"] * 9
    rows = numbers_by_row(Compared(tuple(came), tuple(expected), is_cut=True))
    assert [number for row in rows[::2] for number in row] == [*came, "…"]
    assert [number for row in rows[1::2] for number in row] == [*expected, "…"]
    assert [len(row) for row in rows[::2]] == [len(row) for row in rows[1::2]] == [4, 4, 2]
    assert [len(row) for row in numbers_by_row(Compared(("1", "2"), ("2", "1")))] == [2, 2]
    assert numbers_by_row(Compared(("x" * 60, "1"), ("2", "1")))[::2] == [["✘ " + "x" * 60], ["1"]]


def test_hints_are_folded_into_each_other_and_shown_in_a_notebook_alone() -> None:
    failed = weighted("f", [Finding(False, "a", "no")], 1.0)
    assert "<details>" not in verdict_html(failed)
    shown = verdict_html(replace(failed, hints=("one <b>", "two")))
    assert shown.count("<details>") == 2
    assert "Hint 1 of 2" in shown
    assert "one &lt;b&gt;" in shown
    assert shown.index("one") < shown.index("two") < shown.index("</details></details>")


def test_a_formula_is_drawn_and_told_in_words_and_money_is_money() -> None:
    assert "<mfrac>" in marked("by $\\frac{1}{1-p}$")
    assert marked("it costs $5 or $6 and `$x$`") == "it costs $5 or $6 and <code>$x$</code>"
    assert in_words("by $\\frac{1}{1-p}$, $0.8 \\cdot 3.0$") == "by 1/(1-p), 0.8 · 3.0"


VERDICTS = [
    weighted("f", [Finding(False, "b", "no", compared=NUMBERS, thought="Why?")], 1.0),
    weighted("f", [Finding(True, "a", weight=0.6), Finding(False, "b", "no", 0.4, "wrong_idea")], 3.0),
    Verdict("quiz", None, 2.0, "manual", reason="waits"),
    Verdict("f", None, 2.0, "error", reason="the judge failed"),
    Verdict("f", 0.0, 2.0, "not attempted"),
]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_comes_back_from_json_as_it_was(verdict: Verdict) -> None:
    assert Verdict.from_json(verdict.name, json.loads(json.dumps(verdict.as_json()))) == verdict


def test_a_row_stored_before_weights_were_told_is_still_read() -> None:
    old: dict[str, Any] = {"score": 0.0, "max_score": 1.0, "status": "failed", "reason": "", "misconceptions": []}
    old["findings"] = [{"passed": False, "label": "a", "message": "no"}]
    assert Verdict.from_json("f", old) == Verdict("f", 0.0, 1.0, "failed", (Finding(False, "a", "no"),))


@pytest.mark.parametrize("verdict", VERDICTS)
def test_an_open_verdict_is_told_in_words_and_a_grade_as_nbgrader_reads_it(verdict: Verdict) -> None:
    shown = repr(verdict)
    if verdict.is_open:
        assert shown == status_text(verdict.status)
        assert "– / 2" in verdict_html(verdict)
        with pytest.raises(ValueError, match="float"):
            float(shown)
        return
    cell = new_code_cell("check('f')")
    cell.metadata.nbgrader = {"grade": True, "solution": False, "points": verdict.max_score, "grade_id": "f"}
    cell.outputs = [new_output("execute_result", data={"text/plain": shown})]
    assert determine_grade(cell) == (verdict.score, verdict.max_score)


def test_points_have_the_readers_decimal_mark_and_nbgrader_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = Verdict("centre", 1.5, 2.5, "partial")
    for lang, told in (("en", "1.5 / 2.5 points"), ("es", "1,5 / 2,5 puntos")):
        monkeypatch.setenv("COURSE_LANG", lang)
        assert told in verdict._repr_html_()
        assert repr(verdict) == "1.5"


def test_a_report_in_which_nothing_is_to_be_said_has_no_column_for_it() -> None:
    right = Finding(True, "the shape", "")
    assert "What came" not in verdict_html(Verdict("e1", 1, 1, "passed", (right,)))
    assert "What came" in verdict_html(Verdict("e1", 0, 1, "failed", (right, Finding(False, "the mean", "It is 3."))))

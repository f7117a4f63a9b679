"""Authors' Markdown becomes HTML that shows maths offline and can run nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.maths import MATHML_TAGS, BadMaths, to_mathml
from course.quiz.text import code_spans, formulas, to_html, to_inline_html, to_words


def test_maths_becomes_mathml_with_its_source() -> None:
    drawn = to_inline_html(r"a factor of $\frac{1}{1-p}$")
    assert "<mfrac>" in drawn
    assert r"\frac{1}{1-p}</annotation>" in drawn
    assert to_words(r"a factor of $\frac{1}{1-p}$ and `code`") == r"a factor of \frac{1}{1-p} and code"


def test_money_is_not_maths() -> None:
    assert formulas("between $5 and $6") == []
    assert formulas("$p$ and $q^2$") == ["p", "q^2"]


def test_code_is_found_inline_and_in_blocks() -> None:
    assert code_spans("`a` and\n\n```python\nb\n```\n") == ["a", "b\n"]


@pytest.mark.parametrize("formula", [r"\text{<img src=x onerror=alert(1)>}", r"\frac{1}{", r"\unknown{"])
def test_a_formula_that_cannot_be_drawn_is_refused(formula: str) -> None:
    with pytest.raises(BadMaths):
        to_mathml(formula)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://a.b/c.png)",
        "[x](javascript:alert(1))",
    ],
)
def test_nothing_can_run_or_load(text: str) -> None:
    shown = to_html(text)
    assert not re.search(r"<(script|img|iframe|svg|object)\b", shown)
    assert "src=" not in re.sub(r"&lt;.*?&gt;", "", shown)
    assert 'href="javascript' not in shown


PIECES = st.sampled_from(
    ["<", ">", '"', "'", "$", "\\text{", "}", "`", "<img src=x onerror=a()>", "javascript:", "[a](", ")"]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=12).map("".join))
def test_whatever_is_written_only_known_tags_come_out(text: str) -> None:
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z][a-zA-Z0-9]*)", to_html(text)))
    harmless = {"p", "code", "pre", "em", "strong", "a", "ul", "ol", "li", "hr", "br", "blockquote", "td", "th", "tr"}
    harmless |= {"h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "semantics", "annotation"}
    assert {tag for tag in tags if tag not in MATHML_TAGS} <= harmless
    assert "javascript:" not in re.findall(r'href="([^"]*)', to_html(text))

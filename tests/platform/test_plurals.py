"""One learner, two learners: whatever counts has words for one and for many, in every language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.language import counted, ngettext
from course.locale import domains, messages_in, used_messages
from tests.conftest import ROOT

# a number's field (not one with decimals), then perhaps an adjective, then a word that ends like a plural
COUNTED = re.compile(r"(?:\{\w*(?::[,gd])?\}|%d) (?:(?P<before>[a-z]+) )?(?P<noun>[a-z]+s)\b")
AS_ONE = re.compile(r"(?<![\d.,/ ] )(?<![\d.,/])\b1 (?:(?P<before>[a-z]+) )?(?P<noun>[a-z]+s)\b")
NO_NOUN = re.compile(
    "as|beside|class|counts|does|gives|has|holds|is|its|knows|lacks|looks|makes|needs|of|says|stands|stays|this|waits|"
    "was|writes"
)
OUR_NOUNS = (
    "answers cases cells characters checks days entries exercises files folders hours items learners messages "
    "minutes notebooks options points questions rows seconds solutions students submissions texts values words workers"
)
PLAIN = re.compile(rf" (?:[a-z]+ )?(?:{OUR_NOUNS.replace(' ', '|')})(?=[ .,:;)]|$)")
MORE_THAN_ONE = (
    "', '.join(",
    "counts[notebook]",
    "least",
    "right",
    "timeout",
)  # where one has other words, or cannot be
# What is always more than one.
MANY = {
    "A learner's points are a range that at least {count} learners share.",
    "Figures and examples of fewer than {count} learners are left out, and so are similar submissions.",
    "Reliability (Cronbach's alpha) {alpha:.2f}, from {learners} learners and {items} items.",
    "{file} is larger than {limit} bytes.",
    "More than {most} folders lie in each other. Remove what is not needed.",
    "Reliability is not given: it takes {count} learners with points in the same items.",
}


def modules() -> list[Path]:
    """The course's own; chapters count mostly what is fixed, and never one."""
    return [
        path
        for path in sorted((ROOT / "course").rglob("*.py"))
        if not path.is_relative_to(ROOT / "course" / "chapters")
    ]


def counts_many(text: str, pattern: re.Pattern[str] = COUNTED) -> bool:
    words = [(found["before"] or "", found["noun"]) for found in pattern.finditer(text)]
    return any(not any(map(NO_NOUN.fullmatch, pair)) for pair in words)


def test_every_message_that_counts_has_words_for_one() -> None:
    told = {
        text: f"{path.relative_to(ROOT)}:{line}"
        for path in modules()
        for text, line in messages_in(path)
        if isinstance(text, str) and counts_many(text) and "Discrimination" not in text
    }
    assert set(told) == MANY, "use ngettext(one, many, count)"
    assert counts_many("{count} submissions: {listed}.")
    assert counts_many("In Canvas {column} has {theirs} points.")
    assert not counts_many("{path} is empty.")


def sentences(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Of each f-string, every field with the text that follows it."""
    for each in ast.walk(node):
        if isinstance(each, ast.JoinedStr):
            for field, after in zip(each.values, each.values[1:], strict=False):
                if isinstance(field, ast.FormattedValue) and isinstance(after, ast.Constant):
                    yield field.value, str(after.value)


def test_sentences_that_are_not_translated_have_words_for_one_as_well() -> None:
    """They say counted(), or count with a constant in capital letters, which is more than one."""
    found = [
        f"{path.relative_to(ROOT)}:{field.lineno}: {ast.unparse(field)}{after[:30]}"
        for path in modules()
        for field, after in sentences(ast.parse(path.read_text(encoding="utf-8")))
        if PLAIN.match(after)
        and not ast.unparse(field).split(" ")[0].isupper()
        and not ast.unparse(field).startswith((*MORE_THAN_ONE, "placed.where"))
    ]
    assert found == []
    assert PLAIN.match(" locked cells were")


PAIRS = [text for domain in domains() for text in used_messages(domain) if isinstance(text, tuple)]


@pytest.mark.parametrize("pair", PAIRS, ids=[pair[0][:40] for pair in PAIRS])
def test_what_is_said_of_one_is_said_in_the_singular(pair: tuple[str, str]) -> None:
    for count, text in ((1, pair[0]), (2, pair[1])):
        told = re.sub(r"\{(all|count|entries|minutes|n|number|right|seconds:g|theirs|total)\}", str(count), text)
        assert counts_many(told, AS_ONE) is False
    assert pair[0] != pair[1]
    assert counts_many("Points changed for 1 learners", AS_ONE)


def test_the_words_are_chosen_by_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    for lang, told in (("en", "cell cells cells cells"), ("es", "celda celdas celdas celdas")):
        monkeypatch.setenv("COURSE_LANG", lang)
        chosen = [ngettext("it has {count} cell", "it has {count} cells", count) for count in (1, 0, 2, 1.5)]
        assert [text.split()[-1] for text in chosen] == told.split()
    assert (counted(1, "point"), counted("1.5", "point"), counted(0, "point")) == ("1 point", "1.5 points", "0 points")

"""Pages stay short: no page of docs/ grows back, and what everybody reads fits two printed pages.

On A4, at 10 points and with margins of 18 mm, Chromium prints about 500 words a page.
"""

import pytest

from tests.conftest import ROOT

DOCS = ROOT / "docs"
TWO_PAGES = 1000  # words, commands and tables included
READ_BY_ALL = ("learner", "instructor", "grading", "administrator")
REFERENCE = {"authoring": 1650, "authoring-exercises": 1400, "authoring-lessons": 450, "cluster": 350, "sandbox": 1650}


def test_every_page_has_a_length_to_keep() -> None:
    assert {path.stem for path in DOCS.glob("*.md")} == {*READ_BY_ALL, *REFERENCE}


@pytest.mark.parametrize("name", [*READ_BY_ALL, *REFERENCE])
def test_no_page_is_longer(name: str) -> None:
    words = len((DOCS / f"{name}.md").read_text(encoding="utf-8").split())
    assert words <= REFERENCE.get(name, TWO_PAGES), f"docs/{name}.md has {words} words: cut, or move what is reference."

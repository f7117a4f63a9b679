"""Pages stay short: every page of docs/ fits two printed pages, and none grows back.

On A4, at 10 points and with margins of 18 mm, Chromium prints about 500 words a page.
"""

import pytest

from tests.conftest import ROOT

DOCS = ROOT / "docs"
TWO_PAGES = 1000  # words, commands and tables included
SHORTER = {"authoring-first-exercise": 900, "authoring-lessons": 450, "cluster": 350}


@pytest.mark.parametrize("name", sorted(path.stem for path in DOCS.glob("*.md")))
def test_no_page_is_longer(name: str) -> None:
    words = len((DOCS / f"{name}.md").read_text(encoding="utf-8").split())
    assert words <= SHORTER.get(name, TWO_PAGES), f"docs/{name}.md has {words} words: cut, or move what is reference."

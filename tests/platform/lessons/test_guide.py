"""docs/authoring-lessons.md: its example is a widget that works, and its table names the modules that there are."""

from __future__ import annotations

import re

from tests.conftest import ROOT
from tests.platform.docs.pages import blocks

GUIDE = ROOT / "docs" / "authoring-lessons.md"


def test_the_guides_widget_follows_its_slider():
    (example,) = (block.text for block in blocks(GUIDE) if block.language == "python")
    scope: dict[str, object] = {}
    exec(example, scope)
    lab = scope["leaky_relu_lab"]()
    assert "−2 becomes −0.20" in lab.view.value
    lab.controls["slope"].value = 0.5
    assert "−2 becomes −1.00" in lab.view.value


def test_the_guide_names_every_module_that_a_lesson_may_use():
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", GUIDE.read_text(), flags=re.MULTILINE))))
    modules = {path.stem for path in (ROOT / "course" / "lessons").glob("*.py")} - {"__init__", "arrays"}
    assert named == modules

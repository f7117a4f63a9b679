"""What the browser tests ask about accessibility: what axe finds, in a learner's own theme."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.platform.browser.conftest import Lab

AXE = Path(__file__).parent / "axe" / "axe.min.js"
RUN = "async (place) => (await axe.run({include: [place]}, {resultTypes: ['violations']})).violations"


def violations(page: Page, inside: str = ".course-quiz") -> list[Any]:
    """What axe finds in the elements of that selector."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate(RUN, inside)
    return [(v["id"], v["impact"], [node["html"][:200] for node in v["nodes"]]) for v in found]


@contextlib.contextmanager
def theme_chosen(lab: Lab, name: str) -> Iterator[None]:
    """A learner's own choice of theme, as JupyterLab stores it."""
    settings = (
        lab.workspace.parent / ".lab-settings" / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
    )
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"theme": name}))
    try:
        yield
    finally:
        settings.unlink()

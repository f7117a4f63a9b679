"""The browser of the engine's own browser tests, and a JupyterLab on the Dropout chapter."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import copy_course
from tests.platform.browser.conftest import Lab, context, page, start_lab, stop

__all__ = ["context", "page"]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One server for all browser tests of the chapter."""
    process, running = start_lab(copy_course(tmp_path_factory.mktemp("lab") / "course"))
    yield running
    stop(process)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)

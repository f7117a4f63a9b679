"""The browser and the JupyterLab of the engine's own browser tests."""

from pathlib import Path

import pytest

from tests.platform.browser.conftest import lab, page

__all__ = ["lab", "page"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)

"""The contents page in JupyterLab: brought up to date whenever it is opened.

lab_config/jupyter_server_config.json, which `course lab` uses, names the class here.
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from course.catalog import load_catalog
from course.notebooks.breadcrumbs import CONTENTS_PAGE
from course.notebooks.workspace import refresh_contents_page


class CourseContents(AsyncLargeFileManager):  # type: ignore[misc]
    """JupyterLab's own file manager; reading a learner's contents page refreshes it first."""

    async def get(self, path: str, content: bool = True, *arguments: Any, **options: Any) -> Any:
        if content and Path(path).name == CONTENTS_PAGE:
            folder = Path(self._get_os_path(path.strip("/"))).parent
            with contextlib.suppress(Exception):  # whatever is wrong there, the page is shown as it lies
                await asyncio.to_thread(lambda: refresh_contents_page(load_catalog(), folder))
        return await super().get(path, content, *arguments, **options)

"""Runs a coroutine from a test in this thread, whatever event loop Playwright may have left running in it."""

import asyncio
from collections.abc import Coroutine
from typing import Any


def run_async(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What it returns. Playwright's own loop is set aside meanwhile; it goes on only when Playwright is called."""
    left = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return asyncio.run(coroutine)
    finally:
        asyncio._set_running_loop(left)

"""The list of fonts that matplotlib has made on this machine, for the sandbox, which would have to make it each time.

Without it matplotlib looks through all fonts when it is imported: half a second, on a machine with many fonts far more.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

_LISTS = ("ttflist", "afmlist")
MAX_BYTES = 16 * 2**20


def copy_font_lists(target: Path) -> None:
    """Puts into the folder target the lists that there are, without fonts that the sandbox does not have."""
    target.mkdir()
    for path in sorted(_cache().glob("fontlist-v*.json")):
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):  # then matplotlib makes its own
            if path.stat().st_size <= MAX_BYTES:
                found = _of_the_system(json.loads(path.read_text(encoding="utf-8")))
                (target / path.name).write_text(json.dumps(found), encoding="utf-8")


def _cache() -> Path:
    """Where matplotlib keeps it; asking matplotlib would import it."""
    chosen = os.environ.get("MPLCONFIGDIR")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"


def _of_the_system(fonts: dict[str, Any]) -> dict[str, Any]:
    """Only matplotlib's own fonts, whose paths are relative, and the system's: nothing of a home folder is told."""
    kept = {name: [font for font in fonts[name] if _is_seen(font["fname"])] for name in _LISTS}
    return {**fonts, **kept}


def _is_seen(name: str) -> bool:
    return not os.path.isabs(name) or name.startswith("/usr/share/fonts/")

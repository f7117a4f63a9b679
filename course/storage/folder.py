"""Where the running notebook lies: the folder that holds a learner's answers, however far they have wandered.

`%cd` and os.chdir move the process, not the notebook. This must never import IPython (a script has none) and never
change the working directory.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any


def notebook_folder() -> Path:
    """The folder of the notebook that is running; the working directory where none is.

    The editor's word counts first (VS Code names the file in the namespace, Jupyter in JPY_SESSION_NAME), then where
    IPython was when it started, which is the notebook's folder wherever a kernel is started for a notebook.
    """
    shell = _shell()
    if shell is None:
        return Path.cwd()
    names = getattr(shell, "user_ns", {})
    for told in (names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")):
        if folder := _folder_of(told):
            return folder
    visited = getattr(getattr(shell, "history_manager", None), "dir_hist", None) or names.get("_dh")
    started = visited[0] if isinstance(visited, list) and visited else None
    return _folder_of(started) or Path.cwd()


def _shell() -> Any:
    """The running IPython, if there is one."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None and hasattr(module, "get_ipython") else None


def _folder_of(told: object) -> Path | None:
    """An existing file's folder, or an existing folder itself; None for anything else, a relative path included."""
    if not isinstance(told, str | Path) or not os.path.isabs(told):
        return None
    path = Path(told)
    if path.is_dir():
        return path
    return path.parent if path.is_file() else None

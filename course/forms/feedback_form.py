"""The form at a chapter's end: was everything clear, how can we improve it, did something go wrong?

What is written is appended to feedback.json beside the notebook; nothing is sent anywhere, and nothing is lost.
This module must never import the packages whose versions it notes.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

import anywidget
import traitlets

from course.catalog import Chapter, load_catalog
from course.language import _
from course.quiz.widget import STATIC, script
from course.storage.folder import notebook_folder
from course.storage.json_file import BrokenFile, NotSaved, locked, read_json, set_aside, write_json

FEEDBACK_FILE = "feedback.json"
VERSION = 1
MAX_TEXT = 5000
MAX_ENTRIES = 100
PACKAGES = ("jupyterlab", "tensorflow", "keras", "numpy", "matplotlib", "nbgrader", "ipywidgets")
Kind = Literal["opinion", "problem"]
CLEAR = ("yes", "mostly", "no")


def show_form(slug: str) -> FeedbackForm:
    """The form of a chapter; what it holds is stored in feedback.json beside the notebook."""
    return FeedbackForm(load_catalog().chapter(slug), notebook_folder())


def entries_about(entries: Iterable[dict[str, Any]], chapter: Chapter) -> list[dict[str, Any]]:
    """Those about the chapter, under whatever slug it had."""
    return [entry for entry in entries if entry.get("chapter") in (chapter.slug, *chapter.formerly)]


def read_entries(folder: Path) -> list[dict[str, Any]]:
    """The entries of folder/feedback.json, oldest first; [] if there is no file. Raises BrokenFile."""
    data = read_json(folder / FEEDBACK_FILE)
    if data is None:
        return []
    entries = data.get("entries") if isinstance(data, dict) and data.get("version") == VERSION else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BrokenFile(_("{file} is not a feedback file of this course.").format(file=FEEDBACK_FILE))
    return entries


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that matter, without importing them."""
    found = {"python": platform.python_version(), "system": platform.platform(terse=True)}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


def new_entry(slug: str, kind: Kind, texts: dict[str, str]) -> dict[str, Any]:
    """One entry as it is stored; texts are cut at MAX_TEXT characters, and half characters replaced."""
    whole = {name: text.encode("utf-8", "replace").decode("utf-8") for name, text in texts.items()}
    return {
        "kind": kind,
        "chapter": slug,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        **{name: text[:MAX_TEXT] for name, text in whole.items()},
        "versions": versions(),
    }


def append_entry(folder: Path, entry: dict[str, Any]) -> str:
    """Adds an entry to folder/feedback.json; returns a sentence to tell, or ''. Raises NotSaved."""
    path = folder / FEEDBACK_FILE
    notice = ""
    with locked(path):
        try:
            entries = read_entries(folder)
        except BrokenFile as error:
            kept = set_aside(path)
            notice = _("{reason} It is kept as {kept}, and a new file is begun.").format(reason=error, kept=kept.name)
            entries = []
        if len(entries) >= MAX_ENTRIES:
            raise NotSaved(_("Not saved: {file} is full. Thank you for so much feedback!").format(file=path.name))
        write_json(path, {"version": VERSION, "entries": [*entries, entry]})
    return notice


class FeedbackForm(anywidget.AnyWidget):
    """The form. sent: by kind, the line that says what was sent before; notice: what needs telling."""

    _esm = script("form.js")
    _css = STATIC / "quiz.css"
    page = traitlets.Dict().tag(sync=True)
    sent = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)

    def __init__(self, chapter: Chapter, folder: Path) -> None:
        super().__init__()
        self._chapter = chapter
        self._folder = folder
        self.page = {"strings": _strings(), "max": MAX_TEXT}
        self._look()
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return _("Was everything clear? (The form shows in JupyterLab.)")

    def submit(self, kind: Kind, texts: dict[str, str]) -> bool:
        """Stores what was written; False (with a notice) where it is empty or cannot be stored."""
        written = {name: text.strip() for name, text in texts.items() if text.strip()}
        if not written:
            self.notice = _("Choose or write something first.")
            return False
        try:
            self.notice = append_entry(self._folder, new_entry(self._chapter.slug, kind, written))
        except NotSaved as error:
            self.notice = str(error)
            return False
        self._look()
        return True

    def _look(self) -> None:
        """Says what was sent from here before, also after a restart."""
        try:
            entries = entries_about(read_entries(self._folder), self._chapter)
        except BrokenFile:
            entries = []
        counts = {kind: sum(entry.get("kind") == kind for entry in entries) for kind in ("opinion", "problem")}
        thanks = {
            "opinion": _("Thank you! Your answers are stored in {file}. Sent so far: {number}."),
            "problem": _("Thank you, that helps. Your report is stored in {file}. Sent so far: {number}."),
        }
        self.sent = {
            kind: thanks[kind].format(file=FEEDBACK_FILE, number=number) for kind, number in counts.items() if number
        }

    def _receive(self, _widget: object, content: Any, _buffers: object) -> None:
        """A message from the browser: {"kind": …, "clear": …, "unclear": …, "improve": …} or {"kind", "happened"}."""
        fields = {"opinion": ("clear", "unclear", "improve"), "problem": ("happened",)}
        kind = content.get("kind")
        if kind not in fields:
            return
        texts = {name: str(content.get(name) or "") for name in fields[kind]}
        if kind == "opinion" and texts["clear"] not in CLEAR:
            texts["clear"] = ""
        stored = self.submit(kind, texts)
        self.send({"kind": kind, "stored": stored})


def _strings() -> dict[str, str]:
    return {
        "title": _("Was everything clear?"),
        "yes": _("Yes, everything"),
        "mostly": _("Mostly"),
        "no": _("No, not really"),
        "unclear": _("What was not clear?"),
        "improve": _("How can we improve it?"),
        "send": _("Send"),
        "wrong": _("Something went wrong?"),
        "happened": _("What happened?"),
        "noted": _("The versions of Python and of the packages are stored with your report."),
        "report": _("Report it"),
        "waiting": _("Storing…"),
        "no_reply": _("No reply yet. If the kernel is busy, wait; if it was restarted, run this cell again."),
    }

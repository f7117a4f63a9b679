"""The form at a chapter's end: what is written is kept, with versions, and thanked for."""

import errno
import json
import sys
from pathlib import Path

import pytest

from course.forms.feedback_form import FEEDBACK_FILE, MAX_ENTRIES, append_entry, read_entries, show_form
from course.storage import json_file

SLUG = "2-1-tiny"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_opinion_is_kept_and_thanked_for(folder: Path) -> None:
    form = show_form(SLUG)
    assert form.sent == {}
    assert form.submit("opinion", {"clear": "mostly", "unclear": "", "improve": "More pictures"})
    assert form.sent["opinion"].startswith("Thank you!")
    (entry,) = read_entries(folder)
    assert (entry["kind"], entry["clear"], entry["improve"]) == ("opinion", "mostly", "More pictures")
    assert "unclear" not in entry
    assert entry["chapter"] == SLUG


def test_a_report_notes_the_versions_without_importing(folder: Path) -> None:
    show_form(SLUG).submit("problem", {"happened": "The plot stayed empty."})
    versions = read_entries(folder)[0]["versions"]
    assert versions["python"] == ".".join(map(str, sys.version_info[:3]))
    assert set(versions) >= {"jupyterlab", "tensorflow", "keras", "numpy", "matplotlib", "nbgrader", "ipywidgets"}


def test_entries_are_added_and_shown_after_a_restart(folder: Path) -> None:
    show_form(SLUG).submit("opinion", {"improve": "one"})
    again = show_form(SLUG)
    assert "Sent so far: 1" in again.sent["opinion"]
    again.submit("opinion", {"improve": "two"})
    assert [entry["improve"] for entry in read_entries(folder)] == ["one", "two"]


def test_nothing_written_is_not_stored(folder: Path) -> None:
    form = show_form(SLUG)
    assert not form.submit("opinion", {"clear": "", "improve": "  "})
    assert form.notice
    assert not (folder / FEEDBACK_FILE).exists()


def test_messages_from_the_browser_are_taken_with_care(folder: Path) -> None:
    form = show_form(SLUG)
    form._receive(form, {"kind": "opinion", "clear": "<script>", "improve": 5, "other": "x"}, [])
    form._receive(form, {"kind": "no such"}, [])
    (entry,) = read_entries(folder)
    assert entry["improve"] == "5"
    assert "clear" not in entry
    assert "other" not in entry


def test_a_broken_file_is_kept_and_a_new_one_begun(folder: Path) -> None:
    (folder / FEEDBACK_FILE).write_text("{ broken")
    form = show_form(SLUG)
    assert form.submit("problem", {"happened": "x"})
    assert "feedback.broken-" in form.notice
    assert len(read_entries(folder)) == 1
    assert len(list(folder.glob("feedback.broken-*.json"))) == 1


def test_a_full_disk_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(json_file.os, "fsync", full)
    form = show_form(SLUG)
    assert not form.submit("opinion", {"improve": "x"})
    assert "disk is full" in form.notice


def test_the_file_does_not_grow_without_end(folder: Path) -> None:
    (folder / FEEDBACK_FILE).write_text(json.dumps({"version": 1, "entries": [{}] * MAX_ENTRIES}))
    with pytest.raises(json_file.NotSaved, match="full"):
        append_entry(folder, {"kind": "opinion"})


def test_half_an_emoji_is_stored_all_the_same(folder: Path) -> None:
    assert show_form(SLUG).submit("opinion", {"improve": "cut off \ud83d"})
    assert read_entries(folder)[0]["improve"] == "cut off ?"


def test_very_long_opinions_never_make_a_file_that_cannot_be_read(folder: Path) -> None:
    form = show_form(SLUG)
    sent = 0
    while form.submit("opinion", {"unclear": "é" * 5000, "improve": "é" * 5000}):
        sent += 1
        assert sent < MAX_ENTRIES
    assert "feedback.json is full" in form.notice
    assert len(read_entries(folder)) == sent

"""What a check found is kept as codes and told in the reader's language, whichever that was when it was stored."""

import json
from pathlib import Path

import pytest

from course.catalog import Catalog
from course.notebooks.progress import outline_lines, progress_lines, remember_check
from course.verdict import Status, status_text

PASSED = {"es": "3 de 9 superados", "en": "3 of 9 passed"}
STATES: dict[str, Status] = {
    "inverted_dropout": "passed",
    "dropout_backward": "passed",
    "classic_to_inference": "passed",
    "build_classifier": "partial",
    "mc_predict": "error",
}
TOLD = {
    "en": ("classic_to_inference: passed", "build_classifier: partly right", "mc_predict: needs attention"),
    "es": ("classic_to_inference: superado", "build_classifier: correcto en parte", "mc_predict: requiere atención"),
}


def shown(catalog: Catalog, folder: Path) -> tuple[str, str]:
    return "\n".join(outline_lines(catalog, folder)), "\n".join(progress_lines(catalog, folder))


@pytest.mark.parametrize("when_stored", ["en", "es"])
@pytest.mark.parametrize("when_shown", ["en", "es"])
def test_passed_exercises_are_counted_in_any_language(
    when_stored: str, when_shown: str, reference: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_LANG", when_stored)
    remember_check(reference, STATES)
    monkeypatch.setenv("COURSE_LANG", when_shown)
    outline, lines = shown(catalog, reference.parent)
    assert PASSED[when_shown] in outline
    assert all(told in lines for told in TOLD[when_shown])


@pytest.mark.parametrize("when_stored", ["en", "es"])
@pytest.mark.parametrize("when_shown", ["en", "es"])
def test_a_file_that_still_holds_words_is_read_right(
    when_stored: str, when_shown: str, reference: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_check(reference, STATES)
    file = reference / ".checked.json"
    stored = json.loads(file.read_text(encoding="utf-8"))
    monkeypatch.setenv("COURSE_LANG", when_stored)
    stored["cells"] = {name: status_text(code) for name, code in STATES.items()}
    file.write_text(json.dumps(stored), encoding="utf-8")
    monkeypatch.setenv("COURSE_LANG", when_shown)
    outline, lines = shown(catalog, reference.parent)
    assert PASSED[when_shown] in outline
    assert all(told in lines for told in TOLD[when_shown])


def test_an_unknown_word_is_as_if_not_checked(reference: Path, catalog: Catalog) -> None:
    remember_check(reference, {**STATES, "inverted_dropout": "réussi", "train_step": 5})  # type: ignore[dict-item]
    outline, lines = shown(catalog, reference.parent)
    assert "2 of 9 passed" in outline
    assert "inverted_dropout: written, not checked yet" in lines
    assert "train_step: written, not checked yet" in lines


def test_no_language_is_stored(reference: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "es")
    remember_check(reference, STATES)
    assert json.loads((reference / ".checked.json").read_text(encoding="utf-8"))["cells"] == STATES

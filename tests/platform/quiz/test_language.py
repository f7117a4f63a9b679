"""The interface in other languages: every message is translated, and what is compiled is what is written."""

import gettext
import re
from pathlib import Path

import pytest

from course.language import LOCALE_FOLDER, _, language
from course.locale.__main__ import read_catalog, used_messages

CATALOGS = sorted(LOCALE_FOLDER.glob("*/LC_MESSAGES/course.po"))
RENEW = "run: python -m course.locale"


def test_there_is_spanish() -> None:
    assert [path.parts[-3] for path in CATALOGS] == ["es"]


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_every_message_of_the_quiz_is_translated(path: Path) -> None:
    catalog = read_catalog(path)
    of_the_quiz = ("course/quiz/", "course/verdict.py")
    wanted = [text for text, places in used_messages().items() if any(p.startswith(of_the_quiz) for p in places)]
    translated = {message.id for message in catalog if message.string}
    assert [text for text in wanted if text not in translated] == [], RENEW


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_what_is_compiled_is_what_is_written(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in read_catalog(path):
        if message.id:
            assert compiled.gettext(str(message.id)) == (message.string or message.id), RENEW


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_a_translation_has_the_fields_of_its_message(path: Path) -> None:
    for message in read_catalog(path):
        if message.id and message.string:
            fields, translated = (sorted(re.findall(r"{[^}]*}", str(t))) for t in (message.id, message.string))
            assert fields == translated, message.id


def test_the_language_is_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "es")
    assert _("Check") == "Comprobar"
    monkeypatch.setenv("COURSE_LANG", "en")
    assert _("Check") == "Check"


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"COURSE_LANG": "es"}, "es"),
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LC_ALL": "de_DE.UTF-8", "LANG": "es_ES.UTF-8"}, "de"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "POSIX"}, "en"),
    ],
)
def test_the_system_s_language_is_used_where_none_is_chosen(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], code: str
) -> None:
    for name in ("COURSE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == code


def test_an_unknown_language_falls_back_to_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "xx")
    assert _("Check") == "Check"
    assert gettext.find("course", LOCALE_FOLDER, ["xx"]) is None

"""A misconception is a sentence and a section to reread, in the reader's language; its code is shown to nobody."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from course.catalog import Catalog, load_catalog
from course.cli.learners import _thought
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate, check_in_notebook
from course.exercises.misconceptions import misconception_text
from course.exercises.registry import chapter_exercises, find_judge
from course.storage.headings import headings_in
from course.verdict import Verdict, verdict_html
from tests.platform.tiny import SLUG, TINY, WRONG, defined

CODE = "last_on_tie"
SAYS = "Of several keys with the largest score, the last is taken."
SOURCE = WRONG["first_peak"][CODE]
CODES = [
    code
    for name in chapter_exercises(load_catalog(TINY).chapter(SLUG))
    for code in find_judge(load_catalog(TINY).chapter(SLUG), name).misconceptions
]


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_sentence_in_both_languages_and_a_section_of_the_lesson(
    code: str, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = catalog.chapter(SLUG)
    english, section = misconception_text(chapter, code)
    monkeypatch.setenv("COURSE_LANG", "es")
    spanish, same_section = misconception_text(chapter, code)
    assert english.endswith(".")
    assert spanish.endswith(".")
    assert english != spanish
    assert section == same_section
    notebooks = catalog.notebooks_folder(SLUG).glob("*.ipynb")
    assert section in [heading for notebook in notebooks for heading in headings_in(notebook)]


def test_judges_declare_what_they_name(catalog: Catalog) -> None:
    for exercise, named in WRONG.items():
        assert set(named) <= set(find_judge(catalog.chapter(SLUG), exercise).misconceptions)


def test_without_a_translation_it_is_told_in_english(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "fr")
    assert misconception_text(catalog.chapter(SLUG), CODE)[0] == SAYS
    assert misconception_text(catalog.chapter(SLUG), "no_such_code") == ("", "")


def verdict() -> Verdict:
    return check_candidate("first_peak", defined(SOURCE), VISIBLE_SEED)


def test_the_report_tells_the_sentence_and_the_section_and_no_code() -> None:
    found = verdict()
    assert found.misconceptions == [CODE]
    for shown in (verdict_html(found), _thought(found), verdict_html(Verdict.from_json("f", found.as_json()))):
        assert f"This looks like: {SAYS}" in shown
        assert "Reread: Sums and peaks" in shown
        assert CODE not in shown
        assert "href" not in shown


def test_it_is_told_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "es")
    assert "De varias claves con la mayor puntuación, se toma la última." in verdict_html(verdict())


def test_in_the_notebook_the_section_is_a_link_to_the_lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course.exercises.check.notebook_namespace", lambda: defined(SOURCE))
    monkeypatch.setattr("course.exercises.check.notebook_folder", lambda: tmp_path)
    monkeypatch.setenv("COURSE_ROOT", str(TINY))
    assert "href" not in check_in_notebook("first_peak")._repr_html_()
    nbformat.write(new_notebook(cells=[new_markdown_cell("## Sums and peaks")]), tmp_path / "lesson.ipynb")
    shown = check_in_notebook("first_peak")._repr_html_()
    assert '<a href="lesson.ipynb#Sums-and-peaks">Reread: Sums and peaks</a>' in shown


def test_a_section_that_stands_in_a_deeper_notebook_is_a_link_to_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.exercises.check.notebook_namespace", lambda: defined(SOURCE))
    monkeypatch.setattr("course.exercises.check.notebook_folder", lambda: tmp_path)
    monkeypatch.setenv("COURSE_ROOT", str(TINY))
    nbformat.write(new_notebook(cells=[new_markdown_cell("## Another")]), tmp_path / "lesson.ipynb")
    nbformat.write(new_notebook(cells=[new_markdown_cell("# A\n\n## Sums and peaks")]), tmp_path / "deeper-x.ipynb")
    (tmp_path / "broken.ipynb").write_text("{")
    shown = check_in_notebook("first_peak")._repr_html_()
    assert '<a href="deeper-x.ipynb#Sums-and-peaks">' in shown


def test_a_heading_is_found_whatever_marks_it_has(tmp_path: Path) -> None:
    nbformat.write(new_notebook(cells=[new_markdown_cell("## `fit` against *evaluate*\n\ntext")]), tmp_path / "a.ipynb")
    assert headings_in(tmp_path / "a.ipynb") == ["fit against evaluate"]
    assert headings_in(tmp_path / "missing.ipynb") == []


def test_words_of_a_row_stored_before_there_were_any_are_not_missed() -> None:
    old = {"passed": False, "label": "a", "message": "no", "weight": 1.0, "misconception": CODE}
    row = {"score": 0.0, "max_score": 1.0, "status": "failed", "reason": "", "findings": [old]}
    assert CODE not in verdict_html(Verdict.from_json("f", row))

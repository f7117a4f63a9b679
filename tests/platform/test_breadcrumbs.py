"""Breadcrumbs come from contents.yml when a chapter is released, and are nobody's work."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from course.catalog import _load_catalog, load_catalog
from course.grading import fingerprint
from course.grading.fingerprint import course_fingerprint
from course.notebooks import release as released
from course.notebooks.breadcrumbs import without_breadcrumb
from course.notebooks.reading import read_notebook
from course.notebooks.release import grading_template, release
from course.notebooks.restore import restore
from course.notebooks.workspace import lay_out
from tests.platform.grading.test_release import generate
from tests.platform.tiny import SLUG

NEXT = "2-5-more"
BY_HAND = "[Course contents](../index.ipynb) › **Here**\n\n← previous · next →\n\n"


def outcomes(root: Path) -> dict[str, str]:
    placed = lay_out(load_catalog(root), root / "workspace")
    return {str(each.path.relative_to(root / "workspace")): each.outcome for each in placed}


def add_deeper(root: Path, *topics: str) -> None:
    for topic in topics:
        text = (root / "notebooks" / SLUG / "lesson.ipynb").read_text().replace('"grade_id": "quiz"', '"grade_id": "q"')
        (root / "notebooks" / SLUG / f"deeper-{topic}.ipynb").write_text(text)


def add_next_chapter(root: Path) -> None:
    contents = root / "notebooks" / "contents.yml"
    entry = f"        module: tiny\n      - {{slug: {NEXT}, title: More, module: tiny}}\n"
    contents.write_text(contents.read_text().replace("        module: tiny\n", entry))
    shutil.copytree(root / "notebooks" / SLUG, root / "notebooks" / NEXT)
    shutil.copy(root / "quizzes" / f"{SLUG}.yml", root / "quizzes" / f"{NEXT}.yml")
    _load_catalog.cache_clear()
    released._grading_template.cache_clear()
    fingerprint._fingerprint.cache_clear()


def breadcrumb(root: Path, slug: str, stem: str) -> str:
    first = release(load_catalog(root), slug).notebooks[stem].cells[0]
    assert (first.id, first.cell_type) == ("breadcrumb", "markdown")
    return str(first.source)


def test_every_notebook_leads_back_and_on_as_the_contents_say(course_copy: Path) -> None:
    add_deeper(course_copy, "masks", "an-ensemble")
    add_next_chapter(course_copy)
    contents = "[Course contents](../index.ipynb)"
    here = "Section 2. Chapter 1. Tiny"
    assert breadcrumb(course_copy, SLUG, "lesson") == (
        f"{contents} › *Inputs* › **{here}**\n\n← previous: {contents} · next: [Exercises](exercises.ipynb) →"
    )
    assert breadcrumb(course_copy, SLUG, "exercises") == (
        f"{contents} › *Inputs* › [{here}](lesson.ipynb) › **Exercises**\n\n"
        "← previous: [Lesson](lesson.ipynb) · next: [An ensemble](deeper-an-ensemble.ipynb) (optional) →"
    )
    last = breadcrumb(course_copy, SLUG, "deeper-masks")
    assert "previous: [An ensemble](deeper-an-ensemble.ipynb) (optional)" in last
    assert f"next: [Section 2. Chapter 5. More](../{NEXT}/lesson.ipynb) →" in last
    assert f"previous: [Masks](../{SLUG}/deeper-masks.ipynb) (optional)" in breadcrumb(course_copy, NEXT, "lesson")
    assert list(release(load_catalog(course_copy), SLUG).notebooks) == [
        "lesson",
        "exercises",
        "deeper-an-ensemble",
        "deeper-masks",
    ]


def test_in_a_class_which_fetches_a_chapter_alone_every_link_leads_somewhere(course_copy: Path) -> None:
    add_deeper(course_copy, "masks")
    add_next_chapter(course_copy)
    generate(course_copy)
    folder = course_copy / "class" / "release" / SLUG
    first = {
        stem: nbformat.read(folder / f"{stem}.ipynb", as_version=4).cells[0].source
        for stem in ("lesson", "exercises", "deeper-masks")
    }
    assert first["lesson"] == "*Inputs* › **Section 2. Chapter 1. Tiny**\n\nnext: [Exercises](exercises.ipynb) →"
    assert first["deeper-masks"].endswith(
        "← previous: [Exercises](exercises.ipynb) · next: Section 2. Chapter 5. More →"
    )
    links = [link for source in first.values() for link in re.findall(r"\]\(([^)]+)\)", source)]
    assert len(links) == 6
    assert all((folder / link).is_file() for link in links)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_breadcrumb_that_an_author_wrote_by_hand_gives_way(
    course_copy: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("COURSE_LANG", lang)
    path = course_copy / "notebooks" / SLUG / "lesson.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = f"{BY_HAND}# Dropout\n\nText."
    path.write_text(nbformat.writes(notebook))
    generate(course_copy)
    theirs = nbformat.read(course_copy / "class" / "release" / SLUG / "lesson.ipynb", as_version=4)
    ours = release(load_catalog(course_copy), SLUG).notebooks["lesson"]
    for cells in (theirs.cells, ours.cells):
        assert cells[1].source == "# Dropout\n\nText."
        assert ("siguiente" in cells[0].source) == (lang == "es")
    assert ours.cells[0].source.startswith({"en": "[Course contents](", "es": "[Contenido del curso]("}[lang])
    assert grading_template(load_catalog(course_copy), SLUG)["lesson"].cells[0].source == "# Dropout\n\nText."


def test_a_new_neighbour_changes_no_edited_notebook_and_puts_nothing_beside_it(course_copy: Path) -> None:
    outcomes(course_copy)
    lesson, exercises = (course_copy / "workspace" / SLUG / f"{stem}.ipynb" for stem in ("lesson", "exercises"))
    notebook = nbformat.read(exercises, as_version=4)
    notebook.cells[3].source += "\nmine"
    nbformat.write(notebook, exercises)
    before = exercises.read_bytes()
    add_next_chapter(course_copy)
    found = outcomes(course_copy)
    assert found[f"{SLUG}/exercises.ipynb"] == "kept"
    assert exercises.read_bytes() == before
    assert not list(exercises.parent.glob("*-updated*"))
    assert found[f"{SLUG}/lesson.ipynb"] == "unchanged"  # its neighbours are as before
    source = course_copy / "notebooks" / SLUG / "exercises.ipynb"
    source.write_text(source.read_text().replace("## When you are done", "## When you have finished"))
    assert outcomes(course_copy)[f"{SLUG}/exercises-updated.ipynb"] == "beside"
    assert lesson.exists()


def test_an_untouched_notebook_follows_its_new_neighbours(course_copy: Path) -> None:
    outcomes(course_copy)
    add_next_chapter(course_copy)
    assert outcomes(course_copy)[f"{SLUG}/exercises.ipynb"] == "updated"
    assert NEXT in (course_copy / "workspace" / SLUG / "exercises.ipynb").read_text()


def test_grading_does_not_see_it(course_copy: Path, tmp_path: Path) -> None:
    key = course_fingerprint(load_catalog(course_copy), SLUG)
    notebook = release(load_catalog(course_copy), SLUG).notebooks["exercises"]
    nbformat.write(notebook, tmp_path / "exercises.ipynb")
    add_next_chapter(course_copy)
    template = grading_template(load_catalog(course_copy), SLUG)["exercises"]
    restored = restore(read_notebook(tmp_path / "exercises.ipynb"), template)
    assert (restored.doubts, restored.elsewhere, restored.attempted) == ({}, {}, set())
    assert [cell.id for cell in restored.notebook.cells] == [cell.id for cell in without_breadcrumb(notebook.cells)]
    assert course_fingerprint(load_catalog(course_copy), SLUG) == key

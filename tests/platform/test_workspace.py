"""Laying out a workspace: what a learner has touched is never overwritten, whatever comes."""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.catalog import _load_catalog, load_catalog
from course.errors import CourseError
from course.lab import say_placed
from course.notebooks.workspace import _place, lay_out, refresh_contents_page
from course.quiz.record import Recorder
from tests.platform.tiny import SLUG

MOVED = "where the centre & scale lie"


def outcomes(root: Path) -> dict[str, str]:
    placed = lay_out(load_catalog(root), root / "workspace")
    return {str(p.path.relative_to(root / "workspace")): p.outcome for p in placed}


def change_source(root: Path, text: str) -> None:
    path = root / "notebooks" / SLUG / "lesson.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = text
    path.write_text(nbformat.writes(notebook))


def test_a_fresh_workspace_has_the_contents_and_the_released_notebooks(course_copy: Path) -> None:
    assert set(outcomes(course_copy).values()) == {"new"}
    index = (course_copy / "workspace" / "index.ipynb").read_text()
    assert f'<a href=\\"{SLUG}/lesson.ipynb\\">Lesson</a><span>25 minutes</span>' in index
    assert f'<a href=\\"{SLUG}/exercises.ipynb\\">Exercises</a><span>60 minutes</span>' in index
    assert "2.1 Tiny" in index
    assert "YOUR CODE HERE" in (course_copy / "workspace" / SLUG / "exercises.ipynb").read_text()


def test_what_is_announced_is_told_and_not_asked_for(course_copy: Path) -> None:
    contents = course_copy / "notebooks" / "contents.yml"
    announced = "chapters:\n      - {slug: 3-1-functional-api, title: Functional API}"
    head, _empty, tail = contents.read_text().rpartition("chapters: []")
    contents.write_text(head + announced + tail)
    assert set(outcomes(course_copy).values()) == {"new"}
    index = index_of(course_copy).read_text()
    assert "<span>Coming:</span>" in index
    assert "3.1 Functional API</span>" in index


def test_what_a_section_compares_is_a_table_whose_columns_lead_to_the_lessons(
    course_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = course_copy / "notebooks" / "contents.yml"
    texts = f"texts: {{{SLUG}: [Standardising, {MOVED!r}]}}"
    compared = f"    comparison: {{title: Side by side, aspects: [Way, What it changes], {texts}}}"
    contents.write_text(contents.read_text().replace("title: Inputs\n", f"title: Inputs\n{compared}\n"))
    (course_copy / "notebooks" / "contents.es.yml").write_text(f"{MOVED!r}: dónde está el centro & qué escala\n")
    assert set(outcomes(course_copy).values()) == {"new"}
    for lang, moved in (("en", "where the centre &amp; scale lie"), ("es", "dónde está el centro &amp; qué escala")):
        monkeypatch.setenv("COURSE_LANG", lang)
        outcomes(course_copy)
        [table] = re.findall(
            r"<table>.*</table>",
            "".join(cell.source for cell in nbformat.read(index_of(course_copy), 4).cells),
            re.DOTALL,
        )
        assert re.findall(r'<th scope="(\w+)"[^>]*>([^<]*)', table) == [
            ("col", "Way"),
            ("col", ""),
            ("row", "What it changes"),
        ]
        assert f'<a href="{SLUG}/lesson.ipynb">Standardising</a>' in table
        assert re.findall(r"<td[^>]*>([^<]*)", table) == [moved]


def test_a_second_time_changes_nothing(course_copy: Path) -> None:
    outcomes(course_copy)
    assert set(outcomes(course_copy).values()) == {"unchanged"}


def test_an_untouched_lesson_is_updated(course_copy: Path) -> None:
    outcomes(course_copy)
    change_source(course_copy, "# A better lesson")
    assert outcomes(course_copy)[f"{SLUG}/lesson.ipynb"] == "updated"
    assert "A better lesson" in (course_copy / "workspace" / SLUG / "lesson.ipynb").read_text()


def test_an_edited_lesson_is_kept_and_the_update_stands_beside_it(course_copy: Path) -> None:
    outcomes(course_copy)
    lesson = course_copy / "workspace" / SLUG / "lesson.ipynb"
    lesson.write_text(lesson.read_text() + " ")
    mine = lesson.read_bytes()
    assert outcomes(course_copy)[f"{SLUG}/lesson.ipynb"] == "kept"
    change_source(course_copy, "# A better lesson")
    placed = lay_out(load_catalog(course_copy), course_copy / "workspace")
    assert "lesson-updated.ipynb; the file that you have worked in was left as it is" in " ".join(say_placed(placed))
    assert lesson.read_bytes() == mine
    beside = lesson.with_name("lesson-updated.ipynb")
    assert "A better lesson" in beside.read_text()
    beside.write_text("mine too")
    change_source(course_copy, "# Better still")
    lay_out(load_catalog(course_copy), course_copy / "workspace")
    assert (lesson.read_bytes(), beside.read_text()) == (mine, "mine too")
    assert "Better still" in lesson.with_name("lesson-updated-2.ipynb").read_text()


def index_of(root: Path) -> Path:
    return root / "workspace" / "index.ipynb"


def answer_a_question(root: Path) -> None:
    """Leaves one counting answer in the learner's folder, as the quiz would."""
    Recorder(root / "workspace" / SLUG, SLUG).record("answers", "what-it-does", "mean-and-spread")


def test_the_contents_page_shows_progress_without_being_run(course_copy: Path) -> None:
    outcomes(course_copy)
    assert "0 of 2 questions answered" in index_of(course_copy).read_text()
    answer_a_question(course_copy)
    refresh_contents_page(load_catalog(course_copy), course_copy / "workspace")
    assert "1 of 2 questions answered" in index_of(course_copy).read_text()


def test_a_contents_page_that_was_only_looked_at_follows_the_progress(course_copy: Path) -> None:
    outcomes(course_copy)
    notebook = nbformat.read(index_of(course_copy), as_version=4)
    notebook.cells[-1].metadata["collapsed"] = True
    index_of(course_copy).write_text(nbformat.writes(notebook))
    answer_a_question(course_copy)
    outcomes(course_copy)
    assert "1 of 2 questions answered" in index_of(course_copy).read_text()
    assert not list(index_of(course_copy).parent.glob("index-updated*"))


def test_an_edited_contents_page_is_kept_and_progress_puts_no_other_beside_it(course_copy: Path) -> None:
    outcomes(course_copy)
    notebook = nbformat.read(index_of(course_copy), as_version=4)
    notebook.cells[0].source += "\nMy own note"
    index_of(course_copy).write_text(nbformat.writes(notebook))
    mine = index_of(course_copy).read_bytes()
    answer_a_question(course_copy)
    refresh_contents_page(load_catalog(course_copy), course_copy / "workspace")
    assert index_of(course_copy).read_bytes() == mine
    assert outcomes(course_copy)["index.ipynb"] == "kept"
    contents = course_copy / "notebooks" / "contents.yml"
    contents.write_text(contents.read_text().replace("Basics", "Foundations"))
    _load_catalog.cache_clear()
    assert outcomes(course_copy)["index-updated.ipynb"] == "beside"
    assert index_of(course_copy).read_bytes() == mine


@pytest.mark.parametrize("manifest", ["{broken", "[]", None])
def test_without_a_readable_manifest_edited_files_are_still_kept(course_copy: Path, manifest: str | None) -> None:
    outcomes(course_copy)
    lesson = course_copy / "workspace" / SLUG / "lesson.ipynb"
    lesson.write_text("mine")
    path = course_copy / "workspace" / ".course" / "manifest.json"
    path.write_text(manifest) if manifest else path.unlink()
    change_source(course_copy, "# A better lesson")
    assert outcomes(course_copy)[f"{SLUG}/lesson-updated.ipynb"] == "beside"
    assert lesson.read_text() == "mine"


CONTENT = st.sampled_from([b"one", b"two", b"three"])
STEP = st.tuples(st.just("edit"), CONTENT) | st.tuples(st.just("release"), CONTENT)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.lists(STEP, max_size=12))
def test_no_sequence_of_edits_and_releases_loses_an_edit(tmp_path: Path, steps: list[tuple[str, bytes]]) -> None:
    folder = tmp_path / "w"
    shutil.rmtree(folder, ignore_errors=True)
    handed_out: str | None = None
    mine: bytes | None = None
    for kind, content in steps:
        if kind == "edit":
            folder.mkdir(exist_ok=True)
            (folder / "a.ipynb").write_bytes(b"edited " + content)
            mine = b"edited " + content
        else:
            import hashlib

            _place(folder / "a.ipynb", content, handed_out)
            handed_out = hashlib.sha256(content).hexdigest()
            newest = [path for path in folder.iterdir() if path.read_bytes() == content]
            assert newest or mine
        if mine is not None:
            assert (folder / "a.ipynb").read_bytes() == mine


def test_a_workspace_that_cannot_be_written_is_told(course_copy: Path) -> None:
    (course_copy / "workspace").write_text("")
    with pytest.raises(CourseError, match="cannot be written"):
        lay_out(load_catalog(course_copy), course_copy / "workspace")


def test_a_full_disk_leaves_the_old_file_whole(course_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes(course_copy)
    lesson = course_copy / "workspace" / SLUG / "lesson.ipynb"
    before = lesson.read_bytes()
    change_source(course_copy, "# A better lesson")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device", str(lesson))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CourseError, match="No space left"):
        lay_out(load_catalog(course_copy), course_copy / "workspace")
    assert lesson.read_bytes() == before
    assert not [path for path in lesson.parent.iterdir() if path.name.startswith(".lesson")]


def test_the_manifest_names_every_released_file(course_copy: Path) -> None:
    names = set(outcomes(course_copy))
    assert names == set(json.loads((course_copy / "workspace" / ".course" / "manifest.json").read_text()))

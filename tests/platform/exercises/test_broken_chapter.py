"""A chapter that cannot be imported costs itself: check, hints and progress of others go on; the reason is told."""

import gc
import shutil
from pathlib import Path

import pytest

from course.catalog import load_catalog
from course.errors import UsageError
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from course.exercises.hints import forget_hints, next_hint
from course.exercises.registry import chapter_exercises, find_exercise
from course.grading.sandbox import template_process
from course.lab import say_placed
from course.notebooks.contents_page import contents_texts
from course.notebooks.progress import progress_lines
from course.notebooks.workspace import lay_out
from tests.platform.tiny import SLUG, defined, reference_solutions

BROKEN = "1-1-broken"
ENTRY = "chapters:\n      - {slug: 1-1-broken, title: Broken, module: broken}"


@pytest.fixture
def root(course_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course whose first chapter has no code that can be imported."""
    contents = course_copy / "notebooks" / "contents.yml"
    contents.write_text(contents.read_text().replace("chapters: []", ENTRY, 1))
    shutil.copytree(course_copy / "notebooks" / SLUG, course_copy / "notebooks" / BROKEN)
    shutil.copy(course_copy / "quizzes" / f"{SLUG}.yml", course_copy / "quizzes" / f"{BROKEN}.yml")
    monkeypatch.setenv("COURSE_ROOT", str(course_copy))
    return course_copy


@pytest.mark.usefixtures("root")
def test_exercises_of_other_chapters_are_checked_as_ever() -> None:
    solution = reference_solutions()["first_peak"]
    assert check_candidate("first_peak", defined(solution), VISIBLE_SEED).status == "passed"
    forget_hints()
    assert next_hint("first_peak").number == 1


@pytest.mark.usefixtures("root")
def test_only_the_chapter_that_is_graded_is_warmed_and_why_it_cannot_be_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    warmed: list[str] = []
    monkeypatch.setattr(template_process, "WARM", ())
    monkeypatch.setattr(template_process, "KERAS", ())
    monkeypatch.setattr(template_process, "chapter_exercises", lambda chapter: warmed.append(chapter.slug))
    template_process.warm_up()
    assert warmed == []
    template_process.warm_chapter(SLUG)
    assert warmed == [SLUG]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(template_process, "chapter_exercises", chapter_exercises)
    template_process.warm_chapter(BROKEN)
    gc.unfreeze()
    assert "The exercises of 1-1-broken cannot be loaded (ModuleNotFoundError" in capsys.readouterr().err


def test_keras_is_warmed_for_all_where_an_exercise_says_that_it_needs_it(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tiny" / "exercises").mkdir(parents=True)
    monkeypatch.setattr(template_process, "CHAPTERS", tmp_path)
    assert not template_process.says_it_needs_keras(load_catalog(root))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "exercises.py").write_text("raise ValueError\nclass A:\n    needs_keras = True\n")
    assert template_process.says_it_needs_keras(load_catalog(root))


@pytest.mark.usefixtures("root")
def test_a_name_that_is_not_found_tells_why_it_may_not_be() -> None:
    told = r"no exercise 'relu'.*standardise.*of 1-1-broken cannot be loaded \(ModuleNotFoundError: .*broken"
    with pytest.raises(UsageError, match=told):
        find_exercise("relu")


def test_workspace_and_progress_go_on_and_tell_the_reason(root: Path) -> None:
    catalog = load_catalog(root)
    lay_out(catalog, root / "workspace")
    outline = "\n".join(contents_texts(catalog, root / "workspace"))
    assert "<span>cannot be loaded</span>" in outline
    assert "0 of 3 exercises passed" in outline
    first, second = progress_lines(catalog, root / "workspace")
    assert "The exercises of 1-1-broken cannot be loaded (ModuleNotFoundError" in first
    assert "standardise: empty" in second


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{", "", "/lesson.ipynb is not a notebook"),
        ("### END SOLUTION", "", "1-1-broken cannot be released ("),
    ],
)
def test_notebooks_that_cannot_be_released_leave_the_other_chapters_in_the_workspace(
    root: Path, old: str, new: str, told: str
) -> None:
    for path in (root / "notebooks" / BROKEN).glob("*.ipynb"):
        path.write_text(path.read_text().replace(old, new, 1))
    placed = lay_out(load_catalog(root), root / "workspace")
    (line,) = say_placed(placed)
    assert told in line
    assert (root / "workspace" / SLUG / "lesson.ipynb").is_file()
    assert not (root / "workspace" / BROKEN).exists()


def test_a_quiz_that_cannot_be_read_costs_its_own_chapter_s_progress(root: Path) -> None:
    (root / "quizzes" / f"{BROKEN}.yml").write_text("title: [")
    catalog = load_catalog(root)
    assert "cannot be loaded" in "\n".join(contents_texts(catalog, root / "workspace"))
    first, second = progress_lines(catalog, root / "workspace")
    assert "1-1-broken.yml:" in first
    assert "quiz 0 of 2; standardise: empty" in second


def test_only_the_notebooks_own_chapter_is_imported(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def chapter_exercises(chapter: object) -> dict[str, object]:
        asked.append(chapter.slug)  # type: ignore[attr-defined]
        return {"first_peak": object()}

    monkeypatch.setattr("course.exercises.registry.chapter_exercises", chapter_exercises)
    monkeypatch.setattr("course.exercises.registry.notebook_folder", lambda: root / "workspace" / SLUG)
    assert find_exercise("first_peak")[0].slug == SLUG
    assert asked == [SLUG]
